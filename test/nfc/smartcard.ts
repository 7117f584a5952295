/**
 * A stand-in for the smartcard package whose one reader is a simulated NFC reader: READ BINARY and
 * UPDATE BINARY become frames, as contactless PC/SC readers make them (PC/SC Part 3). It says 63 00
 * for a NAK and for silence alike, and reports a card that left its field as removed.
 */
import type { PcscCard, PcscPackage } from "../../host/sdk/links/pcsc/package.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { TAG } from "../../host/sdk/wire/generated.js";
import { Reader, Silence, type ReaderOptions } from "./reader.js";

/** What readers show of an Ultralight or NTAG (PC/SC Part 3, 3.1.3.2.3). */
export const ULTRALIGHT = "3b8f8001804f0ca0000003060300030000000068";
const PRESENT = 0x20;
const FAILED = [0x63, 0x00];

export class PcscReader {
  reader: Reader | undefined;
  atr: string | null = ULTRALIGHT;
  /** What was done, for the tests to look at. */
  readonly done: string[] = [];
  /** From now on the driver answers nothing. */
  hangs = false;
  /** Says 6300 after a write that the tag has taken. */
  deniesWrites = false;
  /** Reads a page where four are asked for. */
  readsSingly = false;
  /** Writes and reads of the tag that were reported as failed. */
  failed = 0;
  private session = 0;

  constructor(private readonly options: ReaderOptions = {}) {}

  /** Puts a board on the reader, or takes it away. */
  hold(board: VirtualBoard | undefined): void {
    this.reader?.field(false);
    this.session++;
    this.reader = board && new Reader(board, this.options);
    this.reader?.field(true);
  }

  readonly load = async (): Promise<PcscPackage> => {
    const connect = () => this.connect();
    const present = () => (this.reader ? PRESENT : 0);
    const { done } = this;
    class Context {
      isValid = true;
      listReaders() {
        return [{ name: "Contactless 00 00", state: present(), connect }];
      }
      close() {
        this.isValid = false;
        done.push("close");
      }
    }
    return {
      ...{ Context, SCARD_SHARE_EXCLUSIVE: 1, SCARD_PROTOCOL_T0: 1, SCARD_PROTOCOL_T1: 2 },
      ...{ SCARD_RESET_CARD: 1, SCARD_STATE_PRESENT: PRESENT },
    };
  };

  private async connect(): Promise<PcscCard> {
    const { session } = this;
    this.done.push("connect");
    return {
      atr: this.atr === null ? null : Buffer.from(this.atr, "hex"),
      transmit: async (command) => {
        if (this.hangs) return new Promise(() => undefined);
        if (session !== this.session || !this.reader?.board.nfc.on)
          throw new Error("Card was removed");
        return Uint8Array.from(this.run(this.reader, command));
      },
      disconnect: () => {
        this.done.push("disconnect");
        if (session !== this.session || !this.reader?.board.nfc.on) return;
        // A reset of the card: the field goes for a moment.
        this.reader.field(false);
        this.reader.field(true);
      },
    };
  }

  private run(reader: Reader, command: readonly number[]): number[] {
    const [cla, ins, p1, page = 0, length = 0, ...data] = command;
    const read = ins === 0xb0 && data.length === 0;
    const update = ins === 0xd6 && length === 4 && data.length === 4;
    if (cla !== 0xff || p1 !== 0 || (!read && !update)) return [0x6d, 0x00];
    const frame = read ? [TAG.READ, page] : [TAG.WRITE, page, ...data];
    try {
      const answer = reader.exchange(Uint8Array.from(frame));
      const most = this.readsSingly ? 4 : length || 16;
      if (typeof answer !== "number") return [...answer.subarray(0, most), 0x90, 0x00];
      return answer === TAG.ACK && !this.deniesWrites ? [0x90, 0x00] : this.fail();
    } catch (error) {
      if (error instanceof Silence) return this.fail();
      throw error;
    }
  }
  private fail(): number[] {
    this.failed++;
    return FAILED;
  }
}
