/** CONFIRM at a source with one sealed slot, for peers[0] (docs/protocol.md 6). */
import { LAYOUTS, copyKeys, receipt, type CopyKeys } from "../messages.js";
import { H, byte, hmac, label, type Bytes } from "../suite.js";
import { badLengths, flips } from "./forge.js";
import { offerBy } from "./offer.js";
import type { Case, Flag, World } from "./types.js";

function sealed(w: World): Bytes {
  if (!w.transfer) throw new Error("this situation has no TRANSFER of the card");
  return w.transfer;
}
/** What peers[0] derives from the TRANSFER, whose link key it has. */
export function keysOfPeer(w: World): CopyKeys {
  const transfer = sealed(w);
  const klink = transfer.subarray(106, 139);
  const offerHash = H(offerBy(w, w.peers[0]));
  return copyKeys(w.peers[0].klink.secret, klink, offerHash, transfer.subarray(0, 235));
}
const good = (w: World): Bytes => receipt(keysOfPeer(w).kreceipt, sealed(w));
const confirm = (
  comment: string,
  flag: Flag,
  word: Case["word"],
  input: (w: World) => Bytes,
): Case => ({ comment, flags: [flag], command: "CONFIRM", input, word });
const refuse = (comment: string, flag: Flag, input: (w: World) => Bytes): Case =>
  confirm(comment, flag, "CRYPTO", input);

export const confirmCases: readonly Case[] = [
  ...flips(LAYOUTS.RECEIPT, "CONFIRM", good, () => "CRYPTO"),
  ...badLengths("CONFIRM", good),
  refuse("zeros", "WrongKey", () => new Uint8Array(32)),
  refuse("under Ktrans", "WrongKey", (w) => receipt(keysOfPeer(w).ktrans, sealed(w))),
  refuse("under a key of zeros", "WrongKey", (w) => receipt(new Uint8Array(32), sealed(w))),
  refuse("over H(OFFER)", "WrongContent", (w) =>
    receipt(keysOfPeer(w).kreceipt, offerBy(w, w.peers[0])),
  ),
  refuse("over TRANSFER before ENC", "WrongContent", (w) =>
    receipt(keysOfPeer(w).kreceipt, sealed(w).subarray(0, 235)),
  ),
  refuse("over TRANSFER itself, not its hash", "WrongContent", (w) =>
    hmac(keysOfPeer(w).kreceipt, label("kincard/receipt/1"), sealed(w)),
  ),
  refuse("without a label", "WrongRole", (w) => hmac(keysOfPeer(w).kreceipt, H(sealed(w)))),
  refuse("H(TRANSFER) alone", "WrongKey", (w) => H(sealed(w))),
  confirm("the RECEIPT of the destination", "Valid", "OK", good),
];
export const confirmNothing: readonly Case[] = [
  confirm("a receipt when nothing was sealed", "Order", "STATE", () => new Uint8Array(32)),
];
/** n = 3: the first slot is confirmed and its Kreceipt erased, the second open. */
export const confirmTwice: readonly Case[] = [
  refuse("the RECEIPT that confirmed the slot, again", "Replay", good),
  refuse("zeros, as an erased Kreceipt would be", "WrongKey", (w) =>
    receipt(new Uint8Array(32), sealed(w)),
  ),
];
export const confirmAfterAll: readonly Case[] = [
  confirm("the RECEIPT again", "Replay", "USED", good),
  confirm("empty", "Order", "USED", () => byte()),
];
