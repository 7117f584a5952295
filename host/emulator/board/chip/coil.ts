/**
 * A reader's coil at a chip, to frame level and in the chip's own time: how long frames are on the
 * air, when the answer began, what came too late.
 *
 * Selection is done when the field comes, as readers do; `select` does it again (HLTA and WUPA, a
 * presence check). Limits: one reader, no collisions, no bit errors.
 */

import type { Chip } from "../../chip/chip.js";
import { MS, US } from "../../chip/soc/base/time.js";
import { frameTime, SELECTION } from "../../chip/soc/nfc/air.js";
import type { Answer, Nfct } from "../../chip/soc/nfc/nfct.js";
import { BoardTrap } from "../../faults.js";
import type { NfcAnswer, NfcCoil, NfcEvent } from "../../air/coil.js";
import type { Drive } from "./drive.js";

/** ISO 14443-3: a card has 5 ms from the field to its readiness. */
const GUARD = 8 * MS;
/** The longest that the tag may take (65536 / fc), and what a reader waits beyond it. */
const WAITS = 4.84 * MS;
const MARGIN = 0.2 * MS;

export interface FrameTimes {
  /** From the frame's end to the answer's first bit, in milliseconds; undefined: none came. */
  readonly delay: number | undefined;
}

export class ChipCoil implements NfcCoil {
  on = false;
  /** The newest frame's. */
  times: FrameTimes = { delay: undefined };
  /** Frames that were heard and not answered in time, and frames that nobody heard. */
  late = 0;
  unheard = 0;
  #answer: Answer | undefined;
  #silent = false;

  constructor(
    private readonly chip: Chip,
    private readonly drive: Drive,
  ) {}

  /** After each reset: the new peripheral is told of the field. */
  attach(nfct: Nfct): void {
    nfct.onAnswer = (answer) => {
      this.#answer = answer;
      this.chip.cpu.stop();
    };
    nfct.onSilence = () => {
      this.#silent = true;
      this.chip.cpu.stop();
    };
    if (this.on) nfct.setField(true);
  }

  get uid(): Uint8Array | undefined {
    const nfct = this.chip.soc?.nfct;
    return this.on && nfct?.selected ? nfct.uid : undefined;
  }

  field(on: boolean): void {
    this.on = on;
    this.chip.soc?.nfct.setField(on);
    if (on) this.select(GUARD);
    else this.drive.wake();
  }

  /** Whether a tag answered. */
  select(guard = 0): boolean {
    this.wait(guard + SELECTION);
    const done = this.chip.soc?.nfct.select() ?? false;
    this.wait(US);
    return done;
  }

  loses(event: NfcEvent): void {
    throw new BoardTrap(`${event} can't be lost on purpose on a chip: it has the real queue`);
  }

  frame(bytes: Uint8Array): NfcAnswer {
    this.times = { delay: undefined };
    this.wait(frameTime(bytes.length));
    this.#answer = undefined;
    this.#silent = false;
    const heard = this.chip.soc?.nfct.receive(bytes) ?? false;
    const end = this.chip.scheduler.now + WAITS + MARGIN;
    if (!heard) {
      this.unheard++;
      this.wait(WAITS + MARGIN);
      return { kind: "nothing" };
    }
    // What began in time may take longer to end.
    const longest = end + frameTime(256);
    const over = () => this.#answer !== undefined || this.#silent;
    this.drive.runTo(longest, over);
    const answer = this.#answer as Answer | undefined;
    if (!answer || answer.delay > WAITS) {
      this.late++;
      return { kind: "nothing" };
    }
    this.times = { delay: answer.delay / MS };
    if (answer.kind === "bits") return { kind: "ack", value: answer.value };
    return { kind: "answer", bytes: answer.bytes };
  }

  last(bytes: Uint8Array): void {
    this.wait(frameTime(bytes.length));
    this.chip.soc?.nfct.receive(bytes);
    this.field(false);
    this.wait(WAITS + MARGIN);
  }

  /** The reader waits, the chip goes on. */
  wait(cycles: number): void {
    if (this.chip.on) this.drive.runTo(this.chip.scheduler.now + cycles);
  }
}
