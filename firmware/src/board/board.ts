/**
 * The board: the only folder of the card that names Espruino's globals. Memory, clock,
 * entropy and button, as plain functions over arena offsets. No policy here.
 */
import type { Address, Flag, Offset } from "../types.js";
import { LISTS } from "../config.js";
import { At } from "../wire/layout.js";

export type Native = (a?: number, b?: number, c?: number, d?: number) => number;

const Storage = require("Storage");

/** The arena and the lists behind it as bytes and as 32-bit words (little-endian, as the processor has them). */
export const bytes = new Uint8Array(At.SIZE + LISTS.length);
export const words = new Int32Array(bytes.buffer);

/** The arena's address, 0 if the interpreter did not give it one piece of memory. */
export function arenaAddress(): Address {
  const address = E.getAddressOf(bytes, true);
  return address & 3 ? 0 : address;
}

/** The address of the kernel's file in mapped flash, 0 if there is none. */
export function kernelAddress(): Address {
  const file = Storage.read("kckern");
  return file ? E.getAddressOf(file, true) : 0;
}

/** Native code at `address` (odd: Thumb); `signature` as Espruino writes it. */
export function nativeEntry(address: Address, signature: string): Native {
  return E.nativeCall(address, signature);
}

/** Fills `count` words at `to` with raw samples. 0 if the hardware raised an exception. */
export function samples(to: Offset, count: number): Flag {
  try {
    const raw = new Int32Array(count).map(E.hwRand);
    words.set(raw, to >> 2);
    raw.fill(0);
  } catch (e) {
    return 0;
  }
  return 1;
}

/**
 * Four random hexadecimal digits, the bits of `set` set, for what is public and short-lived: names
 * and addresses on the air. Never for a key: where the hardware fails they are 0.
 */
export function digits(set: number): string {
  let bits = 0;
  try {
    bits = E.hwRand();
  } catch (e) {
    // a name is no secret
  }
  return (65536 + ((bits | set) & 65535)).toString(16).substr(1);
}

/** Writes an 8-bit string into the arena. Never used for a secret. */
export function put(text: string, to: Offset): void {
  bytes.set(E.toUint8Array(text), to);
}
/** The 32 bits at `at`, high byte first. */
export function big(at: Offset): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
/** The low 16 bits of `value` to `at`, high byte first. */
export function putShort(at: Offset, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}
/** The low 32 bits of `value` to `at`, high byte first. */
export function putBig(at: Offset, value: number): void {
  putShort(at, value >> 16);
  putShort(at + 2, value);
}
/** What lies in the arena, as 8-bit characters. Never a secret. */
export function text(from: Offset, length: number): string {
  return E.toString(bytes.subarray(from, from + length)) || "";
}
/** Seconds, as the board counts them. */
export function now(): number {
  return getTime();
}
export function hasButton(): Flag {
  return typeof BTN === "undefined" ? 0 : 1;
}
/** 1 while the board's button is held. */
export function pressed(): Flag {
  return hasButton() && BTN.read() ? 1 : 0;
}
export function hasLight(): Flag {
  return typeof LED1 === "undefined" ? 0 : 1;
}
/** The board's lights, a bit each for red, green and blue; any bit where it has not all three. */
export function light(bits: number): void {
  if (!hasLight()) return;
  if (typeof LED3 === "undefined") LED1.write(bits);
  else digitalWrite([LED3, LED2, LED1], bits);
}
export function later(callback: () => void, seconds: number): void {
  setTimeout(callback, seconds * 1000);
}

/**
 * The frame that says `word` in answer to another, made without the kernel: seq, word (nothing to a
 * sync), their CRC-32. At `at` meanwhile. "" for a line that can be no frame: Espruino's atob asks
 * for 4 GB when it holds nothing but one or two "=" and white space.
 */
export function frameWithoutKernel(came: string, word: string, at: Offset, lines: Flag): string {
  const first = came.charCodeAt(0);
  if (lines && (first < 43 || first === 61)) return "";
  const raw = lines ? atob(came) : came;
  const said = raw.substr(0, 1) + (raw.length > 5 ? word : "");
  put(said, at);
  putBig(at + said.length, E.CRC32(said));
  const frame = text(at, said.length + 4);
  return lines ? btoa(frame) + "\n" : frame;
}
/**
 * `thrown` is called after an error that nothing caught, `starved` after memory ran out, which no
 * `catch` sees: the interpreter just stops what it does. Both come when the main loop comes round,
 * and what else has come in by then is handled first.
 */
export function onMishap(thrown: () => void, starved: () => void): void {
  process.on("uncaughtException", thrown);
  E.on("errorFlag", (flags) => {
    if (flags.includes("MEMORY")) starved();
  });
}
/** Forgets the whole arena, which a reset would leave in memory, and starts anew. */
export function restart(): void {
  bytes.fill(0);
  E.reboot();
}
/** Collects garbage now (some 5 ms), so that it need not be done where time is short. */
export function collect(): void {
  process.memory();
}
/**
 * Takes the interpreter's prompt off every link: whoever reaches it reads the whole memory. Forced,
 * else connecting a cable or Bluetooth brings it back.
 */
export function closeConsole(): void {
  E.setConsole(null, { force: true });
}
/** 1 while the prompt is on some link. */
export function consoleIsOpen(): Flag {
  return E.getConsole() ? 1 : 0;
}
/** Gives the prompt back to the serial link. */
export function openConsole(): void {
  E.setConsole(Serial1);
}
/** A link of the board: what it sends, and its listener's `this`. */
export interface Port {
  write(text: string): void;
  /** Where the link carries whole frames and no lines: the frame that is complete now, or "". */
  take?(came: object): string;
}
export type Receiver = (this: Port, came: string | object) => void;

/** The wires, serial and (where there is one) USB: everything that comes in goes to `received`. */
export function listen(received: Receiver): void {
  Serial1.on("data", received);
  if (typeof USB !== "undefined") USB.on("data", received);
}
