/** A SoftDevice without a program: calls are made by number, as an SVC would make them. */
import { Bus } from "../../../host/emulator/chip/bus.js";
import type { Core, Interrupts } from "../../../host/emulator/chip/cpu/core.js";
import { Scheduler } from "../../../host/emulator/chip/scheduler.js";
import { MS } from "../../../host/emulator/chip/soc/base/time.js";
import { fresh } from "../../../host/emulator/chip/soc/clocks/power.js";
import { identity } from "../../../host/emulator/chip/soc/memory/ficr.js";
import { Soc } from "../../../host/emulator/chip/soc/soc.js";
import { SoftDevice } from "../../../host/emulator/chip/softdevice/softdevice.js";
import { seededRandom } from "../../../host/emulator/entropy.js";
import { Air } from "../../../host/emulator/air/air.js";

/** Where tests lay arguments and find results. */
export const RAM = 0x20004000;
export const ADDRESS = Uint8Array.of(1, 2, 3, 4, 5, 0xc6);

export class Phone {
  readonly bus = new Bus();
  readonly scheduler = new Scheduler();
  readonly pending = new Set<number>();
  readonly flash: string[] = [];
  /** The last write's bytes. */
  written: number[] = [];
  readonly soc: Soc;
  readonly sd: SoftDevice;
  readonly air = new Air({}, (work) => work());
  waits = 0;

  constructor() {
    const { bus, scheduler, pending } = this;
    const nvic = {
      setPending: (line: number) => pending.add(line),
      clearPending: (line: number) => pending.delete(line),
      level: () => undefined,
      setPriority: () => undefined,
    } as unknown as Interrupts;
    const cpu = {
      r: new Int32Array(16),
      nvic,
      scheduler,
      bus,
      stall: (cycles: number) => scheduler.advance(scheduler.now + cycles),
      waitForEvent: () => void this.waits++,
    } as unknown as Core;
    const flash = {
      erase: (address: number) => this.flash.push(`erase ${address.toString(16)}`),
      write: (address: number, bytes: Uint8Array) => {
        this.flash.push(`write ${address.toString(16)} ${bytes.length}`);
        this.written = [...bytes];
      },
    };
    const world = { supply: 3, celsius: 20, input: () => 0 };
    const random = seededRandom("pool");
    this.soc = new Soc({
      random,
      memory: bus,
      ram: bus.ram.length,
      attach: (base, size, peripheral) => bus.attach(base, size, peripheral),
      scheduler,
      nvic: () => nvic,
      identity: identity("test"),
      retained: fresh(),
      flash,
      world,
      off: () => undefined,
      bite: () => undefined,
    });
    const { soc } = this;
    this.sd = new SoftDevice({ bus, cpu, soc, world, random, flash, address: ADDRESS });
    this.sd.ble.air = this.air;
  }

  /** Calls by number; the answer is r0. */
  svc(number: number, ...args: number[]): number {
    const { r } = this.sd.cpu;
    r.set([0, 0, 0, 0]);
    r.set(args);
    this.sd.svc(number);
    return r[0]! >>> 0;
  }
  enabled(): this {
    this.svc(16, 0, 0);
    return this;
  }
  pass(ms: number): void {
    this.scheduler.advance(this.scheduler.now + ms * MS);
  }
  put(at: number, ...bytes: number[]): number {
    this.bus.bytes(at, bytes.length).set(bytes);
    return at;
  }
  put32(at: number, ...words: number[]): number {
    words.forEach((word, i) => this.bus.write(at + 4 * i, word, 4));
    return at;
  }
  get(at: number, length: number): number[] {
    return [...this.bus.bytes(at, length)];
  }
  /** The next event of the stack, as the program fetches it. */
  event(): number[] | undefined {
    const length = this.put(RAM + 0x3000, 200, 0);
    if (this.svc(97, RAM + 0x3100, length)) return undefined;
    return this.get(RAM + 0x3100, this.bus.read(length, 2));
  }
}
