/**
 * The whole life of a set of three, as steps for the deep sweep: each is one command that writes
 * flash. Every message is in it, an offer made anew and sealed again, both ends of a set (by the
 * last receipt, and by FINISH), codes wrong, right and changed, and resets.
 */
import { LAYOUTS, SLOT_STATES, type StateName } from "../../host/sdk/wire/generated.js";
import { cardId, certificate } from "../vectors/messages.js";
import { ascii, byte, cat, type Bytes } from "../vectors/suite.js";
import { COST, MAKER, STRETCHED, WRONG, must, TestCard, type Snapshot } from "../support/world.js";

export type Who = "S" | "D1" | "D2";
export interface Set3 {
  readonly cards: Readonly<Record<Who, TestCard>>;
  /** What the relay carries, by destination. */
  readonly carried: Record<string, Bytes>;
}
/** Parts of the record; a TRANSFER by its slot. */
export type Forgotten = "WRAPPED" | "KLINK" | "KRECEIPTS" | "TRANSFER 1" | "TRANSFER 2";
export interface LifeStep {
  readonly name: string;
  readonly card: Who;
  readonly from: StateName;
  readonly to: StateName;
  /** Brings the card to the point just before; writes nothing that the step is about. */
  readonly before?: (set: Set3) => void;
  readonly run: (set: Set3) => void;
  /** What the card forgets when it is done. */
  readonly forgets?: readonly Forgotten[];
  /** Whether it is done, by the states of the slots, where the card's own does not tell. */
  readonly taken?: (slots: readonly [number, number]) => boolean;
  /** The step may take misses away: a right code, or a state without a code. */
  readonly clears?: true;
}

const URI = cat(byte(4), ascii("kincard.example/"));
const names = (set: Set3) => cat(set.cards.S.id, set.cards.S.setId);
const personalise = (card: TestCard) => {
  const kcard = must("PERSONALISE", card.plain("PERSONALISE")).slice(0, LAYOUTS.Request.SIGNATURE);
  card.certificate = certificate(MAKER, kcard);
  card.id = cardId(kcard);
};
const activate = (card: TestCard) => {
  const answer = must("ACTIVATE", card.secure("ACTIVATE", cat(byte(COST), STRETCHED)));
  card.setId = answer.slice(0, LAYOUTS.Activated.PUBLIC_KEY);
};
const salted = ({ cards: { S } }: Set3) => void must("SALT", S.open().secure("SALT"));
const naming = ({ cards: { S, D1, D2 } }: Set3) => void S.nameDestinations(3, D1, D2);

type Short = readonly [name: string, from: StateName, to: StateName, rest: Partial<LifeStep>];
const make = (card: Who, [name, from, to, rest]: Short): LifeStep => ({
  ...{ name: `${card} ${name}`, card, from, to, run: () => undefined },
  ...rest,
});
const born = (card: Who): LifeStep[] => [
  make(card, ["is personalised", "BLANK", "BLANK", { run: (s) => personalise(s.cards[card]) }]),
  make(card, [
    "is certified",
    "BLANK",
    "EMPTY",
    {
      run: (s) =>
        must("CERTIFY", s.cards[card].plain("CERTIFY", cat(s.cards[card].certificate, URI))),
    },
  ]),
];
const offers = (card: "D1" | "D2", again = ""): LifeStep =>
  make(card, [
    `makes its OFFER${again}`,
    "EMPTY",
    "OFFERED",
    {
      before: (s) => void s.cards[card].open(),
      run: (s) => void must("NAME_SOURCE", s.cards[card].secure("NAME_SOURCE", names(s))),
    },
  ]);
const drops = (card: "D1" | "D2"): LifeStep =>
  make(card, [
    "drops it",
    "OFFERED",
    "EMPTY",
    {
      before: (s) => void s.cards[card].open(),
      run: (s) => void must("CANCEL", s.cards[card].gesture("CANCEL")),
      forgets: ["KLINK"],
    },
  ]);
const seals = (card: "D1" | "D2", from: StateName, again = ""): LifeStep =>
  make("S", [
    `seals for ${card}${again}`,
    from,
    "SHARING",
    {
      before: (s) => {
        s.carried[`offer ${card}`] = must("OFFER", s.cards[card].plain("OFFER"));
        naming(s);
      },
      run: (s) => {
        const offer = s.carried[`offer ${card}`]!;
        s.carried[`transfer ${card}`] = must("SEAL", s.cards.S.plain("SEAL", offer));
      },
    },
  ]);
