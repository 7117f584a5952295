/** A reader's coil at a board: what an NFC reader, or a test, can do to it and see of it. */

export type NfcAnswer =
  | { readonly kind: "answer"; readonly bytes: Uint8Array }
  | { readonly kind: "ack"; readonly value: number }
  | { readonly kind: "nothing" };
export type NfcEvent = "NFCon" | "NFCoff" | "NFCrx";

/** A reader's coil at a board, whatever becomes of the board's power. */
export interface NfcCoil {
  /** Whether the coil's field is at the board. */
  readonly on: boolean;
  /** What anticollision shows of the tag; undefined when nothing answers. */
  readonly uid: Uint8Array | undefined;
  field(on: boolean): void;
  /** The board's next word of this kind finds the interpreter's queue full, and is dropped. */
  loses(event: NfcEvent): void;
  /** A frame without CRC, and what came back. */
  frame(bytes: Uint8Array): NfcAnswer;
  /** A frame whose reader is gone before the answer: sending it is an error of the board's. */
  last(bytes: Uint8Array): void;
}
