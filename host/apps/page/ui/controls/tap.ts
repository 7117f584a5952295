/**
 * Asking for a card: which one, for how long, and every way by which it can come. A fault of a link
 * is told here and the user tries again or takes another card.
 */

import type { CardLink, Deck, Way } from "../cards/deck.js";
import { button, h } from "./dom.js";
import { faultOf, Stopped } from "../faults.js";
import { airName } from "../links/named-device.js";
import { scanCard } from "../links/web-nfc.js";
import { seconds } from "../words/common.js";
import { prose } from "./prose.js";
import { cardPicture, holdPicture } from "./pictures.js";
import type { Hue } from "./pictures.js";

export interface TapRequest {
  /** Empty: the screen's own heading says it. */
  readonly title: string;
  readonly text: string;
  readonly holdMs: number;
  readonly hue?: Hue;
  /** The label of the card that is asked for. */
  readonly label?: string;
  /** What happened to the last try. */
  readonly problem?: string;
  /** Cards that are not asked for: they were it for another part, or turned out to be others. */
  readonly not?: readonly CardLink[];
  /** The task can end without this card: what the button for that says. */
  readonly skip?: string;
}

/** The task that asks: it ends when the user goes elsewhere. */
export interface Asker {
  readonly deck: Deck;
  readonly signal: AbortSignal;
  ask<T>(put: (resolve: (answer: T) => void, reject: (error: Error) => void) => void): Promise<T>;
}

export interface TapPanel {
  readonly element: HTMLElement;
  /** The card that was chosen, its link open; undefined when it was skipped. */
  readonly chosen: Promise<CardLink | undefined>;
}

const NO_WAY =
  "It can't reach cards over Bluetooth or USB; no browser on an iPhone or iPad can. Open this page" +
  " in Chrome or Edge on an Android phone or a computer, or use the kincard program on a computer." +
  " What you began here goes on there: the cards know how far they are.";
export const noWay = () =>
  h(
    "div",
    { class: "box", role: "note" },
    h("p", { class: "lead" }, "Not with this browser"),
    h("p", {}, NO_WAY),
  );

export function tapPanel(asker: Asker, request: TapRequest): TapPanel {
  const { title, text, holdMs, hue = 3, label, problem, not = [], skip } = request;
  const status = h("p", { class: "fault", role: "status" }, ...prose(problem ?? ""));
  const tell = (text: string, calm = false) => {
    status.replaceChildren(...prose(text));
    status.classList.toggle("calm", calm);
  };
  const { deck, signal } = asker;
  let busy = false;
  let scanning: AbortController | undefined;
  // "Stop for now" and skipping end a connection that is still being made.
  const over = new AbortController();
  let element!: HTMLElement;
  const chosen = asker.ask<CardLink | undefined>((resolve, reject) => {
    const take = async (find: () => Promise<CardLink>) => {
      if (busy) return;
      busy = true;
      scanning?.abort();
      element.setAttribute("aria-busy", "true");
      tell("Connecting …", true);
      try {
        const link = await find();
        await link.connect(AbortSignal.any([signal, over.signal]));
        resolve(link);
      } catch (error) {
        const { what, next } = faultOf(error);
        tell(error instanceof Stopped ? "" : `${what} ${next}`);
      }
      busy = false;
      element.removeAttribute("aria-busy");
    };
    const scan = async () => {
      if (busy || scanning) return;
      const stop = (scanning = new AbortController());
      tell("Hold the card to the phone's back …", true);
      try {
        deck.near = await scanCard(AbortSignal.any([signal, stop.signal]));
        tell(`${airName(deck.near)} is here.`, true);
        fill();
        ways.querySelector("button")?.focus();
      } catch (error) {
        // Stopped: another way was taken meanwhile, and has the status line.
        const { what, next } = faultOf(error);
        if (!(error instanceof Stopped)) tell(`${what} ${next}`);
      }
      scanning = undefined;
    };
    const drawn = deck.links.some(({ printed }) => printed !== undefined);
    const links = deck.links.map((link) => linkButton(link, not.includes(link), take));
    const ways = h("div", { class: "row" });
    const fill = () =>
      ways.replaceChildren(
        ...deck.ways.map((way, at) => wayButton(way, take, at === 0 && links.length === 0)),
        ...(deck.canScan ? [button("Tap the card", () => void scan())] : []),
        ...(skip === undefined ? [] : [button(skip, () => resolve(undefined))]),
        button("Stop for now", () => reject(new Stopped())),
      );
    fill();
    element = h(
      "section",
      { class: "tap" },
      title && h("h2", { tabindex: -1 }, title),
      h(
        "div",
        { class: "ask" },
        holdPicture(hue),
        h(
          "div",
          {},
          h("p", { class: "lead" }, text),
          h("p", { class: "hint" }, `Keep it there for about ${seconds(holdMs)}.`),
        ),
        label !== undefined && h("p", { class: "label wanted" }, label),
      ),
      status,
      drawn && h("p", { class: "press" }, "Press a card to hold it here."),
      links.length > 0 && h("div", { class: "deck" }, ...links),
      ways,
      deck.canReachCards ? undefined : noWay(),
    );
  });
  const end = () => {
    scanning?.abort();
    over.abort();
  };
  void chosen.then(end, end);
  return { element, chosen };
}

type Take = (find: () => Promise<CardLink>) => Promise<void>;

function linkButton(link: CardLink, disabled: boolean, take: Take): HTMLElement {
  const note = disabled ? "not this one" : link.printed;
  return h(
    "button",
    { type: "button", class: "pick", disabled, click: () => void take(async () => link) },
    cardPicture(link.hue, "unknown"),
    h("span", { class: "name" }, disabled ? link.name : `Hold ${link.name}`),
    note !== undefined && h("span", { class: disabled ? "hint" : "label" }, note),
  );
}

function wayButton({ text, choose }: Way, take: Take, first: boolean): HTMLElement {
  return button(text, () => void take(choose), first ? "main" : "");
}
