/**
 * The card as an NFC Forum Type 2 Tag: frames in, frames out (docs/protocol.md section 9, NFC). Its
 * memory is a piece of the arena, so that a READ is one `nfcSend`; what it holds is an NDEF message
 * with the page's address, and the mailbox (mailbox.ts).
 *
 * A reader waits 4.83 ms for an answer (65536 carrier periods, the nRF52832's FRAMEDELAYMAX): the
 * path of a frame up to `nfcSend` is kept short, READ first. What it costs: docs/performance.md.
 */
import { At, Rec, Tag } from "../wire/layout.js";
import { bytes, collect, put, samples } from "../board/board.js";
import { Frame, hasNfc, nfcSend, nfcStart } from "../board/nfc.js";
import { zero } from "../wire/kernel.js";
import { Mailbox, MailboxState, MailboxStatus, Size, TagCommand } from "../wire/generated.js";
import { emptyMailbox, fieldGone, fieldThere, go } from "./mailbox.js";
import { name } from "./name.js";

const enum Ndef {
  /** Bytes of an URI record before its payload. */
  HEAD = 4,
  /** Where the digits of the name begin. */
  DIGITS = 8,
}
/** What the NDEF message was made of: the name, and the length of the stored URL. */
let shownName = "";
let shownUrl = -1;

/** A frame from the reader. `nfcSend` comes first, work after it. */
function received(came: ArrayBuffer): void {
  const frame = new Frame(came);
  const page = frame[1];
  const at = At.TAG + 4 * page;
  if (frame[0] === TagCommand.READ && page <= Mailbox.LAST_PAGE && frame.length < 3) {
    nfcSend(bytes.subarray(at, at + 16));
    return;
  }
  if (frame[0] === TagCommand.WRITE) {
    // Half a page leaves a fraction, which "& 3" below finds; no page leaves end = page.
    const length = frame.length - 2;
    const end = page + length / 4;
    if (
      page >= Mailbox.HEAD_PAGE &&
      end <= Mailbox.ANSWER_PAGE &&
      end > page &&
      !(length & 3) &&
      bytes[Tag.STATUS + MailboxStatus.STATE] !== MailboxState.BUSY
    ) {
      bytes.set(frame.subarray(2), at);
      nfcSend(TagCommand.ACK);
      if (page <= Mailbox.GO_PAGE && end > Mailbox.GO_PAGE) go();
      return;
    }
  } else if (frame[0] === TagCommand.FAST_READ) {
    const pages = frame[2] - page + 1;
    if (
      frame.length < 4 &&
      pages > 0 &&
      pages <= Mailbox.READ_MOST &&
      frame[2] <= Mailbox.LAST_PAGE
    ) {
      nfcSend(bytes.subarray(at, at + 4 * pages));
      return;
    }
  }
  nfcSend(TagCommand.NAK);
}

/** The field came: what the phone is about to read may have changed since it was written. */
function fieldOn(): void {
  fieldThere();
  if (name !== shownName || bytes[At.REC + Rec.URL_LENGTH] !== shownUrl) writeNdef();
}

/**
 * One URI record (NFC Forum URI RTD): the stored URL, "#" and the name's four digits. An empty
 * message when no URL is stored.
 */
function writeNdef(): void {
  shownName = name;
  shownUrl = bytes[At.REC + Rec.URL_LENGTH];
  zero(Tag.NDEF, Tag.NDEF_SIZE);
  if (!shownUrl || shownUrl > Size.URL_MAX) {
    put("\x03\x00\xfe", Tag.NDEF);
    return;
  }
  const tail = "#" + name.substr(Ndef.DIGITS);
  // TLV "NDEF message"; record header: begin and end of message, short, well-known type "U".
  put("\x03\x00\xd1\x01\x00U", Tag.NDEF);
  bytes[Tag.NDEF + 1] = Ndef.HEAD + shownUrl + tail.length;
  bytes[Tag.NDEF + 4] = shownUrl + tail.length;
  const url = At.REC + Rec.URL_TEXT;
  bytes.set(bytes.subarray(url, url + shownUrl), Tag.NDEF + 6);
  put(tail + "\xfe", Tag.NDEF + 6 + shownUrl);
}

/**
 * Shows the tag, where the board has NFC; from a timer, so that the boot is not longer for it. Its
 * id is random and lasts until the next boot: 08 says "random" in ids of 4 bytes (ISO/IEC 14443-3
 * 6.5.4); among those of 7 bytes, the only ones that this chip can be set to, nothing does, and it
 * stands for a manufacturer.
 */
export function tagStart(): void {
  if (!hasNfc()) return;
  zero(At.HASH, 8);
  // Raw samples, as for the name: an id is no secret, and takes nothing from the pool.
  samples(At.HASH, 2);
  bytes[At.HASH] = 8;
  nfcStart(At.HASH, At.TAG, received, fieldOn, fieldGone);
  // Locked and read-only for phones, 64 bytes (Type 2 Tag: lock bytes, then E1, version, size,
  // access).
  put("\xff\xff\xe1\x10\x08\x0f", Tag.LOCK);
  emptyMailbox();
  writeNdef();
  collect();
}
