/** What a backup looks like while it runs: the cards, a bar, what happens now, what is done. */

import type { BackupEvent, StepName } from "../../../../../sdk/relay/events.js";
import { watchSilence } from "../../../../../sdk/relay/silence.js";
import { copyRole, roleKey, SOURCE } from "../../../../../sdk/relay/visits/role.js";
import type { Role } from "../../../../../sdk/relay/visits/role.js";
import type { CardLink } from "../../cards/deck.js";
import { h, newId } from "../../controls/dom.js";
import { holdButton } from "../../controls/hold-button.js";
import type { Page } from "../../page.js";
import { roleName } from "../../words/cards.js";
import { homeButton, seconds } from "../../words/common.js";
import { describeFailure } from "../../words/failures.js";
import { prose } from "../../controls/prose.js";
import { setPicture } from "../../controls/pictures.js";
import type { Mark, Placed } from "../../controls/pictures.js";
import { tapPanel } from "../../controls/tap.js";
import type { TapRequest } from "../../controls/tap.js";
import { comparePanel, differed } from "./compare-lights.js";

/** What a card does in a step, and has done after it; the card's name stands before it. */
const STEPS: Readonly<Record<StepName, readonly [doing: string, done: string]>> = {
  read: ["shows its wallet", "showed its wallet"],
  "name-source": ["is told which main card it belongs to", "knows its main card"],
  offer: ["gets ready", "is ready"],
  "name-destinations": ["is told which cards may have its key", "knows its copies"],
  consent: ["agrees with the other board on what both blink", "and the other board blink"],
  seal: ["checks a copy and locks the key for it alone", "locked the key for a copy"],
  resend: ["gives the locked key again", "gave the locked key again"],
  accept: ["checks the main card and takes the key", "took the key"],
  check: ["takes your access code and shows its wallet", "opens the same wallet"],
  confirm: ["learns that a copy is good", "knows that a copy is good"],
};

/** "Copy 1 gets ready" */
export const stepWords = ({ role, step }: { readonly role: Role; readonly step: StepName }) =>
  `${roleName(role)} ${STEPS[step][0]}`;

const BRING_BACK =
  "If it lost its power or was taken away, bring it back: it goes on by itself. Or go to the start: " +
  "nothing is lost, and you can go on later.";

/** On-card consent alone lets a card wait. */
const PAUSE =
  "A board blinks for a backup once a minute, and not in its first ten seconds. Leave both switched on: " +
  "it goes on by itself.";

type LinkOf = (role: Role) => CardLink | undefined;

