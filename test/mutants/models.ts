/**
 * Planted bugs that are twins of mutants in test/model: the rule that a model's mutant leaves out
 * is left out of the real card (test/model/twins.ts says which belongs to which).
 */
import type { Mutant } from "./list.js";

const SOURCE = "card/commands/source.ts";
const DESTINATION = "card/commands/destination.ts";

export const MODEL_TWINS: readonly Mutant[] = [
  {
    rule: "I3",
    bug: "the set id inside ENC is not compared",
    file: DESTINATION,
    from: "    !equal(At.ENC + Enc.SET_ID, offer + Offer.SET_ID, Size.SET_ID) ||\n",
    to: "",
    suite: "test/card/contents.test.ts",
  },
  {
    rule: "I3",
    bug: "the source does not look at the id_S of an OFFER",
    file: SOURCE,
    from: "    !equal(At.DATA + Offer.SOURCE_ID, At.REC + Rec.ID, Size.ID) ||\n",
    to: "",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I4",
    bug: "a sealed slot counts as free when every place is taken",
    file: SOURCE,
    from: "  return chosen < 0 ? SW.FULL : 0;",
    to: "  if (chosen < 0) chosen = 0;\n  return 0;",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I4",
    bug: "a slot is found by Klink_D in place of Kcard",
    file: SOURCE,
    from: "else if (equal(slot + SlotAt.KCARD, kcard, Size.POINT)) {",
    to: "else if (equal(slot + SlotAt.KLINK, At.DATA + Msg.KLINK, Size.POINT)) {",
    suite: "test/card/backup.test.ts",
    grep: "I[459]:",
  },
  {
    rule: "I8",
    bug: "the tries are cleared before the code is checked",
    file: "card/commands/code.ts",
    from: "  if (!burnTry()) return SW.MEMORY;\n",
    to: "  if (!burnTry() || !clearTries(1)) return SW.MEMORY;\n",
    suite: "test/card/code.test.ts",
  },
  {
    rule: "I9",
    bug: "a copy keeps its Klink_D",
    file: DESTINATION,
    from: "  forgetOffer();\n  bytes[At.REC + Rec.PROVED] = 0;\n",
    to: "  bytes[At.REC + Rec.PROVED] = 0;\n",
    suite: "test/card/residue.test.ts",
  },
  {
    rule: "receipts",
    bug: "any receipt confirms a sealed slot",
    file: SOURCE,
    from: "      if (equal(At.HASH, At.DATA, Size.RECEIPT)) break;\n",
    to: "      break;\n",
    suite: "test/card/backup.test.ts",
    grep: "a receipt for the other copy",
  },
  {
    rule: "I9",
    bug: "every OFFER of a card has the same Klink_D",
    file: DESTINATION,
    from: "  if (!randomKey(At.KEY)) return SW.RANDOM;\n  pubkey",
    to: "  sha256(At.KEY, At.REC + Rec.CERT, Size.CERT);\n  pubkey",
    suite: "test/card/backup.test.ts",
    grep: "I[39]:",
  },
  {
    rule: "I9",
    bug: "every TRANSFER of a card has the same Klink_S",
    file: SOURCE,
    from: "  if (!randomKey(At.KEY)) return SW.RANDOM;\n  if (!ecdh",
    to: "  sha256(At.KEY, At.REC + Rec.CERT, Size.CERT);\n  if (!ecdh",
    suite: "test/card/backup.test.ts",
    grep: "I9:",
  },
  {
    rule: "I9",
    bug: "the other slot's Klink_D is not looked at",
    file: SOURCE,
    from: "  if (equal(other + SlotAt.KLINK, klink, Size.POINT)) return SW.CRYPTO;\n",
    to: "",
    suite: "test/card/klink.test.ts",
  },
  {
    rule: "I9",
    bug: "RESET sets the offer counter back",
    file: "card/commands/reset.ts",
    from: "  bytes[At.REC + Rec.N] = 0;\n",
    to: "  bytes[At.REC + Rec.N] = 0;\n  bytes[At.REC + Rec.COUNTER] = 0;\n",
    suite: "test/card/klink.test.ts",
    grep: "I9: the offer counter",
  },
  {
    rule: "I9",
    bug: "a dropped offer gives its number back",
    file: DESTINATION,
    from: "  zero(At.REC + Rec.KLINK, Size.KEY);\n}",
    to: "  zero(At.REC + Rec.KLINK, Size.KEY);\n  words[(At.REC + Rec.COUNTER) >> 2]--;\n}",
    suite: "test/card/klink.test.ts",
    grep: "I9: the offer counter",
  },
  {
    rule: "channel",
    bug: "the card's ephemeral key is always the same",
    file: "card/commands/open.ts",
    from: "  if (!randomKey(At.KEY)) return SW.RANDOM;\n",
    to: "  sha256(At.KEY, At.REC + Rec.CERT, Size.CERT);\n",
    suite: "test/card/channel.test.ts",
    grep: "answers fresh ones every time",
  },
];
