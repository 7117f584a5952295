/**
 * The ceremony that the power-cut sweep cuts: two cards from blank to reset, as steps. Each step is
 * one command of one card that writes flash; `redo` is what a relay does when it finds the card
 * after a cut, whichever of the two worlds it is in.
 */
import assert from "node:assert/strict";
import { LAYOUTS, STATUS_WORDS, type StateName } from "../../host/sdk/wire/generated.js";
import { ascii, byte, cat, type Bytes } from "../vectors/suite.js";
import { certificate, cardId } from "../vectors/messages.js";
import { COST, MAKER, STRETCHED, WRONG, must, TestCard } from "../support/world.js";

export interface World {
  readonly S: TestCard;
  readonly D: TestCard;
  /** What the relay carries. */
  offer: Bytes;
  transfer: Bytes;
  receipt: Bytes;
  /** The wallet's master public key and chain code once there is one. */
  key: Bytes | undefined;
  /** Wrong tries that S certainly counted and nothing has cleared since. */
  misses: number;
}

export interface Step {
  readonly name: string;
  /** The card whose power is cut. */
  readonly card: "S" | "D";
  /**
   * What brings the card to the point just before the command. No flash write of its own counts.
   */
  readonly before?: (world: World) => void;
  /** The command. Run again after a cut, when the card is still in the old world. */
  readonly run: (world: World) => void;
  /** State before and after. */
  readonly from: StateName;
  readonly to: StateName;
  /** For a step that keeps the state: whether the card took it. */
  readonly taken?: (world: World) => boolean;
  /** What the relay does in the new world to get what the lost answer would have said. */
  readonly again?: (world: World) => void;
}

export function newWorld(cards: { S: TestCard; D: TestCard }): World {
  const none = byte();
  return { ...cards, offer: none, transfer: none, receipt: none, key: undefined, misses: 0 };
}

/** What D's tag is to show. */
const URI = cat(byte(4), ascii("kincard.example/"));

const personalise = (card: TestCard) => {
  const kcard = must("PERSONALISE", card.plain("PERSONALISE")).slice(0, LAYOUTS.Request.SIGNATURE);
  card.certificate = certificate(MAKER, kcard);
  card.id = cardId(kcard);
};
const activate = (card: TestCard) => {
  const answer = must("ACTIVATE", card.secure("ACTIVATE", cat(byte(COST), STRETCHED)));
  card.setId = answer.slice(0, LAYOUTS.Activated.PUBLIC_KEY);
};
const cancel = (card: TestCard) => {
  must("CANCEL", card.gesture("CANCEL"));
};

export const STEPS: readonly Step[] = [
  {
    name: "D is personalised",
    card: "D",
    from: "BLANK",
    to: "BLANK",
    run: ({ D }) => personalise(D),
    again: ({ D }) => personalise(D),
  },
  {
    name: "D is certified",
    card: "D",
    from: "BLANK",
    to: "EMPTY",
    run: ({ D }) => must("CERTIFY", D.plain("CERTIFY", cat(D.certificate, URI))),
  },
  {
    name: "S is activated",
    card: "S",
    from: "EMPTY",
    to: "WALLET",
    before: ({ S }) => {
      if (!S.certificate.length) S.certify();
      must("SALT", S.open().secure("SALT"));
    },
    run: ({ S }) => activate(S),
  },
  {
    name: "S gets a wrong code",
    card: "S",
    from: "WALLET",
    to: "WALLET",
    before: ({ S }) => S.open(),
    run: ({ S }) => void S.secure("CODE", WRONG),
    taken: ({ S, misses }) => S.status().misses > misses,
  },
  {
    name: "S gets another wrong code",
    card: "S",
    from: "WALLET",
    to: "WALLET",
    before: ({ S }) => S.open(),
    run: ({ S }) => void S.secure("CODE", WRONG),
    taken: ({ S, misses }) => S.status().misses > misses,
  },
  {
    name: "S gets the right code",
    card: "S",
    from: "WALLET",
    to: "WALLET",
    before: ({ S }) => S.open(),
    run: ({ S }) => must("CODE", S.secure("CODE", STRETCHED)),
    taken: ({ S }) => S.status().misses === 0,
  },
  {
    name: "D makes an offer that is dropped",
    card: "D",
    from: "EMPTY",
    to: "OFFERED",
    before: ({ D }) => D.open(),
    run: ({ D, S }) =>
      must(
        "NAME_SOURCE",
        D.secure(
          "NAME_SOURCE",
          cat(
            D.id.map((b) => b ^ 1),
            S.setId,
          ),
        ),
      ),
  },
  {
    name: "D drops it",
    card: "D",
    from: "OFFERED",
    to: "EMPTY",
    before: ({ D }) => D.open(),
    run: ({ D }) => cancel(D),
  },
  {
    name: "D makes its OFFER",
    card: "D",
    from: "EMPTY",
    to: "OFFERED",
    before: ({ D }) => D.open(),
    run: ({ D, S }) => must("NAME_SOURCE", D.secure("NAME_SOURCE", cat(S.id, S.setId))),
  },
  {
    name: "S seals its TRANSFER",
    card: "S",
    from: "WALLET",
    to: "SHARING",
    before: (world) => {
      world.offer = must("OFFER", world.D.plain("OFFER"));
      world.S.nameDestinations(2, world.D);
    },
    run: (world) => void (world.transfer = must("SEAL", world.S.plain("SEAL", world.offer))),
    again: (world) => void (world.transfer = must("SEAL", world.S.plain("SEAL", world.offer))),
  },
  {
    name: "D accepts it",
    card: "D",
    from: "OFFERED",
    to: "COPY",
    run: (world) => void (world.receipt = must("ACCEPT", world.D.plain("ACCEPT", world.transfer))),
    // The relay has lost what it carried: the source gives the TRANSFER again, the copy its
    // RECEIPT.
    again: (world) => {
      assert.deepEqual(must("RESEND", world.S.unlock().secure("RESEND")), world.transfer);
      world.receipt = must("ACCEPT", world.D.plain("ACCEPT", world.transfer));
    },
  },
  {
    name: "S takes the RECEIPT",
    card: "S",
    from: "SHARING",
    to: "SHARED",
    run: ({ S, receipt }) => must("CONFIRM", S.plain("CONFIRM", receipt)),
    again: ({ S }) => assert.equal(S.unlock().secure("RESEND").sw, STATUS_WORDS.USED.value),
  },
  {
    name: "D changes its code",
    card: "D",
    from: "COPY",
    to: "COPY",
    before: ({ D }) => must("SALT", D.unlock().secure("SALT")),
    run: ({ D }) => must("CHANGE_CODE", D.secure("CHANGE_CODE", cat(byte(COST), STRETCHED))),
  },
  {
    name: "S is reset",
    card: "S",
    from: "SHARED",
    to: "EMPTY",
    before: ({ S }) => S.unlock(),
    run: (world) => {
      must("RESET", world.S.secure("RESET"));
      world.key = undefined;
    },
  },
  {
    name: "S is activated again",
    card: "S",
    from: "EMPTY",
    to: "WALLET",
    before: ({ S }) => must("SALT", S.open().secure("SALT")),
    run: ({ S }) => activate(S),
  },
];
