/**
 * Each rule that a model's mutant takes away, and its twin: the planted bug of test/mutants that
 * takes the same rule from the real card. Where there is none, why.
 */
import type { Case } from "./cases.js";

export interface Twin {
  readonly model: Case["model"];
  /** The definition that takes the rule away. */
  readonly rule: string;
  /** The bug's text in test/mutants/list.ts ... */
  readonly bug?: string;
  /** ... or why there is none. */
  readonly why?: string;
}

const FORMAT =
  "a binding, not a check: a card without it speaks another protocol, and every vector fails";
const OLDER = "an offer older than the one sealed replaces it";

const bug = (model: string, rule: string, text: string): Twin => ({ model, rule, bug: text });
const none = (model: string, rule: string, why: string): Twin => ({ model, rule, why });

export const TWINS: readonly Twin[] = [
  bug("states", "M_NO_COUNTER", OLDER),
  bug("states", "M_SHARED_KLINK", "the other slot's Klink_D is not looked at"),
  bug("states", "M_NEW_SIZE", "a new set size is taken while SHARING"),
  bug("states", "M_FINISH_KEEPS", "FINISH closes nothing, and RESEND goes on"),
  bug("states", "M_COUNTER_FORGOTTEN", "RESET sets the offer counter back"),
  bug("states", "M_NO_SET_ID", "the source does not look at the set id of an OFFER"),
  bug("states", "M_NO_FULL", "a sealed slot counts as free when every place is taken"),
  bug("states", "M_SLOT_BY_KLINK", "a slot is found by Klink_D in place of Kcard"),
  bug("states", "M_STATIC_KLINK", "every OFFER of a card has the same Klink_D"),
  bug("states", "M_KLINK_STAYS", "a copy keeps its Klink_D"),

  bug("tries", "M_CHECK_FIRST", "the try is counted after the check"),
  bug("tries", "M_CLEAR_FIRST", "the tries are cleared before the code is checked"),

  bug("channel", "NO_SIG", "the host does not check the card's signature over the handshake"),
  bug("channel", "NO_PIN", "the card is met again without its id"),
  none("channel", "SIG_WITHOUT_E", FORMAT),
  none("channel", "NO_COUNTER", FORMAT),
  none("channel", "NO_AAD", FORMAT),
  none("channel", "ONE_KEY", FORMAT),
  none("channel", "SIGNS_ANYTHING", FORMAT),
  bug("channel", "STATIC_E", "the card's ephemeral key is always the same"),
  none("privacy", "CLEAR_HELLO", FORMAT),

  bug("backup", "NO_DEST_NAMING", "a destination need not be named"),
  bug("backup", "NO_CERT_CHECK", "the certificate's signature is not checked"),
  bug("backup", "NO_ATTEST_D", "Sign_Attest is not checked"),
  bug("backup", "NO_ATTEST_S", "Sign_Attest is not checked"),
  bug("backup", "NO_SOURCE_CHECK", "the destination takes a key from any genuine card"),
  bug("backup", "NO_SET_ID", "the source does not look at the set id of an OFFER"),
  bug("backup", "NO_SET_CHECK", "the set id inside ENC is not compared"),
  bug("backup", "NO_SOURCE_NAMING", "the source does not look at the id_S of an OFFER"),
  bug("backup", "NO_RECEIPT_CHECK", "any receipt confirms a sealed slot"),
  bug("backup", "NO_KLINK_COMPARE", "the other slot's Klink_D is not looked at"),
  bug("backup", "STATIC_KLINK_S", "every TRANSFER of a card has the same Klink_S"),
  bug("backup", "NO_COUNTER", OLDER),
  none("backup", "NO_COUNTER_IN_ATTEST", FORMAT),
  bug("backup", "NO_FINAL_COMPARE", "the app does not compare a copy with its source"),
  none("backup", "SIGNS_ANYTHING", FORMAT),
  none("backup", "NO_HOFFER_CHECK", "harmless alone: th refuses what the comparison refuses"),
  bug("backup", "STATIC_KLINK", "every OFFER of a card has the same Klink_D"),
  none("backup", "NO_KLINK_IN_ATTEST_D", FORMAT),
  none("backup", "NO_KLINK_IN_ATTEST_S", FORMAT),
  none("backup", "NO_HOFFER_IN_ATTEST", FORMAT),
  none("backup", "NO_HOFFER_IN_TH", FORMAT),
  none("backup", "NO_TH", FORMAT),
  none("backup", "NO_AAD", FORMAT),
  none("backup", "RECEIPT_UNBOUND", FORMAT),

  none("consent", "UNSIGNED_OPTION", FORMAT),
  bug("consent", "NO_COMMITMENT", "N_S is not compared with what c fixed"),
  none("consent", "EARLY_ND", FORMAT),
  bug("consent", "TWICE", "a second N_D is taken when N_S is told"),
  bug("consent", "STATIC_NS", "both halves are the same in every run"),
  bug("consent", "STATIC_ND", "both halves are the same in every run"),
  bug("consent", "ANY_OFFER", "SEAL takes another OFFER than the run's"),
  bug("consent", "NO_GESTURE", "SEAL needs no gesture"),
];
