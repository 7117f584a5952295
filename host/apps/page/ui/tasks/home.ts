/** The first screen: what can be done, and a backup that waits to be finished. */

import { formatLabel } from "../../../../sdk/card/label.js";
import type { Run, RunCopy } from "../../../../sdk/relay/run/run.js";
import { button, h } from "../controls/dom.js";
import type { Child } from "../controls/dom.js";
import { go, homeButton } from "../words/common.js";
import { CONFIG_FILE } from "../../config.js";
import type { Page } from "../page.js";
import { setPicture } from "../controls/pictures.js";
import { forgetRun, savedRun } from "../kept/run-store.js";
import { trustedMakers } from "../kept/settings.js";
import { airName } from "../links/named-device.js";
import { noWay } from "../controls/tap.js";
import { facts } from "./check.js";

type Way = readonly [name: string, title: string, text: string];

/** In the order in which they are needed. */
const FIRST: readonly Way[] = [
  ["wallet", "Make a wallet", "An empty card makes a new key. It never leaves your cards."],
  ["backup", "Back up a wallet", "Copy the key, locked, to one or two more cards."],
];
const THEN: readonly Way[] = [
  ["receive", "Receive", "An address of your wallet, with its QR code."],
  ["check", "Check a card", "Is it genuine? What does it hold, and which cards have copies?"],
  ["psbt", "Sign a transaction", "One that your wallet program prepared (a PSBT)."],
  ["sign", "Sign a message", "Prove that the wallet is yours."],
  ["verify", "Verify a message", "See whether somebody else really signed it. No card needed."],
];

export async function homeTask(page: Page): Promise<void> {
  page.show(
    "Kincard",
    brokenConfig(page),
    // What waits comes first.
    unfinished(page),
    h(
      "div",
      { class: "hero" },
      setPicture(3),
      h(
        "div",
        {},
        h(
          "p",
          { class: "lead" },
          "Two or three cards that open the same wallet. Lose one, and the others still do. ",
          "There are no words to write down.",
        ),
        whatIsACard(),
      ),
    ),
    tapped(page),
    page.deck.canReachCards ? undefined : noWay(),
    trustedMakers(page.config).length ? undefined : unknownMaker(),
    h("ul", { class: "tiles first" }, ...FIRST.map(tile)),
    h("h2", {}, "With your wallet"),
    h("ul", { class: "tiles" }, ...THEN.map(tile)),
    h(
      "p",
      { class: "apart" },
      h("a", { href: "#/reset", class: "more" }, "Factory reset"),
      h("span", { class: "hint" }, "Erases one card, for good."),
    ),
  );
}

/** An address that leads nowhere: an old bookmark, a typing mistake. */
export async function unknownTask(page: Page): Promise<void> {
  page.show(
    "There is no such screen",
    h("p", { class: "lead" }, "The address in the browser's bar names nothing on this page."),
    h("div", { class: "row" }, homeButton()),
  );
}

const tile = ([name, title, text]: Way) =>
  h(
    "li",
    {},
    h("a", { href: `#/${name}`, class: "tile" }, h("strong", {}, title), h("span", {}, text)),
  );

const whatIsACard = () =>
  h(
    "details",
    {},
    h("summary", {}, "What is a card?"),
    h(
      "p",
      {},
      "A small board with a chip, which makes your wallet's key and never shows it: it signs when it is ",
      "given your access code. A label is printed on it, by which you know it. This page only carries ",
      "what cards tell each other, locked.",
    ),
  );

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
    facts(standing(run)),
    h("p", {}, "Nothing is lost. Take the same cards and your access code, and go on."),
    h(
      "div",
      { class: "row" },
      button("Go on with it", () => go("#/backup"), "main"),
      button("Forget it", forget),
    ),
  );
}

/** How far each card is, as the page knows. */
function standing({ source, copies, setSize }: Run) {
  const labelled = (id: Uint8Array | undefined, text: string): Child =>
    h("span", {}, id && h("span", { class: "label one" }, formatLabel(id)), ` ${text}`);
  const rows = Array.from({ length: setSize - 1 }, (_, at) => {
    const copy = copies[at];
    return [`Copy ${at + 1}`, labelled(copy?.id, howFar(copy))] as const;
  });
  return [["Main card", labelled(source?.id, source ? "" : "not met yet")] as const, ...rows];
}

function howFar(copy: RunCopy | undefined): string {
  if (!copy) return "not met yet";
  if (copy.receipt || copy.holdsKey) return "has the key; the main card has yet to hear of it";
  if (copy.transfer) return "its key is locked for it, and waits";
  return "ready to take the key";
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

function brokenConfig({ config: { fault } }: Page): HTMLElement | undefined {
  if (fault === undefined) return undefined;
  return h(
    "div",
    { class: "box", role: "alert" },
    h("p", { class: "lead" }, "Something is wrong with this page."),
    h("p", {}, `Its file ${CONFIG_FILE} ${fault}, so no virtual cards are shown.`),
    h("p", {}, "Whoever hosts the page can mend it. Cards that you connect are not concerned."),
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