const accepts = (card: "D1" | "D2"): LifeStep =>
  make(card, [
    "accepts",
    "OFFERED",
    "COPY",
    {
      run: (s) => {
        const transfer = s.carried[`transfer ${card}`]!;
        s.carried[`receipt ${card}`] = must("ACCEPT", s.cards[card].plain("ACCEPT", transfer));
      },
      forgets: ["KLINK"],
    },
  ]);
const confirms = (card: "D1" | "D2", to: StateName): LifeStep =>
  make("S", [
    `takes the RECEIPT of ${card}`,
    "SHARING",
    to,
    {
      run: (s) => void must("CONFIRM", s.cards.S.plain("CONFIRM", s.carried[`receipt ${card}`]!)),
      ...(to === "SHARED"
        ? { forgets: ["KRECEIPTS", "TRANSFER 2"] }
        : { forgets: ["TRANSFER 1"], taken: ([slot]) => slot === SLOT_STATES.CONFIRMED.value }),
    },
  ]);
const code = (card: Who, state: StateName, right: boolean): LifeStep =>
  make(card, [
    `gets a ${right ? "right" : "wrong"} code`,
    state,
    state,
    {
      before: (s) => void s.cards[card].open(),
      run: (s) => void s.cards[card].secure("CODE", right ? STRETCHED : WRONG),
      ...(right ? { clears: true } : {}),
    },
  ]);
/** A wrong code after one that a cut ended as soon as it was counted: that miss must stay. */
const codeAfterCut = (card: Who, state: StateName): LifeStep => {
  const step = code(card, state, false);
  return {
    ...step,
    name: `${step.name} after a cut one`,
    before: (set) => {
      const { [card]: it } = set.cards;
      it.open();
      it.cutDuring(1, "after", {}, () => step.run(set));
      it.boot();
      it.open();
    },
  };
};
const reset = (card: Who, from: StateName): LifeStep =>
  make(card, [
    "is reset",
    from,
    "EMPTY",
    {
      before: (s) => void s.cards[card].unlock(),
      run: (s) => void must("RESET", s.cards[card].secure("RESET")),
      forgets: ["WRAPPED"],
      clears: true,
    },
  ]);
const wallet = (again = ""): LifeStep =>
  make("S", [
    `is activated${again}`,
    "EMPTY",
    "WALLET",
    { before: salted, run: ({ cards: { S } }) => activate(S), clears: true },
  ]);

export const LIFE: readonly LifeStep[] = [
  ...born("S"),
  ...born("D1"),
  ...born("D2"),
  wallet(),
  code("S", "WALLET", false),
  codeAfterCut("S", "WALLET"),
  code("S", "WALLET", true),
  offers("D1"),
  seals("D1", "WALLET"),
  drops("D1"),
  offers("D1", " anew"),
  seals("D1", "SHARING", " again"),
  offers("D2"),
  accepts("D1"),
  seals("D2", "SHARING"),
  confirms("D1", "SHARING"),
  accepts("D2"),
  confirms("D2", "SHARED"),
  code("D1", "COPY", true),
  make("D1", [
    "changes its code",
    "COPY",
    "COPY",
    {
      before: ({ cards: { D1 } }) => void must("SALT", D1.unlock().secure("SALT")),
      run: ({ cards: { D1 } }) =>
        void must("CHANGE_CODE", D1.secure("CHANGE_CODE", cat(byte(COST), STRETCHED))),
      clears: true,
    },
  ]),
  reset("D1", "COPY"),
  reset("S", "SHARED"),
  wallet(" again"),
  offers("D1", " to the second life"),
  seals("D1", "WALLET", " in its second life"),
  make("S", [
    "finishes without a receipt",
    "SHARING",
    "SHARED",
    {
      before: ({ cards: { S } }) => void S.unlock(),
      run: ({ cards: { S } }) => void must("FINISH", S.secure("FINISH", byte(), 1)),
      forgets: ["KRECEIPTS", "TRANSFER 1"],
    },
  ]),
];

export interface FrozenSet {
  readonly cards: Readonly<Record<Who, Snapshot>>;
  readonly carried: Record<string, Bytes>;
}
export const freeze = ({ cards: { S, D1, D2 }, carried }: Set3): FrozenSet => ({
  cards: { S: S.snapshot(), D1: D1.snapshot(), D2: D2.snapshot() },
  carried: { ...carried },
});
