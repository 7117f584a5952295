/** Whose cards are genuine: the maker's public key, and what the page keeps. */

import { makerId } from "../../../../../sdk/card/identity.js";
import { toHex } from "../../../../../sdk/crypto/bytes.js";
import { button, field, form, h } from "../../controls/dom.js";
import { faultOf } from "../../faults.js";
import { pageBook } from "../../kept/book-store.js";
import { costForm, knownCards } from "./known-cards.js";
import { homeButton } from "../../words/common.js";
import type { Page } from "../../page.js";
import { readMaker, savedMaker, saveMaker, trustedMakers } from "../../kept/settings.js";

export async function settingsTask(page: Page): Promise<void> {
  const ids = trustedMakers(page.config).map((maker) => toHex(makerId(maker)));
  const whose = ids.length > 1 ? `the makers ${ids.join(" and ")}` : `the maker ${ids[0]}`;
  const key = field(
    "Public key of the maker",
    { class: "label", spellcheck: "false", autocapitalize: "none", value: savedMaker() ?? "" },
    "66 characters, 0 to 9 and a to f. Whoever made your cards publishes it.",
  );
  const again = () => page.run(settingsTask);
  const save = () => {
    key.fault();
    try {
      readMaker(key.input.value);
    } catch (error) {
      return key.fault(faultOf(error).what);
    }
    saveMaker(key.input.value);
    void again();
  };
  const byHost = savedMaker() === undefined;
  const use = () => {
    saveMaker(undefined);
    void again();
  };
  page.show(
    "Settings",
    h(
      "p",
      { class: "lead" },
      ids.length ? `Genuine cards are those of ${whose}` : "No maker is known yet.",
      ids.length > 0 && (byHost ? ", which came with this page." : ", which you chose."),
    ),
    form("Save", save, key.element),
    h(
      "div",
      { class: "row" },
      !byHost && button("Use the maker that came with this page", use),
      homeButton(),
    ),
    ...knownCards(await pageBook.load().catch(() => undefined), again),
    costForm(again),
    h("h2", {}, "What this page keeps"),
    h(
      "p",
      {},
      "The maker's public key if you enter one, which cards are yours and what you call them, and, while ",
      "a backup is unfinished, the labels of its cards and what they told each other, locked. Never your ",
      "access code, never a wallet's key. There is no server of ours; after the first visit the page ",
      "works offline.",
    ),
    h("h2", {}, "For developers"),
    h("a", { href: "#/flash", class: "more" }, "Make a board into a card"),
  );
}
