/**
 * SAADC (nRF52832 Product Specification v1.4, chapter SAADC): one-shot conversions of single-ended
 * inputs into RAM by EasyDMA.
 *
 * Limits: no scan faster than its samples, no oversampling, no limits; noise-free.
 */

import { Block, type Cell, type Host } from "../base/block.js";
import { US } from "../base/time.js";
import { missing } from "../base/trap.js";

const CHANNELS = 8;
/** tCONV, and acquisition by CONFIG.TACQ. */
const CONVERTS = 2 * US;
const ACQUIRES = [3, 5, 10, 15, 20, 40];
const GAINS = [1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 1, 2, 4];
const INTERNAL_REFERENCE = 0.6;

export interface Analog {
  /** Volts of the supply, and at an analog input 0..7. */
  readonly supply: number;
  input(channel: number): number;
}

export class Saadc {
  readonly block: Block;
  readonly #channels: { positive: Cell; config: Cell }[] = [];

  constructor(
    private readonly host: Host,
    private readonly analog: Analog,
  ) {
    const block = (this.block = new Block(host, "SAADC", 0x40007000, 7));
    const started = block.event(0x100, "EVENTS_STARTED");
    const end = block.event(0x104, "EVENTS_END");
    const done = block.event(0x108, "EVENTS_DONE");
    const result = block.event(0x10c, "EVENTS_RESULTDONE");
    const calibrated = block.event(0x110, "EVENTS_CALIBRATEDONE");
    const stopped = block.event(0x114, "EVENTS_STOPPED");
    block.interrupts(true);
    let busy = false;
    block.live(0x400, "STATUS", () => (busy ? 1 : 0));
    block.cell(0x500, "ENABLE", 0, 1);
    for (let i = 0; i < CHANNELS; i++) {
      const positive = block.cell(0x510 + 16 * i, `CH[${i}].PSELP`, 0, 0x1f);
      block.cell(0x514 + 16 * i, `CH[${i}].PSELN`, 0, 0x1f);
      const config = block.cell(0x518 + 16 * i, `CH[${i}].CONFIG`, 0x20000);
      block.cell(0x51c + 16 * i, `CH[${i}].LIMIT`, 0x7fff8000);
      this.#channels.push({ positive, config });
    }
    const resolution = block.cell(0x5f0, "RESOLUTION", 1, 7);
    block.cell(0x5f4, "OVERSAMPLE", 0, 15);
    block.cell(0x5f8, "SAMPLERATE", 0, 0x17ff);
    const pointer = block.cell(0x62c, "RESULT.PTR");
    const most = block.cell(0x630, "RESULT.MAXCNT", 0, 0x7fff);
    let amount = 0;
    block.live(0x634, "RESULT.AMOUNT", () => amount);
    block.task(0x000, "TASKS_START", () => {
      amount = 0;
      started.fire();
    });
    block.task(0x004, "TASKS_SAMPLE", () => {
      const on = this.#channels.filter(({ positive }) => positive.value !== 0);
      const times = on.map(({ config }) => ACQUIRES[(config.value >> 16) & 7]! * US + CONVERTS);
      busy = true;
      host.scheduler.after(
        times.reduce((a, b) => a + b, 0),
        () => {
          busy = false;
          for (const { positive, config } of on) {
            if (amount >= most.value) break;
            const value = this.#convert(positive.value, config.value, resolution.value);
            const to = this.host.ram(pointer.value + 2 * amount++, 2);
            to.set([value & 255, (value >> 8) & 255]);
            done.fire();
            result.fire();
          }
          if (amount >= most.value) end.fire();
        },
      );
    });
    block.task(0x008, "TASKS_STOP", () => stopped.fire());
    block.task(0x00c, "TASKS_CALIBRATEOFFSET", () => calibrated.fire());
  }

  #convert(select: number, config: number, resolution: number): number {
    const { supply } = this.analog;
    const volts = select === 9 ? supply : this.analog.input(select - 1);
    const gain = GAINS[(config >> 8) & 7]!;
    const reference = (config >> 12) & 1 ? supply / 4 : INTERNAL_REFERENCE;
    if ((config >> 20) & 1) missing("SAADC's differential mode");
    const full = 2 ** (8 + 2 * resolution);
    const value = Math.round((volts * gain * full) / reference);
    return Math.max(-full, Math.min(full - 1, value));
  }
}
