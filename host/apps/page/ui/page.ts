/**
 * The page's frame: one task at a time in <main>, its heading focused, what changes told to screen
 * readers, and an end to every task when the user goes elsewhere.
 */

import type { Gesture } from "../../../sdk/card/gesture.js";
import { CardSession } from "../../../sdk/card/session.js";
import type { AccessCode } from "../../../sdk/crypto/code.js";
import type { SourceIdentity } from "../../../sdk/relay/run.js";
import type { CardLink, Deck } from "./deck.js";
import { button, h, newId } from "./dom.js";
import type { Child } from "./dom.js";
import { faultOf, Stopped, TaskError } from "./faults.js";
import { trustedMakers } from "./settings.js";
import type { PageConfig } from "../config.js";
import { tapPanel } from "./tap.js";
import type { TapRequest } from "./tap.js";
import { go, homeButton, seconds } from "./words/common.js";

export type Task = (page: Page) => Promise<void>;

/** A wallet that was just made here: saves its backup a tap and typing the code again. */
export interface FreshWallet {
  readonly source: SourceIdentity;
  /** Kmaker of its card. */
  readonly maker: Uint8Array;
  readonly code: AccessCode;
  readonly link: CardLink;
}

/** What the tasks of one page share. */
interface Shared {
  /** In memory only; `forget` wipes it. */
  wallet?: FreshWallet;
  /** Of the task that has the screen. */
  stop: AbortController;
}

/** A task gets one of its own: what another task does in its place ends it for good. */
export class Page {
  readonly #main: HTMLElement;
  readonly #live: HTMLElement;
  readonly #shared: Shared;

  constructor(
    readonly config: PageConfig,
    readonly deck: Deck,
    main: HTMLElement,
    live: HTMLElement,
    shared: Shared = { stop: new AbortController() },
    readonly signal: AbortSignal = shared.stop.signal,
  ) {
    this.#main = main;
    this.#live = live;
    this.#shared = shared;
  }

  get fresh(): FreshWallet | undefined {
    return this.#shared.wallet;
  }
  keep(wallet: FreshWallet): void {
    if (this.signal.aborted) wallet.code.wipe();
    this.check();
    this.forget();
    this.#shared.wallet = wallet;
  }
  forget(): void {
    this.#shared.wallet?.code.wipe();
    this.#shared.wallet = undefined;
  }

  /** Kmaker of each maker whose cards are genuine, or a sentence that says where to enter it. */
  makers(): readonly Uint8Array[] {
    const makers = trustedMakers(this.config);
    if (makers.length) return makers;
    throw new TaskError(
      "The page does not know yet whose cards are genuine.",
      "Enter your maker's key under Settings, once.",
      ["Open the settings", "#/settings"],
    );
  }

  /** Runs a task to its end, or until another one takes its place. */
  async run(task: Task, again: Task = task): Promise<void> {
    const { config, deck } = this;
    const shared = this.#shared;
    shared.stop.abort(new Stopped());
    const { signal } = (shared.stop = new AbortController());
    const page = new Page(config, deck, this.#main, this.#live, shared, signal);
    try {
      await task(page);
    } catch (error) {
      if (!signal.aborted) page.#fail(again, error);
    }
  }

  /** Throws Stopped once the user went elsewhere. */
  check(): void {
    this.signal.throwIfAborted();
  }

  /** Waits for the user; going elsewhere rejects with Stopped. */
  ask<T>(put: (resolve: (answer: T) => void, reject: (error: Error) => void) => void): Promise<T> {
    const { signal } = this;
    this.check();
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Stopped()), { once: true });
      put(resolve, reject);
    });
  }

  show(title: string, ...children: readonly Child[]): void {
    this.check();
    const heading = h("h1", { tabindex: -1 }, title);
    this.#main.replaceChildren(
      heading,
      ...children.filter((child) => child !== undefined && child !== false),
    );
    document.title = title === "Kincard" ? title : `${title} · Kincard`;
    heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  /** For screen readers, without moving the focus. */
  say(text: string): void {
    if (!this.signal.aborted) this.#live.textContent = text;
  }

  /** Asks for a card on a screen of its own. */
  async tap(title: string, request: Omit<TapRequest, "title">): Promise<CardLink> {
    const panel = tapPanel(this, { ...request, title: "" });
    this.show(title, panel.element);
    const link = await panel.chosen;
    if (!link) throw new Stopped();
    return link;
  }

  /** One piece of work: what it is, about how long to hold, a bar that moves. */
  async work<T>(
    title: string,
    holdMs: number,
    act: (progress: (part: number) => void) => Promise<T>,
  ): Promise<T> {
    const id = newId("bar");
    const bar = h("progress", { max: 100, value: 0, "aria-labelledby": id });
    const hold = `Keep the card there for about ${seconds(holdMs)}.`;
    this.show(title, h("p", { id, class: "lead" }, hold), bar);
    this.say(`${title}. ${hold}`);
    const start = Date.now();
    let told = 0;
    const timer = setInterval(() => {
      // Nears the end without reaching it, however long it takes.
      const guess = 95 * (1 - Math.exp((-2 * (Date.now() - start)) / holdMs));
      bar.value = Math.max(told, guess);
    }, 80);
    try {
      return await act((part) => (told = 95 * part));
    } finally {
      clearInterval(timer);
    }
  }

  session = async (link: CardLink) => {
    const session = new CardSession(await link.connect(this.signal));
    session.onGesture = (asked) => this.gesture(asked);
    return session;
  };

  /** On the screen of the work that waits for it. */
  gesture({ hold, left }: Gesture): void {
    const text = `Release the card's button, then hold it: ${seconds(1000 * hold)} more.`;
    const lead = this.#main.querySelector(".lead");
    if (!lead || this.signal.aborted) return;
    lead.textContent = `${text} There are ${left} s left.`;
    this.say(text);
  }

  #fail(task: Task, error: unknown): void {
    const { cause } = error as Error;
    if (error instanceof Stopped || cause instanceof Stopped) return go("#/");
    const { what, next, way } = faultOf(error);
    const mend = way
      ? button(way[0], () => go(way[1]), "main")
      : button("Try again", () => void this.run(task), "main");
    this.show(
      "That did not work",
      h(
        "div",
        { class: "box bad", role: "alert" },
        h("p", { class: "lead" }, what),
        h("p", {}, next),
      ),
      h("div", { class: "row" }, mend, homeButton()),
    );
  }
}
