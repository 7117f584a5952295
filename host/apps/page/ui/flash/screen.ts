/**
 * What flashing looks like: what happens now, a bar that tells how much of it is done, the steps.
 */

import { h, newId } from "../controls/dom.js";
import type { FlashStep } from "../../../flasher/flash-board.js";
import type { Page } from "../page.js";
import { FLASH_STEPS } from "../words/flash.js";

export class FlashScreen {
  readonly #id = newId("now");
  readonly #now = h("p", { class: "lead", id: this.#id }, "Getting ready …");
  readonly #bar = h("progress", { max: 100, "aria-labelledby": this.#id });
  readonly #log = h("ol", { class: "log" });
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.mount();
  }

  /** Shows it, also again after a question had the screen. */
  mount(): void {
    this.#page.show(
      "Flashing",
      this.#now,
      this.#bar,
      h("p", { class: "hint" }, "Keep the board powered and near, and this page open."),
      this.#log,
    );
  }

  readonly say = (text: string): void => this.#entry(text);

  /** The bar has no end until the work tells of one. */
  readonly step = async <T>(
    step: FlashStep,
    work: (progress: (done: number) => void) => Promise<T>,
  ): Promise<T> => {
    const text = FLASH_STEPS[step];
    this.#now.textContent = `${text} …`;
    this.#page.say(text);
    this.#bar.removeAttribute("value");
    const result = await work((done) => {
      this.#bar.value = 100 * done;
      this.#now.textContent = `${text}: ${Math.floor(100 * done)} %`;
    });
    this.#entry(`✓ ${text}`);
    return result;
  };

  #entry(text: string): void {
    this.#log.append(h("li", {}, text));
  }
}