export class CeremonyScreen {
  readonly #id = newId("now");
  readonly #now = h("p", { class: "lead", id: this.#id, tabindex: -1 }, "Getting ready …");
  readonly #hold = h("p", { class: "hint" });
  readonly #bar = h("progress", { max: 100, value: 0, "aria-labelledby": this.#id });
  /** Beside what a card that is gone needs; whoever can't bring it goes on later. */
  readonly #way = h("div", { class: "row", hidden: true }, homeButton());
  readonly #log = h("ol", { class: "log" });
  readonly #count = h("p", { class: "count" });
  readonly #picture = h("div", { class: "hero small" });
  readonly #asking = h("div", {});
  readonly #past = h(
    "details",
    { open: true, hidden: true },
    h("summary", {}, "What happened so far"),
    this.#log,
  );
  readonly #done = new Set<string>();
  #active: string | undefined;
  readonly #page: Page;
  readonly #setSize: number;
  readonly #linkOf: LinkOf;

  constructor(page: Page, setSize: number, linkOf: LinkOf) {
    this.#page = page;
    this.#setSize = setSize;
    this.#linkOf = linkOf;
  }

  /** Shows it, also again after a question had the screen. */
  mount(): void {
    this.#draw();
    this.#counted();
    const past = [this.#hold, this.#way, this.#asking, this.#past];
    const progress = h("div", { class: "progress" }, this.#picture, this.#count, this.#bar);
    this.#page.show("Backing up", progress, this.#now, ...past);
  }

  readonly ask = async (role: Role, request: TapRequest): Promise<CardLink | undefined> => {
    const panel = tapPanel(this.#page, request);
    this.#hint();
    this.#active = roleKey(role);
    this.#draw();
    this.#counted();
    this.#tell(`Waiting for a card: ${roleName(role).toLowerCase()}`);
    // The panel's heading says the same to the eye.
    this.#now.classList.add("unseen");
    this.#asking.replaceChildren(panel.element);
    const heading = panel.element.querySelector("h2");
    heading?.focus({ preventScroll: true });
    panel.element.scrollIntoView({ block: "nearest" });
    try {
      return await panel.chosen;
    } finally {
      const focused = this.#asking.contains(document.activeElement);
      this.#asking.replaceChildren();
      this.#now.classList.remove("unseen");
      // The button that had it is gone.
      if (focused) this.#now.focus({ preventScroll: true });
    }
  };

  readonly #silence = watchSilence((role) => {
    this.#tell(`${roleName(role)} does not answer.`);
    this.#bringBack();
  });

  #bringBack(): void {
    this.#hint(BRING_BACK);
    this.#way.hidden = false;
  }
  #hint(text = ""): void {
    this.#hold.textContent = text;
    this.#way.hidden = true;
  }

  /** Aborted when the user saw two boards blink differently. */
  get differed(): AbortSignal {
    return this.#differed.signal;
  }
  readonly #differed = new AbortController();
  #compare(source?: CardLink, copy?: CardLink): void {
    if (this.#asking.querySelector(".compare-lights")) return;
    const differ = () => this.#differed.abort(differed());
    this.#asking.replaceChildren(comparePanel(source, copy, differ));
  }

  /** Nothing is at work any more, however it ended. */
  end(): void {
    this.#silence.end();
  }

  readonly onEvent = (event: BackupEvent): void => {
    this.#silence.onEvent(event);
    if (event.type === "stretch") {
      // What was said of a silent card does not outlive its silence.
      this.#hint();
      this.#tell(`Preparing your access code: ${Math.round(100 * event.progress)} %`, false);
    } else if (event.type === "lost") {
      const { role, problem } = event;
      this.#entry(`! ${roleName(role)}: ${describeFailure(problem, { role }).what}`);
      // Another card was there: the question for the right one says so.
      if (!problem.code.startsWith("link/")) return;
      this.#tell(`${roleName(role)} is not there. Connecting again …`);
      this.#bringBack();
    } else if (event.type === "greet") {
      this.#active = roleKey(event.role);
      this.#counted();
    } else if (event.type === "wait") {
      this.#tell(
        `${roleName(event.role)} needs a pause of ${seconds(1000 * event.seconds)}. Waiting …`,
      );
      this.#hint(PAUSE);
    } else if (event.type === "gesture" && event.consent) {
      this.#tell("Do the two boards blink the same?");
      this.#hint(`Hold the button for ${event.hold} s. There are ${event.left} s left to compare.`);
      this.#compare(this.#linkOf(event.role), this.#linkOf(event.consent));
    } else if (event.type === "gesture") {
      this.#tell(`${roleName(event.role)}: release its button, then hold it`);
      this.#hint(`${event.hold} s more. There are ${event.left} s left.`);
      const link = this.#linkOf(event.role);
      const pressed = link && !this.#asking.hasChildNodes() && holdButton(link);
      if (pressed) this.#asking.append(pressed);
    } else if (event.type === "step") {
      this.#active = roleKey(event.role);
      this.#counted(event);
      this.#tell(stepWords(event));
      this.#hint(`About ${seconds(event.holdMs)}: keep it there.`);
    } else if (event.type === "done") {
      this.#counted(event);
      this.#hint();
      this.#asking.replaceChildren();
      this.#entry(`✓ ${roleName(event.role)} ${STEPS[event.step][1]}`);
      if (event.step === "check") this.#done.add(roleKey(event.role));
    }
    this.#draw();
  };

  /** Which card it is of how many, and how much of the whole is done: what the bar shows. */
  #counted(reached?: { readonly done: number; readonly total: number }): void {
    if (reached) this.#reached = reached;
    const { done, total } = this.#reached;
    this.#bar.value = total ? (100 * done) / total : 0;
    const card = this.#roles().findIndex((role) => roleKey(role) === this.#active) + 1;
    const which = card ? `Card ${card} of ${this.#setSize}` : `${this.#setSize} cards`;
    this.#count.textContent = total ? `${which} · ${done} of ${total} steps done` : which;
  }
  #reached = { done: 0, total: 0 };

  #roles(): Role[] {
    return [SOURCE, ...Array.from({ length: this.#setSize - 1 }, (_, index) => copyRole(index))];
  }
  #tell(text: string, aloud = true): void {
    this.#now.textContent = text;
    if (aloud) this.#page.say(text);
  }
  #entry(text: string): void {
    this.#log.append(h("li", {}, ...prose(text)));
    this.#past.hidden = false;
  }
  #draw(): void {
    this.#picture.replaceChildren(setPicture(this.#setSize, this.placed()));
  }
  /** The cards as far as they are known and done. */
  placed(): Placed[] {
    return this.#roles().map((role): Placed => {
      const key = roleKey(role);
      const taken: Mark = this.#done.has(key) ? "done" : "empty";
      return {
        hue: this.#linkOf(role)?.hue ?? 3,
        mark: role.kind === "source" ? "key" : taken,
        active: this.#active === key,
      };
    });
  }
}
