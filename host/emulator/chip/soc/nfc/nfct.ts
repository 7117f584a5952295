/**
 * NFCT to frame level (nRF52832 Product Specification v1.4, chapter NFCT): the field's coming and
 * going, selection as one event, frames by EasyDMA in both directions, the frame delay.
 *
 * The other side is a reader's coil: `setField`, `select`, `receive`; what the tag sends comes to
 * `onAnswer`. The hardware's own anticollision is in `select`. Limits: no bit errors, no CRC
 * errors, no analogue world; a frame that nobody hears is lost, as in the air.
 */

import type { Handle } from "../../scheduler.js";
import { Block, type Cell, type Event, type Host } from "../base/block.js";
import { US } from "../base/time.js";
import { missing } from "../base/trap.js";
import { CARRIER, frameTime, shortTime } from "./air.js";

/** From ACTIVATE to READY; from the field to its detection. */
const ACTIVATES = 500 * US;
const DETECTS = 100 * US;
const TIMED_OUT = 1;
/** FRAMEDELAYMODE: FreeRun sends at once, Window from FRAMEDELAYMIN on. */
const EXACT = 2;

const EVENTS = {
  ready: [0x100, "READY"],
  detected: [0x104, "FIELDDETECTED"],
  lost: [0x108, "FIELDLOST"],
  txStart: [0x10c, "TXFRAMESTART"],
  txEnd: [0x110, "TXFRAMEEND"],
  rxStart: [0x114, "RXFRAMESTART"],
  rxEnd: [0x118, "RXFRAMEEND"],
  error: [0x11c, "ERROR"],
  rxError: [0x128, "RXERROR"],
  endRx: [0x12c, "ENDRX"],
  endTx: [0x130, "ENDTX"],
  autoStarted: [0x138, "AUTOCOLRESSTARTED"],
  collision: [0x148, "COLLISION"],
  selected: [0x14c, "SELECTED"],
  started: [0x150, "STARTED"],
} as const;
type EventName = keyof typeof EVENTS;

const CELLS = {
  delayMin: [0x504, "FRAMEDELAYMIN", 0x480],
  delayMax: [0x508, "FRAMEDELAYMAX", 0x1000],
  delayMode: [0x50c, "FRAMEDELAYMODE", 1],
  packet: [0x510, "PACKETPTR", 0],
  most: [0x514, "MAXLEN", 0],
  txConfig: [0x518, "TXD.FRAMECONFIG", 0x17],
  txAmount: [0x51c, "TXD.AMOUNT", 0],
  rxConfig: [0x520, "RXD.FRAMECONFIG", 0x15],
  rxAmount: [0x524, "RXD.AMOUNT", 0],
  idLast: [0x590, "NFCID1_LAST", 0x6363],
  idSecond: [0x594, "NFCID1_2ND_LAST", 0],
  idThird: [0x598, "NFCID1_3RD_LAST", 0],
  sensRes: [0x5a0, "SENSRES", 1],
  selRes: [0x5a4, "SELRES", 0],
} as const;
type CellName = keyof typeof CELLS;

export type Answer =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly delay: number }
  | { readonly kind: "bits"; readonly value: number; readonly delay: number };

export class Nfct {
  readonly block: Block;
  /** An answer whose last bit has left; `delay` is from the frame's end to its start, in cycles. */
  onAnswer: (answer: Answer) => void = () => undefined;
  /** The frame delay ran out before an answer. */
  onSilence: () => void = () => undefined;

  readonly #host: Host;
  readonly #events = {} as Record<EventName, Event>;
  readonly #cells = {} as Record<CellName, Cell>;
  #field = false;
  #sensing = false;
  #active = false;
  #selected = false;
  #listening = false;
  /** When the frame that waits for its answer ended. */
  #asked: number | undefined;
  #deadline: Handle | undefined;
  #sending: Handle | undefined;
  #errors = 0;

