/** A button that copies a text, and says that it did. */

import type { Page } from "../page.js";
import { button } from "./dom.js";

export function copyButton(page: Page, name: string, text: string, kind = ""): HTMLButtonElement {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      made.textContent = "The browser does not let pages copy";
      return;
    }
    made.textContent = "Copied";
    page.say("Copied");
  };
  const made = button(name, () => void copy(), kind);
  return made;
}
