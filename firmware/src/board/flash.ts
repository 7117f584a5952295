/**
 * The board's flash: reading, writing, erasing, and where the vault lies. On boards flash is part
 * of the address space and the kernel reads it in place, so that no secret passes through the
 * interpreter's memory and no byte costs an interpreted step; elsewhere `Flash.read` makes a
 * temporary, which is wiped.
 */
import { At } from "./arena.js";
import { A, W } from "./board.js";
import { base, equal, filled, nCopy, nEqual, nFilled } from "./kernel.js";

const Flash = require("Flash");

/** What is read at a time where flash is not mapped: no more than fits MSG. */
const enum Piece {
  BYTES = 512,
}
/** 1 where flash lies in the address space: the kernel takes its addresses. */
let mapped = 0;

/** Copies flash into the arena. */
export function flashRead(to: number, address: number, length: number): void {
  if (mapped) nCopy(base + to, address, length);
  else {
    const bytes = Flash.read(length, address);
    A.set(bytes, to);
    bytes.fill(0);
  }
}
/** 1 if `length` bytes (at most 512) of flash are those at `from`. May use MSG. */
export function flashEquals(from: number, address: number, length: number): number {
  if (mapped) return nEqual(base + from, address, length);
  flashRead(At.MSG, address, length);
  return equal(from, At.MSG, length);
}
/** 1 if flash is erased there; `length` is a multiple of 512. May use MSG. */
export function flashBlank(address: number, length: number): number {
  if (mapped) return nFilled(address, length, 255);
  const end = address + length;
  while (address < end) {
    flashRead(At.MSG, address, Piece.BYTES);
    if (!filled(At.MSG, Piece.BYTES, 255)) return 0;
    address += Piece.BYTES;
  }
  return 1;
}
export function flashWrite(from: number, address: number, length: number): void {
  Flash.write(A.subarray(from, from + length), address);
}
/** Erases the 4 KB from `address` on, whatever the chip's page size. */
export function flashErase(address: number): void {
  const end = address + 4096;
  while (address < end) {
    Flash.erasePage(address);
    address += Flash.getPage(address).length;
  }
}

/**
 * The address of the first whole 4 KB inside the vault file's data, 0 if there is no such file in
 * the log's first place (design: it is created first, so that compaction never moves it). Where the
 * log begins is known on boards; on Linux the whole flash is free space.
 */
export function vaultAddress(): number {
  let start = process.memory().flash_code_start || 0;
  mapped = start ? 1 : 0;
  if (!start) start = Flash.getFree()[0].addr;
  flashRead(At.MSG, start, 32);
  A[At.MSG + 3] = 0; // flags
  if (W[At.MSG >> 2] < 12256 || E.toString(A.subarray(At.MSG + 4, At.MSG + 12)) !== "kcvault\0")
    return 0;
  return (start + 32 + 4095) & ~4095;
}