  constructor(host: Host) {
    this.#host = host;
    const block = (this.block = new Block(host, "NFCT", 0x40005000, 5));
    for (const name of Object.keys(EVENTS) as EventName[]) {
      const [offset, title] = EVENTS[name];
      this.#events[name] = block.event(offset, `EVENTS_${title}`);
    }
    for (const name of Object.keys(CELLS) as CellName[]) {
      const [offset, title, reset] = CELLS[name];
      this.#cells[name] = block.cell(offset, title, reset);
    }
    const delayMax = this.#cells.delayMax;
    delayMax.write = (value) => {
      delayMax.value = value & 0xffff;
      this.#arm();
    };
    block.task(0x000, "TASKS_ACTIVATE", () => this.#activate());
    block.task(0x004, "TASKS_DISABLE", () => this.#disable());
    block.task(0x008, "TASKS_SENSE", () => this.#sense());
    block.task(0x00c, "TASKS_STARTTX", () => this.#transmit());
    block.task(0x01c, "TASKS_ENABLERXDATA", () => (this.#listening = true));
    block.task(0x024, "TASKS_GOIDLE", () => (this.#selected = false));
    block.task(0x028, "TASKS_GOSLEEP", () => (this.#selected = false));
    block.shortcuts([
      [0, this.#events.detected, () => this.#activate()],
      [1, this.#events.lost, () => this.#sense()],
    ]);
    block.interrupts(true);
    block.live(
      0x404,
      "ERRORSTATUS",
      () => this.#errors,
      (v) => void (this.#errors &= ~v),
    );
    block.live(
      0x40c,
      "FRAMESTATUS.RX",
      () => 0,
      () => undefined,
    );
    block.cell(0x430, "CURRENTLOADCTRL", 0, 0x3f);
    block.live(0x43c, "FIELDPRESENT", () => (this.#field ? 3 : 0));
    for (const at of [0x610, 0x614, 0x618, 0x688]) block.cell(at, "modulation (errata 57)");
    block.live(
      0xffc,
      "POWER (errata 116)",
      () => 1,
      (value) => value & 1 || this.#reset(),
    );
  }

  get field(): boolean {
    return this.#field;
  }
  get selected(): boolean {
    return this.#selected;
  }
  /** Whether a reader's REQA would be answered. */
  get answers(): boolean {
    return this.#active && this.#field;
  }
  /** The UID that anticollision shows: seven bytes, as SENSRES asks for two cascade levels. */
  get uid(): Uint8Array {
    const { idSecond, idLast } = this.#cells;
    const bytes = (word: number, count: number) =>
      Array.from({ length: count }, (_, i) => (word >>> (8 * (count - 1 - i))) & 255);
    return Uint8Array.from([...bytes(idSecond.value, 3), ...bytes(idLast.value, 4)]);
  }

  setField(on: boolean): void {
    if (this.#field === on) return;
    this.#field = on;
    if (on) {
      this.#host.scheduler.after(DETECTS, () => {
        if (this.#field && this.#sensing) this.#events.detected.fire();
      });
      return;
    }
    this.#forget();
    if (this.#sensing) this.#events.lost.fire();
  }

  /** The end of a selection. False when nothing answered. */
  select(): boolean {
    if (!this.answers) return false;
    this.#forget();
    this.#selected = true;
    this.#events.selected.fire();
    return true;
  }

  /** A frame's end has come, its CRC left out. False when nobody listened. */
  receive(frame: Uint8Array): boolean {
    if (!this.#field || !this.#selected || !this.#listening) return false;
    this.#listening = false;
    const { packet, most, rxAmount } = this.#cells;
    const count = Math.min(frame.length + 2, most.value);
    const to = this.#host.ram(packet.value, count);
    // The hardware leaves the CRC it checked behind the bytes; its value matters to nobody.
    to.set(frame.subarray(0, count));
    to.fill(0, Math.min(frame.length, count));
    rxAmount.value = (frame.length + 2) << 3;
    this.#asked = this.#host.scheduler.now;
    this.#arm();
    this.#events.rxStart.fire();
    this.#events.rxEnd.fire();
    this.#events.endRx.fire();
    return true;
  }

  #sense(): void {
    this.#sensing = true;
    this.#active = false;
    this.#selected = false;
    if (!this.#field) return;
    this.#host.scheduler.after(DETECTS, () => {
      if (this.#field && this.#sensing && !this.#active) this.#events.detected.fire();
    });
  }
  #activate(): void {
    this.#host.scheduler.after(ACTIVATES, () => {
      if (!this.#sensing) return;
      this.#active = true;
      this.#events.ready.fire();
    });
  }
  #disable(): void {
    this.#sensing = false;
    this.#active = false;
    this.#forget();
  }
  /**
   * Errata 116's reset: configuration goes back to its defaults, but a tag that was sensing for the
   * field goes on. Drivers for this chip rely on that: none triggers SENSE behind it.
   */
  #reset(): void {
    const sensing = this.#sensing;
    this.#disable();
    this.#sensing = sensing;
    this.#errors = 0;
    for (const name of Object.keys(CELLS) as CellName[]) {
      const [, , reset] = CELLS[name];
      this.#cells[name].value = reset;
    }
    for (const event of Object.values(this.#events)) event.clear();
    this.block.write(0x308, 0xffffffff);
    if (sensing) this.#sense();
  }
  #forget(): void {
    const { scheduler } = this.#host;
    scheduler.cancel(this.#deadline);
    scheduler.cancel(this.#sending);
    this.#deadline = this.#sending = undefined;
    this.#asked = undefined;
    this.#selected = false;
    this.#listening = false;
  }

  /** FRAMEDELAYMAX is compared live: the program may move the deadline while it runs. */
  #arm(): void {
    const { scheduler } = this.#host;
    scheduler.cancel(this.#deadline);
    this.#deadline = undefined;
    if (this.#asked === undefined || this.#sending) return;
    this.#deadline = scheduler.at(this.#asked + this.#cells.delayMax.value * CARRIER, () => {
      this.#deadline = undefined;
      this.#asked = undefined;
      this.#errors |= TIMED_OUT;
      this.onSilence();
      this.#events.error.fire();
    });
  }

  #transmit(): void {
    const asked = this.#asked;
    // After the frame delay nothing goes out: the reader has given up.
    if (asked === undefined || this.#sending) return;
    const { scheduler } = this.#host;
    const { delayMode, delayMin, delayMax, packet, txAmount, txConfig } = this.#cells;
    if (delayMode.value > EXACT + 1) missing(`NFCT.FRAMEDELAYMODE = ${delayMode.value}`);
    const earliest = delayMode.value === 0 ? 0 : delayMin.value;
    const latest = delayMode.value === EXACT ? delayMax.value : earliest;
    const start = Math.max(scheduler.now, asked + latest * CARRIER);
    scheduler.cancel(this.#deadline);
    this.#deadline = undefined;
    const bits = txAmount.value & 7;
    const whole = (txAmount.value >> 3) & 0x1ff;
    const crc = (txConfig.value & 0x10) !== 0;
    const takes = whole === 0 ? shortTime(bits) : frameTime(whole, crc);
    this.#sending = scheduler.at(start, () => {
      const bytes = this.#host.ram(packet.value, whole + (bits ? 1 : 0)).slice();
      this.#events.started.fire();
      this.#events.txStart.fire();
      this.#sending = scheduler.after(takes, () => {
        this.#sending = undefined;
        this.#asked = undefined;
        this.#events.endTx.fire();
        this.#events.txEnd.fire();
        const delay = start - asked;
        const value = (bytes[0] ?? 0) & ((1 << bits) - 1);
        if (whole) this.onAnswer({ kind: "bytes", bytes, delay });
        else this.onAnswer({ kind: "bits", value, delay });
      });
    });
  }
}
