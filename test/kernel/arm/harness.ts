/**
 * The program around the kernel in the emulated board (QEMU's mps2-an386, a Cortex-M4): makes a
 * list of calls and writes what came out to a file, through semihosting. Written with our own
 * assembler: no C start-up code, no linker.
 *
 * Sources: ARM DDI 0403E B1.5 (vector table, reset); ARM "Semihosting for AArch32 and AArch64"
 * (operations); ARM DDI 0479 (CMSDK dual timer: load, value and control at 0, 4 and 8).
 */

import { Assembler } from "../../../firmware/kernel/asm/assembler.js";
import {
  lr,
  r0,
  r1,
  r2,
  r3,
  r4,
  r5,
  r6,
  r7,
  r8,
  r9,
  r10,
  r11,
  r12,
} from "../../../firmware/kernel/asm/registers.js";
import type { Register } from "../../../firmware/kernel/asm/registers.js";
import { ARENA_ADDRESS, STACK_ADDRESS, STACK_SIZE } from "../../../host/tools/measure/arena.js";

/** The board's 16 MB of PSRAM: calls in the lower half, results in the upper. */
export const CALLS_ADDRESS = 0x21000000;
export const RESULTS_ADDRESS = 0x21800000;
export const HALF = 0x800000;
export const RESULTS_FILE = "results.bin";

const TIMER = 0x40002000;
/** Enabled, 32 bits, free running. */
const TIMER_CONTROL = 0x82;

const SYS_OPEN = 1;
const SYS_CLOSE = 2;
const SYS_WRITE = 5;
const SYS_EXIT_EXTENDED = 0x20;
const OPEN_WRITE_BINARY = 5;
const APPLICATION_EXIT = 0x20026;

/** Reset, NMI, 4 faults, and up to SysTick: everything but reset is a failure. */
const HANDLERS = 15;

/** Copies r7 bytes (a multiple of 4, not 0) of words; both pointers move. */
function copyWords(a: Assembler, to: Register, from: Register): void {
  const loop = a.local("copy");
  a.add(r11, r7, 0);
  a.label(loop);
  a.ldr(r12, from, { post: 4 });
  a.str(r12, to, { post: 4 });
  a.subs(r11, r11, 4);
  a.bc("ne", loop);
}

function semihost(a: Assembler, operation: number): void {
  a.constant(r0, operation);
  a.data(Uint8Array.of(0xab, 0xbe)); // bkpt 0xab
}

/** Exits with a status; the parameter block goes to the start of PSRAM's upper half. */
function exit(a: Assembler, status: number): void {
  a.constant(r1, RESULTS_ADDRESS);
  a.constant(r2, APPLICATION_EXIT);
  a.constant(r3, status);
  a.str(r2, r1);
  a.str(r3, r1, 4);
  semihost(a, SYS_EXIT_EXTENDED);
}

/**
 * The image for address 0. A call in the list is: address of the entry with the Thumb bit, bytes
 * of arena, four arguments, the arena's bytes. A result: r0, timer ticks, the arena's bytes.
 */
export function harness(resultBytes: number): Uint8Array {
  const address = (label: string): number => (labels.get(label) as number) | 0;
  let labels: ReadonlyMap<string, number> = new Map([
    ["reset", 0],
    ["fault", 0],
  ]);
  const make = (): ReturnType<Assembler["assemble"]> => {
    const a = new Assembler();
    const handlers = new Array<number>(HANDLERS - 1).fill(address("fault") | 1);
    a.words([STACK_ADDRESS + STACK_SIZE, address("reset") | 1, ...handlers]);
    program(a, resultBytes);
    return a.assemble();
  };
  labels = make().labels;
  return make().bytes;
}

function program(a: Assembler, resultBytes: number): void {
  a.label("name");
  a.data(Uint8Array.from([...Buffer.from(RESULTS_FILE), 0]));
  a.align(4);
  a.label("open");
  a.words([64, OPEN_WRITE_BINARY, RESULTS_FILE.length]); // the vector table is 64 bytes long
  a.label("write");
  a.words([0, RESULTS_ADDRESS, resultBytes]);
  a.label("reset");
  a.constant(r10, TIMER);
  a.constant(r0, 0xffffffff);
  a.str(r0, r10);
  a.constant(r0, TIMER_CONTROL);
  a.str(r0, r10, 8);
  a.constant(r4, CALLS_ADDRESS);
  a.constant(r5, RESULTS_ADDRESS);
  a.label("next");
  a.ldr(r6, r4, { post: 4 });
  a.cmp(r6, 0);
  a.bc("eq", "done");
  a.ldr(r7, r4, { post: 4 });
  a.add(r8, r4, 0);
  a.add(r4, r4, 16);
  a.constant(r9, ARENA_ADDRESS);
  copyWords(a, r9, r4);
  a.ldr(r9, r10, 4);
  a.ldm(r8, [r0, r1, r2, r3]);
  a.blx(r6, []);
  a.ldr(r11, r10, 4);
  a.sub(r9, r9, r11);
  a.str(r0, r5, { post: 4 });
  a.str(r9, r5, { post: 4 });
  a.constant(r9, ARENA_ADDRESS);
  copyWords(a, r5, r9);
  a.b("next");

  a.label("done");
  a.adr(r1, "open");
  semihost(a, SYS_OPEN);
  a.adr(r1, "write");
  a.str(r0, r1);
  semihost(a, SYS_WRITE);
  a.adr(r1, "write");
  semihost(a, SYS_CLOSE);
  exit(a, 0);
  a.label("fault");
  exit(a, 3);
  a.label("empty"); // a call that does nothing
  a.bx(lr);
}

/** Where the routine that only returns lies: its cost is subtracted from every other. */
export function emptyRoutine(): number {
  const a = new Assembler();
  a.words(new Array<number>(HANDLERS + 1).fill(0));
  program(a, 0);
  return a.assemble().labels.get("empty") as number;
}
