/**
 * A peripheral on its own: time, interrupt lines, RAM and published events, without a processor.
 */
import type { Host } from "../../../host/emulator/chip/soc/base/block.js";
import { Scheduler } from "../../../host/emulator/chip/scheduler.js";
import { MS, US } from "../../../host/emulator/chip/soc/base/time.js";

export { MS, US };

export class Bench implements Host {
  readonly scheduler = new Scheduler();
  readonly memory = new Uint8Array(0x10000);
  /** Levels by line. */
  readonly lines = new Map<number, boolean>();
  readonly events: number[] = [];

  irq(line: number, level: boolean): void {
    this.lines.set(line, level);
  }
  published(address: number): void {
    this.events.push(address);
  }
  ram(address: number, length: number): Uint8Array {
    const at = address - 0x20000000;
    if (at < 0 || at + length > this.memory.length) throw new Error("not in RAM");
    return this.memory.subarray(at, at + length);
  }
  /** Microseconds pass. */
  pass(us: number): void {
    this.scheduler.advance(this.scheduler.now + us * US);
  }
}
