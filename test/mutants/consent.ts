/** Planted bugs of on-card consent, docs/protocol.md section 14. */
import type { Mutant } from "./list.js";

const CONSENT = "card/commands/consent.ts";
const SOURCE = "card/commands/source.ts";
const SUITE = "test/card/consent.test.ts";
const RULE = "consent";

export const CONSENT_MUTANTS: readonly Mutant[] = [
  {
    rule: RULE,
    bug: "SEAL needs no gesture",
    file: SOURCE,
    from: "isShown() ? actRefusal(Cmd.SEAL, Press.SEAL_S) : SW.CONSENT",
    to: "isShown() ? 0 : SW.CONSENT",
    suite: SUITE,
    grep: "on-card consent SEAL without the button",
  },
  {
    rule: RULE,
    bug: "the option in the certificate is ignored",
    file: SOURCE,
    from: "bytes[At.REC + Rec.CERT + Cert.SUITE] & Option.CONSENT",
    to: "bytes[At.REC + Rec.CERT + Cert.SUITE] & (Option.CONSENT >> 1)",
    suite: SUITE,
    grep: "on-card consent SEAL without a run",
  },
  {
    rule: RULE,
    bug: "SEAL takes another OFFER than the run's",
    file: CONSENT,
    from: " &&\n    equal(At.HASH2, At.RUN + Run.H_OFFER, Size.HASH)",
    to: "",
    suite: SUITE,
    grep: "on-card consent SEAL without a run",
  },
  {
    rule: RULE,
    bug: "a run lasts for ever",
    file: CONSENT,
    from: "return runLeft() &&\n    bytes",
    to: "return bytes",
    suite: SUITE,
    grep: "on-card consent after a minute",
  },
  {
    rule: RULE,
    bug: "N_S is not compared with what c fixed",
    file: CONSENT,
    from: "    if (!equal(At.HASH, At.COMMITMENT, Size.HASH)) return SW.CRYPTO;\n",
    to: "",
    suite: SUITE,
    grep: "on-card consent the destination shows nothing",
  },
  {
    rule: RULE,
    bug: "a second N_D is taken when N_S is told",
    file: CONSENT,
    from: "bytes[At.STAGE] !== Stage.BEGUN",
    to: "!bytes[At.STAGE]",
    suite: SUITE,
    grep: "on-card consent who stands between",
  },
  {
    rule: RULE,
    bug: "both halves are the same in every run",
    file: CONSENT,
    from: "    if (!random(At.HASH)) return SW.RANDOM;\n",
    to: "    if (!random(At.HASH)) return SW.RANDOM;\n    copy(At.HASH, At.LABELS, Size.HASH);\n",
    suite: SUITE,
    grep: "on-card consent both halves",
  },
  {
    rule: RULE,
    bug: "the pattern comes from what is known before the run",
    file: CONSENT,
    from: "digest(Label.PATTERN, LabelSize.PATTERN, At.RUN, Run.SIZE)",
    to: "digest(Label.PATTERN, LabelSize.PATTERN, At.RUN + Run.H_OFFER, Size.HASH)",
    suite: SUITE,
    grep: "on-card consent the key is sealed",
  },
  {
    rule: RULE,
    bug: "a run begins while another lasts",
    file: CONSENT,
    from: "    if (left) return waitAnswer(SW.WAIT, 0, left);\n",
    to: "    if (left && !p1 && 0) return waitAnswer(SW.WAIT, 0, left);\n",
    suite: SUITE,
    grep: "on-card consent a run that was broken off",
  },
  {
    rule: RULE,
    bug: "anybody's channel begins a run in a source",
    file: CONSENT,
    from: "  if (gives && level !== Level.CODE) return SW.CODE;\n",
    to: "  if (gives && level < Level.OPEN) return SW.CODE;\n",
    suite: SUITE,
    grep: "on-card consent the source wants its code",
  },
  {
    rule: RULE,
    bug: "a board without a button takes the option",
    file: "card/commands/make.ts",
    from: "!(hasButton() && hasLight())",
    to: "!hasLight()",
    suite: SUITE,
    grep: "on-card consent a board without a button",
  },
];
