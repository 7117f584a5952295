/**
 * `present` of a backup (host/sdk/relay/events.ts) for the page: a card that is connected already
 * is handed over without asking, a lost link is opened again, and for everything else the user is
 * asked for the card.
 */

import { formatLabel } from "../../../../../sdk/card/label.js";
import { CardSession } from "../../../../../sdk/card/session.js";
import type { Status } from "../../../../../sdk/card/commands/index.js";
import type { Transport } from "../../../../../sdk/links/link.js";
import { HOLD_MS } from "../../../../../sdk/relay/events.js";
import type { Present, PresentRequest } from "../../../../../sdk/relay/events.js";
import { roleKey } from "../../../../../sdk/relay/visits/role.js";
import type { Role } from "../../../../../sdk/relay/visits/role.js";
import type { CardLink } from "../../cards/deck.js";
import { faultOf } from "../../faults.js";
import type { Page } from "../../page.js";
import { savedRun } from "../../kept/run-store.js";
import type { TapRequest } from "../../controls/tap.js";
import { roleName, STATES } from "../../words/cards.js";
import { describeFailure } from "../../words/failures.js";

/** How often a link that was lost is opened again before the user is asked. */
const AGAIN_MOST = 3;

/** Shows a tap panel and waits for the card. */
type Ask = (role: Role, request: TapRequest) => Promise<CardLink | undefined>;

interface Shown {
  readonly key: string;
  readonly link: CardLink;
  readonly transport: Transport;
}

export class Presenter {
  /** Which card is which, as far as it is known. */
  readonly #bound = new Map<string, CardLink>();
  #last: Shown | undefined;

  /** What the user called a card before it was met. */
  labels: (role: Role) => string | undefined = () => undefined;
  /** How the user is asked for a card. */
  ask: Ask = async () => undefined;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  bind(role: Role, link: CardLink): void {
    this.#bound.set(roleKey(role), link);
  }
  /** Where the card is that was handed over last. */
  get current(): CardLink | undefined {
    return this.#last?.link;
  }
  linkOf(role: Role): CardLink | undefined {
    const key = roleKey(role);
    return this.#bound.get(key) ?? (this.#last?.key === key ? this.#last.link : undefined);
  }

  readonly present: Present = async (request) => {
    const key = roleKey(request.role);
    const wrong = await this.#learn(key, request);
    const known = this.#bound.get(key);
    if (known && request.attempt <= AGAIN_MOST) {
      const transport = await known.connect(this.#page.signal).catch(() => undefined);
      this.#page.check();
      // Beside the card that was handed over last, and not in its place.
      if (transport && request.together) return transport;
      if (transport) return this.#hand(key, known, transport);
    }
    return this.#askUntilItFits(key, request, wrong);
  };

  /** What the last visit told of its link; the cards that turned out to be others. */
  async #learn(key: string, { attempt, wrong }: PresentRequest): Promise<CardLink[]> {
    const last = this.#last;
    const isWrong = (link: CardLink) => wrong.some((transport) => link.holds(transport));
    if (last && attempt === 1) this.#bound.set(last.key, last.link);
    else if (last?.key === key) {
      if (isWrong(last.link)) {
        this.#bound.delete(key);
        this.#last = undefined;
      } else {
        await last.link.drop();
        this.#bound.set(key, last.link);
      }
    }
    return this.#page.deck.links.filter(isWrong);
  }

  #hand(key: string, link: CardLink, transport: Transport): Transport {
    this.#last = { key, link, transport };
    return transport;
  }

  /** What the user reads when this card is asked for. */
  requestFor(role: Role): Omit<TapRequest, "title"> {
    const { hue } = this.linkOf(role) ?? {};
    return { text: purpose(role), holdMs: holdMs(role), hue, label: this.labels(role) };
  }

  async #askUntilItFits(key: string, request: PresentRequest, wrong: CardLink[]) {
    const { role, optional } = request;
    const others = [...this.#bound].flatMap(([other, link]) => (other === key ? [] : [link]));
    let problem = request.problem && describeFailure(request.problem, { role }).what;
    for (;;) {
      const link = await this.ask(role, {
        ...this.requestFor(role),
        title: `${roleName(role)}, please`,
        ...(request.id ? { label: formatLabel(request.id) } : {}),
        problem,
        not: [...others, ...wrong],
        skip: optional ? "Leave that for later" : undefined,
      });
      if (!link) return undefined;
      try {
        const transport = await link.connect(this.#page.signal);
        problem = unsuited(role, await new CardSession(transport).greet());
        if (!problem) return this.#hand(key, link, transport);
      } catch (error) {
        this.#page.check();
        await link.drop();
        problem = faultOf(error).what;
      }
    }
  }
}

const COPY_AS_MAIN =
  "This is a copy. It opens your wallet, but only the main card can give the key on: hold that one. If " +
  "you have lost it, your copies go on working; to have more, make a new wallet on empty cards and move " +
  "your money to it.";

/** Early and clear, before anything is said to the card. */
function unsuited(role: Role, { state }: Status): string | undefined {
  const gives = /^(WALLET|SHARING|SHARED)$/.test(state);
  const takes = /^(EMPTY|OFFERED|COPY)$/.test(state);
  if (role.kind === "source" ? gives : takes) return undefined;
  if (role.kind === "source" && state === "COPY") return COPY_AS_MAIN;
  return `That is not the card that is needed now. ${STATES[state][1]}`;
}

/** What the card will do at this tap, by how far the run is. */
function purpose(role: Role): string {
  const run = savedRun();
  if (role.kind === "copy") {
    const copy = run?.copies[role.index];
    if (copy?.holdsKey) return "It already has the key, and confirms it.";
    return copy?.transfer
      ? "It takes the key and proves that it has it."
      : "An empty card. It gets ready to take a copy.";
  }
  if (run?.copies.some((copy) => copy?.holdsKey && !copy.transfer && !copy.receipt)) {
    return "It gives the locked key to a copy again.";
  }
  if (!run?.copies.some((copy) => copy?.offer || copy?.transfer))
    return "The card that holds your wallet now.";
  return run.copies.some((copy) => copy?.receipt)
    ? "It learns that the copies are good. Then you are done."
    : "It checks the other cards and locks its key so that they alone can open it.";
}

function holdMs(role: Role): number {
  const { copies = [] } = savedRun() ?? {};
  if (role.kind === "copy") {
    const takes = copies[role.index]?.transfer;
    return takes ? HOLD_MS.accept + HOLD_MS.check : HOLD_MS["name-source"] + HOLD_MS.offer;
  }
  const receipts = copies.filter((copy) => copy?.receipt).length;
  if (receipts) return HOLD_MS.read + receipts * HOLD_MS.confirm;
  const offers = copies.filter((copy) => copy?.offer).length;
  return HOLD_MS.read + (offers ? HOLD_MS["name-destinations"] + offers * HOLD_MS.seal : 0);
}
