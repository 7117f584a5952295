/**
 * In place of the page's settings (host/tools/build/page/demo.ts): what kincard.json says elsewhere
 * is known here, since the cards are in the page itself.
 */

import { toHex } from "../../../sdk/crypto/bytes.js";
import { DEMO_MAKER } from "../../../sdk/maker/demo.js";
import type { PageConfig } from "../config.js";
import { cards, demoCards, startOver } from "./cards.js";

export * from "../ui/kept/settings.js";

export async function loadConfig(): Promise<PageConfig> {
  const again = document.getElementById("again") as HTMLElement;
  again.addEventListener("click", startOver);
  const made = await demoCards();
  const boards = made.map((card, index) => {
    const { name, label } = card;
    const url = `board/${index + 1}`;
    cards.set(url, card);
    return { name, label, url };
  });
  return { maker: toHex(DEMO_MAKER), demo: true, boards };
}
