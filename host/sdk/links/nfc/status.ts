/** The status page of a card's mailbox, read (docs/protocol.md 9, NFC). */

import { MAILBOX, MAILBOX_STATES, MAILBOX_STATUS } from "../../wire/generated.js";

export interface Status {
  readonly state: number;
  readonly seq: number;
  readonly busyMs: number;
  readonly length: number;
  readonly requestCrc: number;
  readonly answerCrc: number;
}

export const state = (name: keyof typeof MAILBOX_STATES): number => MAILBOX_STATES[name].value;

/** What 16 bytes say; undefined when they are no Kincard's status page. */
export function statusOf(page: Uint8Array): Status | undefined {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const known =
    page.length === 16 &&
    view.getUint16(MAILBOX_STATUS.MAGIC) === MAILBOX.MAGIC &&
    page[MAILBOX_STATUS.VERSION] === MAILBOX.VERSION;
  if (!known) return undefined;
  return {
    state: view.getUint8(MAILBOX_STATUS.STATE),
    seq: view.getUint8(MAILBOX_STATUS.SEQ),
    busyMs: MAILBOX.BUSY_MS * view.getUint8(MAILBOX_STATUS.BUSY),
    length: view.getUint16(MAILBOX_STATUS.LENGTH),
    requestCrc: view.getUint32(MAILBOX_STATUS.REQUEST_CRC),
    answerCrc: view.getUint32(MAILBOX_STATUS.ANSWER_CRC),
  };
}
