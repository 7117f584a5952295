/** The first screen: what can be done, and a backup that waits to be finished. */

import { button, h } from "../dom.js";
import { go } from "../words/common.js";
import type { Page } from "../page.js";
import { setPicture } from "../pictures.js";
import { forgetRun, savedRun } from "../run-store.js";
import { trustedMakers } from "../settings.js";
import { airName } from "../links/named-device.js";
import { noWay } from "../tap.js";

const TASKS = [
  ["wallet", "Make a wallet", "An empty card makes a new key. It never leaves your cards."],
  ["backup", "Back up a wallet", "Copy the key, locked, to one or two more cards."],
  ["check", "Check a card", "Is it genuine? What does it hold, and which cards have copies?"],
  ["sign", "Sign a message", "Prove that the wallet is yours."],
  ["verify", "Verify a message", "See whether somebody else really signed it. No card needed."],
  ["reset", "Factory reset", "Erase one card, for good."],
] as const;

export async function homeTask(page: Page): Promise<void> {
  const [, ...rest] = TASKS;
  const tile = ([name, title, text]: (typeof TASKS)[number]) =>
    h(
      "li",
      {},
      h("a", { href: `#/${name}`, class: "tile" }, h("strong", {}, title), h("span", {}, text)),
    );
  page.show(
    "Kincard",
    h(
      "div",
      { class: "hero" },
      setPicture(3),
      h(
        "p",
        { class: "lead" },
        "Two or three cards that open the same wallet. Lose one, and the others still do. ",
        "There are no words to write down.",
      ),
    ),
    tapped(page),
    unfinished(page),
    page.deck.canReachCards ? undefined : noWay(),
    trustedMakers(page.config).length ? undefined : unknownMaker(),
    h("ul", { class: "tiles" }, tile(TASKS[0]), ...rest.map(tile)),
  );
}

function unfinished(page: Page): HTMLElement | undefined {
  const run = savedRun();
  if (!run) return undefined;
  const forget = () => {
    forgetRun();
    void page.run(homeTask);
  };
  return h(
    "section",
    { class: "box", "aria-label": "Unfinished backup" },
    h("p", { class: "lead" }, "A backup is not finished yet."),
    h("p", {}, "Nothing is lost. Take the same cards and your access code, and go on."),
    h(
      "div",
      { class: "row" },
      button("Go on with it", () => go("#/backup"), "main"),
      button("Forget it", forget),
    ),
  );
}

/** The card that opened this page by a tap. */
function tapped({ deck }: Page): HTMLElement | undefined {
  const { near } = deck;
  if (near === undefined || deck.ways.length === 0) return undefined;
  return h(
    "section",
    { class: "box", "aria-label": "Card here" },
    h("p", { class: "lead" }, `${airName(near)} is here.`),
    h("p", {}, "Choose what to do. The page offers this card first."),
  );
}

function unknownMaker(): HTMLElement {
  return h(
    "div",
    { class: "box" },
    h("p", { class: "lead" }, "Whose cards are genuine?"),
    h("p", {}, "Enter the public key of your cards' maker once, under Settings."),
    h("a", { href: "#/settings", class: "more" }, "Open the settings"),
  );
}
