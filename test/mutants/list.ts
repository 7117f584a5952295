/**
 * Planted bugs: each breaks one rule of the design in the card's source. The test named after the rule
 * must go red. `npm run test:mutants` builds each and sees to it.
 */
export interface Mutant {
  /** The rule, as the tests name it. */
  readonly rule: string;
  readonly bug: string;
  /** Under firmware/src. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Test file, and what the names of the tests that must fail begin with (default: the rule). */
  readonly suite: string;
  readonly grep?: string;
}

const SOURCE = "card/commands/source.ts";
const DESTINATION = "card/commands/destination.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    rule: "I1",
    bug: "OFFER tells Klink's private key in place of the signature",
    file: DESTINATION,
    from: "  attest(offer + Msg.SIGNATURE);\n",
    to: "  copy(offer + Msg.SIGNATURE, At.KEY, 32);\n",
    suite: "test/card/residue.test.ts",
  },
  {
    rule: "I2",
    bug: "a destination need not be named",
    file: SOURCE,
    from: "return -SW.NAMES;",
    to: "return free;",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I2",
    bug: "the certificate's signature is not checked",
    file: "card/identity.ts",
    from: "return attested(cert + 39, At.KMAKER_PUB) && point(At.POINT, cert + 6);",
    to: "return point(At.POINT, cert + 6);",
    suite: "test/card/makers.test.ts",
  },
  {
    rule: "I2",
    bug: "Sign_Attest is not checked",
    file: "card/identity.ts",
    from: "return attested(At.DATA + Msg.SIGNATURE, At.POINT) && point(At.POINT2, At.DATA + Msg.KLINK);",
    to: "return point(At.POINT2, At.DATA + Msg.KLINK);",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I3",
    bug: "the source does not look at the set id of an OFFER",
    file: SOURCE,
    from: "!equal(At.DATA + Msg.NAMES + Size.ID, At.REC + Rec.SET_ID, Size.SET_ID)",
    to: "false",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I4",
    bug: "a new set size is taken while SHARING",
    file: SOURCE,
    from: "if (A[At.REC + Rec.N] && n !== A[At.REC + Rec.N]) return SW.NAMES;",
    to: "if (n !== A[At.REC + Rec.N]) A[At.REC + Rec.N] = n;",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I4",
    bug: "the same OFFER gets a new TRANSFER",
    file: SOURCE,
    from: "if (equal(slot + SlotAt.KLINK, klink, Size.POINT)) {",
    to: "if (false) {",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I5",
    bug: "a COPY takes another TRANSFER for an answer",
    file: DESTINATION,
    from: "if (!equal(At.HASH3, At.REC + Rec.H_TRANSFER, Size.HASH)) return SW.USED;",
    to: "",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I6",
    bug: "the old record goes before the new one is committed",
    file: "vault/vault.ts",
    from: "  if (at >= Rec.SIZE) {",
    to: "  if (recorded) destroy(old, 1);\n  if (at >= Rec.SIZE) {",
    suite: "test/sweep/powercut.test.ts",
    grep: "power cuts",
  },
  {
    rule: "I6",
    bug: "a weak commit word is not said again",
    file: "vault/vault.ts",
    from: "flashWrite(At.REC + Rec.COMMIT, bank + Rec.AGAIN, 4);",
    to: "return VaultState.OK;",
    suite: "test/sweep/powercut.test.ts",
    grep: "power cuts",
  },
  {
    rule: "I7",
    bug: "an old record is killed but neither zeroed nor erased",
    file: "vault/vault.ts",
    from: "if (recorded) destroy(old, 1);",
    to: "if (recorded) flashWrite(At.REC + Rec.SECRETS, old + Rec.COMMIT, 8);",
    suite: "test/card/residue.test.ts",
  },
  {
    rule: "I7",
    bug: "scratch is not wiped after a command",
    file: "card/dispatch.ts",
    from: "  zero(At.SCRATCH, At.SCRATCH_LENGTH);\n",
    to: "",
    suite: "test/card/residue.test.ts",
  },
  {
    rule: "I8",
    bug: "the try is counted after the check",
    file: "card/commands/code.ts",
    from: "  if (!burnTry()) return SW.MEMORY;\n",
    to: "",
    suite: "test/card/code.test.ts",
  },
  {
    rule: "I8",
    bug: "a torn word of the log is left as it is",
    file: "vault/tries.ts",
    from: "if (next > 1 && next < Log.WORDS && last !== Log.CLEAR && last !== Log.SOLID) {",
    to: "if (false) {",
    suite: "test/sweep/log.test.ts",
  },
  {
    rule: "I9",
    bug: "the slot keeps its old TRANSFER for a new Klink_D",
    file: SOURCE,
    from: "    if (level !== Level.CODE) return SW.CODE;\n  }",
    to: "    copy(At.OUT, slot + SlotAt.TRANSFER, Size.TRANSFER);\n    return (Size.TRANSFER << 16) | SW.OK;\n  }",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "I10",
    bug: "a reset keeps the wrapped key",
    file: "card/commands/reset.ts",
    from: "  zero(At.REC + Forget.SECRETS_FROM, Forget.SECRETS_LENGTH);\n",
    to: "",
    suite: "test/card/residue.test.ts",
  },
  {
    rule: "I11",
    bug: "the destination takes a key from any genuine card",
    file: DESTINATION,
    from: "  if (!equal(At.HASH, offer + Msg.NAMES, Size.ID)) return SW.NAMES;\n",
    to: "",
    suite: "test/card/backup.test.ts",
  },
  {
    rule: "disconnect",
    bug: "the channel survives a disconnect",
    file: "link/radio.ts",
    from: "  release(RADIO);\n",
    to: "",
    suite: "test/ble/link.test.ts",
    grep: "a disconnect ends the channel",
  },
  {
    rule: "disconnect",
    bug: "what one central left is sent to the next",
    file: "link/radio.ts",
    from: '  line = "";\n  at = 0;\n  size = GattBytes.LEAST;\n  release',
    to: "  size = GattBytes.LEAST;\n  release",
    suite: "test/ble/link.test.ts",
    grep: "what is not out when the connection ends",
  },
  {
    rule: "radio",
    bug: "a part that could not be sent counts as sent",
    file: "board/radio.ts",
    from: "    return 0;\n  }\n  return 1;\n}\n",
    to: "  }\n  return 1;\n}\n",
    suite: "test/ble/backup.test.ts",
    grep: "confirmations that come late",
  },
  {
    rule: "radio",
    bug: "the name stays for the whole life of a battery",
    file: "link/radio.ts",
    from: "  release(RADIO);\n  renewName();\n",
    to: "  release(RADIO);\n",
    suite: "test/ble/advertising.test.ts",
    grep: "the name is new",
  },
];
