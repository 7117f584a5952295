/** Cases of states.pml and tries.pml. NT: TRANSFERs, NL: OFFERs of a card, LIVES: of the source. */
import type { Row } from "../cases.js";

// prettier-ignore
export const SPIN: readonly Row[] = [
  ["states", "NT=3 LIVES=1 SANE", "1 sane_shared", "sane: three cards get through to the end"],
  ["states", "NT=3 LIVES=1 SANE_AGAIN", "1 sane_again", "sane: an OFFER made anew is sealed and confirmed"],
  ["states", "NT=3 LIVES=1", "0", "I4 I5 I9 I10 I11, n 2..3, one life"],
  ["states", "NT=3", "0", "the same, over a factory reset of the source"],
  ["states", "NT=3 LIVES=1 LOSSY", "0", "the same, answers lost for good, RESEND"],
  ["states", "NT=3 LIVES=1 STUCK", "0", "no copy is ever left that its source can't confirm: the offer counter"],
  ["states", "NT=3 LIVES=1 NL=3 STUCK", "0", "the same, three OFFERs a card"],
  ["states", "NT=3 LIVES=1 I9_LITERAL", "1 I9_literal", "finding: an extracted card signs another's Klink_D: it stands in two TRANSFERs, and opens neither"],
  ["states", "NT=3 LIVES=1 M_NO_COUNTER", "1 I9_klink_d_sealed_once", "mutant: the counter unchecked: one OFFER is sealed twice"],
  ["states", "NT=3 LIVES=1 STUCK M_NO_COUNTER", "1 stuck", "mutant: the counter unchecked: an old OFFER, replayed while the code holds, unseats a copy's receipt"],
  ["states", "NT=2 LIVES=1 NL=3 STUCK M_COUNTER_FORGOTTEN", "1 stuck", "mutant: a reset sets the counter back"],
  ["states", "NT=3 M_NO_SET_ID", "1 I10_told", "mutant: no set id in the names"],
  ["states", "NT=3 LIVES=1 M_NO_FULL", "1 I4_copies", "mutant: a sealed slot is given to another card"],
  ["states", "NT=3 LIVES=1 M_SLOT_BY_KLINK", "1 one_slot_a_card", "mutant: slots bound to Klink_D, not to Kcard"],
  ["states", "NT=3 M_STATIC_KLINK", "1 I10_taken_once", "mutant: a destination offers the same Klink again"],
  ["states", "NT=3 LIVES=1 M_KLINK_STAYS", "1 I9_dies", "mutant: a copy keeps its Klink_D"],
  ["states", "NT=3 LIVES=1 M_SHARED_KLINK", "1 I9_never_shared", "mutant: the other slot's Klink_D not looked at"],
  ["states", "NT=3 LIVES=1 M_NEW_SIZE", "1 I4_size", "mutant: a new set size is taken while SHARING"],
  ["states", "NT=3 LIVES=1 M_FINISH_KEEPS", "1 I5_finished", "mutant: FINISH leaves a sealed slot as it is"],
  ["tries", "", "0", "I8: the try counter under cuts"],
  ["tries", "M_CHECK_FIRST", "1 I8", "mutant: checked before it is counted"],
  ["tries", "M_CLEAR_FIRST", "1 I8", "mutant: cleared before the check"],
];
