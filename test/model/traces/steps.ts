/**
 * The steps of spin/states.pml by number, done by real cards (test/attack/world.ts), and the cards'
 * state in the model's numbers.
 */
import { SLOT_STATES, STATES, type StateName } from "../../../host/sdk/wire/generated.js";
import type { SlotName } from "../../support/record.js";
import { fromHex } from "../../vectors/suite.js";
import { D1, D2, E, type Destination, type World } from "../../attack/world.js";

export interface Step {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}
/** As the model's bounds: OFFERs of a card, TRANSFERs in all, lives of the source. */
export const BOUNDS = { offers: 2, transfers: 3, lives: 2 };
const OWN_OF_E = 2 * BOUNDS.offers + 1;

export const KIND = {
  ...{ ACTIVATE: 1, CODE: 2, NAME: 3, RESEND_0: 4, RESEND_1: 5, FINISH: 6, RESET_S: 7, CUT_S: 8 },
  ...{ TELL: 9, DROP_D1: 10, DROP_D2: 11, RESET_D1: 12, RESET_D2: 13 },
  ...{ SEAL: 14, SEAL_E: 15, ACCEPT: 16, CONFIRM: 17 },
} as const;

/** The model's own word on the channel, which a refusal does not end there. */
export class Player {
  private code = false;
  private named: { n: number; mask: number } | undefined;
  /** What E signs is always newer than what it signed before. */
  private counter = 0;

  constructor(readonly w: World) {}

  /** Whether the model could take this step now; `b` of NAME may be 0 there for "not possible". */
  can({ kind, a }: Step): boolean {
    const { w } = this;
    const { state } = w.record(w.S);
    const sharing = state === "WALLET" || state === "SHARING";
    const holds = sharing || state === "SHARED";
    const at = (d: Destination) => w.record(w.D[d]).state;
    switch (kind) {
      case KIND.ACTIVATE:
        return state === "EMPTY" && w.life < BOUNDS.lives && this.made < BOUNDS.transfers;
      case KIND.CODE:
        return holds && !this.code;
      case KIND.NAME:
        return this.code && sharing && !this.named;
      case KIND.RESEND_0:
      case KIND.RESEND_1:
        // In the model an answer never is lost, and so there is nothing to say again.
        return false;
      case KIND.FINISH:
        return this.code && state === "SHARING";
      case KIND.RESET_S:
        return this.code && holds && w.life < BOUNDS.lives;
      case KIND.CUT_S:
        return this.code;
      case KIND.TELL:
        return w.life > 0;
      case KIND.DROP_D1:
      case KIND.DROP_D2:
        return at((kind - 9) as Destination) === "OFFERED";
      case KIND.RESET_D1:
      case KIND.RESET_D2:
        return at((kind - 11) as Destination) === "COPY";
      case KIND.SEAL:
        return sharing;
      case KIND.SEAL_E:
        return sharing && (a === OWN_OF_E || this.offer(1) !== undefined);
      case KIND.ACCEPT:
        return a <= this.made;
      default:
        return state === "SHARING";
    }
  }
  private get made(): number {
    return this.w.known.transfers.length;
  }
  private offer(link: number) {
    const { w } = this;
    return w.known.offers.find(
      ({ card, klink }) => card !== E && w.linkNumber(klink, BOUNDS.offers) === link,
    );
  }

  take({ kind, a, b }: Step): void {
    const { w } = this;
    const full = this.made >= BOUNDS.transfers;
    switch (kind) {
      case KIND.ACTIVATE:
        w.activate();
        this.code = true;
        this.named = undefined;
        break;
      case KIND.CODE:
        w.giveCode();
        this.code = true;
        this.named = undefined;
        break;
      case KIND.NAME:
        if (b === 0) break;
        this.named = { n: a, mask: b };
        this.name();
        break;
      case KIND.FINISH:
        w.finish();
        break;
      case KIND.RESET_S:
        w.resetS();
        this.named = undefined;
        break;
      case KIND.CUT_S:
        w.cutS();
        this.code = false;
        this.named = undefined;
        break;
      case KIND.TELL:
        this.tell(a as Destination);
        break;
      case KIND.DROP_D1:
      case KIND.DROP_D2:
        w.drop((kind - 9) as Destination);
        break;
      case KIND.RESET_D1:
      case KIND.RESET_D2:
        w.resetD((kind - 11) as Destination);
        break;
      case KIND.SEAL: {
        const offer = this.offer(a);
        if (offer && !full) w.seal(offer.bytes);
        break;
      }
      case KIND.SEAL_E: {
        const klink = a === OWN_OF_E ? undefined : fromHex(this.offer(a)!.klink);
        if (!full) w.seal(w.offerOf(E, klink, ++this.counter));
        break;
      }
      case KIND.ACCEPT: {
        const transfer = w.known.transfers[a - 1];
        if (transfer) w.accept(b as Destination, transfer.bytes);
        break;
      }
      default: {
        const receipt = w.receiptFor(a);
        if (receipt) w.confirm(receipt);
      }
    }
    this.mend();
  }
  /** As the model bounds it: no third OFFER of a card. */
  private tell(d: Destination): void {
    const { w } = this;
    const card = w.record(w.D[d]);
    const same = card.state === "OFFERED" && card.sourceSet === w.known.lives.at(-1);
    const free = card.state === "EMPTY" || card.state === "OFFERED";
    const left = (w.known.links[d]?.length ?? 0) < BOUNDS.offers;
    if (same || (free && left)) w.tell(d);
  }
  private name(): void {
    const { n, mask } = this.named!;
    const cards = [D1, D2, E].filter((card) => mask & (1 << (card - 1)));
    this.w.name(n, cards);
  }
  /** A refusal has ended the channel, which the model's app opens again at once. */
  private mend(): void {
    const { w } = this;
    const { state } = w.record(w.S);
    if (!this.code || w.known.code || state === "EMPTY") return;
    w.giveCode();
    if (this.named && (state === "WALLET" || state === "SHARING")) this.name();
  }
}

const number = <T extends object>(table: T, name: string) =>
  (table as Record<string, { value: number }>)[name]!.value;
/** World.state() in the model's numbers. */
export function inNumbers(state: string): string {
  const [s = "", one = "", two = "", ...ds] = state.split(" | ");
  const [name = "", life, n] = s.split(" ");
  const slot = (text: string) => {
    const [kind = "", ...rest] = text.split(" ");
    return [number(SLOT_STATES, kind as SlotName), ...(rest.length ? rest : [0, 0, 0])].join(" ");
  };
  const destination = (text: string) => {
    const [kind = "", ...rest] = text.split(" ");
    return [number(STATES, kind as StateName), ...rest].join(" ");
  };
  const source = [number(STATES, name as StateName), life, n].join(" ");
  return [source, slot(one), slot(two), ...ds.map(destination)].join(" | ");
}
/** The model's line: which step, and the state after it, what no card keeps left out. */
export function parseLine(line: string): { step: Step; state: string } | undefined {
  const [head = "", ...rest] = line.trim().split(" | ");
  const match = /^@ (\d+) (\d+) (\d+)$/.exec(head);
  if (!match) return undefined;
  const [kind = 0, a = 0, b = 0] = match.slice(1).map(Number);
  const destination = (text: string) => {
    const [state, link, told, took, counter] = text.split(" ").map(Number);
    return [state, link, state === 2 ? told : 0, state === 6 ? took : 0, counter].join(" ");
  };
  const [s = "", one = "", two = "", ...ds] = rest;
  return { step: { kind, a, b }, state: [s, one, two, ...ds.map(destination)].join(" | ") };
}
