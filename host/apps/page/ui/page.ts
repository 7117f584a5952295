/**
 * The page's frame: one task at a time in <main>, its heading focused, what changes told to screen
 * readers, and an end to every task when the user goes elsewhere.
 */

import type { Gesture } from "../../../sdk/card/gesture.js";
import { CardSession } from "../../../sdk/card/session.js";
import type { AccessCode } from "../../../sdk/crypto/code.js";
import { now } from "../../../sdk/links/clock.js";
import { GRACE_MS } from "../../../sdk/relay/silence.js";
import type { SourceIdentity } from "../../../sdk/relay/run/run.js";
import type { CardLink, Deck } from "./cards/deck.js";
import { button, h, newId } from "./controls/dom.js";
import type { Child } from "./controls/dom.js";
import { prose } from "./controls/prose.js";
import { faultOf, Stopped, TaskError } from "./faults.js";
import { holdButton } from "./controls/hold-button.js";
import { trustedMakers } from "./kept/settings.js";
import type { LoadedConfig } from "./kept/settings.js";
import { tapPanel } from "./controls/tap.js";
import type { TapRequest } from "./controls/tap.js";
import { go, homeButton, seconds } from "./words/common.js";

const SILENT =
  "The card does not answer. Check its power, its cable, or come nearer: it goes on by itself.";

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
  recorded: string[];
  /** Of the task that has the screen. */
  stop: AbortController;
  /** Told that another screen is shown. */
  onShow?: () => void;
}

/** A task gets one of its own: what another task does in its place ends it for good. */
export class Page {
  readonly #main: HTMLElement;
  readonly #live: HTMLElement;
  readonly #shared: Shared;

  constructor(
    readonly config: LoadedConfig,
    readonly deck: Deck,
    main: HTMLElement,
    live: HTMLElement,
    shared: Shared = { stop: new AbortController(), recorded: [] },
    readonly signal: AbortSignal = shared.stop.signal,
  ) {
    this.#main = main;
    this.#live = live;
    this.#shared = shared;
  }

  set onShow(told: () => void) {
    this.#shared.onShow = told;
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
  /** Lines of what passed while the backup that has the screen was made; forgotten with the wallet. */
  get recorded(): string[] {
    return this.#shared.recorded;
  }
  forget(): void {
    this.#shared.recorded = [];
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
      page.fail(again, error);
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
    this.#shared.onShow?.();
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
    const lead = h("p", { id, class: "lead" }, hold);
    this.#mount = () => this.show(title, lead, bar);
    this.#mount();
    this.say(`${title}. ${hold}`);
    const silent = () => {
      // A question may have the screen meanwhile.
      if (!lead.isConnected) return;
      lead.textContent = SILENT;
      this.say(SILENT);
    };
    let silence = setTimeout(silent, holdMs + GRACE_MS);
    this.#heard = () => {
      clearTimeout(silence);
      silence = setTimeout(silent, holdMs + GRACE_MS);
    };
    const start = now();
    let told = 0;
    const timer = setInterval(() => {
      // Nears the end without reaching it, however long it takes.
      const guess = 95 * (1 - Math.exp((-2 * (now() - start)) / holdMs));
      bar.value = Math.max(told, guess);
    }, 80);
    try {
      return await act((part) => {
        told = 95 * part;
        this.#heard?.();
        if (lead.textContent === SILENT) lead.textContent = hold;
      });
    } finally {
      this.#heard = this.#mount = undefined;
      clearTimeout(silence);
      clearInterval(timer);
    }
  }

  session = async (link: CardLink) => {
    const session = new CardSession(await link.connect(this.signal));
    session.onGesture = (asked) => this.gesture(asked, link);
    return session;
  };

  #mount: (() => void) | undefined;
  /** A question had the screen in the middle of a piece of work. */
  backToWork(): void {
    this.#mount?.();
  }

  /** A sign of life while a piece of work goes on. */
  #heard: (() => void) | undefined;

  /** On the screen of the work that waits for it. */
  gesture({ hold, left }: Gesture, link: CardLink): void {
    this.#heard?.();
    const text = `Release the card's button, then hold it: ${seconds(1000 * hold)} more.`;
    const lead = this.#main.querySelector(".lead");
    if (!lead || this.signal.aborted) return;
    const heading = this.#main.querySelector("h1");
    if (heading) heading.textContent = "The card waits for its button";
    lead.textContent = `${text} There are ${left} s left, and its light blinks.`;
    if (!this.#main.querySelector(".hold-button")) lead.after(holdButton(link) ?? "");
    this.say(text);
  }

  /** A failure's screen, from which the task can be tried again; none once the user went elsewhere. */
  fail(task: Task, error: unknown): void {
    if (this.signal.aborted) return;
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
        h("p", { class: "lead" }, ...prose(what)),
        h("p", {}, ...prose(next)),
      ),
      h("div", { class: "row" }, mend, homeButton()),
    );
  }
}
