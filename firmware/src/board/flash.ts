/**
 * The board's flash: reading, writing, erasing, and where the vault lies. On boards flash is part
 * of the address space and the kernel reads it in place, so that no secret passes through the
 * interpreter's memory and no byte costs an interpreted step; elsewhere `Flash.read` makes a
 * temporary, which is wiped.
 */
import type { Address, Flag, Offset } from "../types.js";
import { At, Bank } from "../wire/layout.js";
import { bytes, words } from "./board.js";
import { base, equal, filled, nCopy, nEqual, nFilled } from "../wire/kernel.js";

const Flash = require("Flash");

/** Head of a file in Storage's log (Espruino 2v29, src/jsflash.h): size [3], flags, name. */
const enum FileHead {
  FLAGS = 3,
  NAME = 4,
  NAME_USED = 12,
  SIZE = 32,
}

/** 1 where flash lies in the address space: the kernel takes its addresses. */
let mapped: Flag = 0;

/** Copies flash into the arena. */
export function flashRead(to: Offset, address: Address, length: number): void {
  if (mapped) nCopy(base + to, address, length);
  else {
    const piece = Flash.read(length, address);
    bytes.set(piece, to);
    piece.fill(0);
  }
}
/** 1 if `length` bytes (at most 512) of flash are those at `from`. May use MSG. */
export function flashEquals(from: Offset, address: Address, length: number): Flag {
  if (mapped) return nEqual(base + from, address, length) as Flag;
  flashRead(At.PIECE, address, length);
  return equal(from, At.PIECE, length);
}
/** 1 if flash is erased there; `length` is a multiple of 512. May use MSG. */
export function flashBlank(address: Address, length: number): Flag {
  if (mapped) return nFilled(address, length, 255) as Flag;
  const end = address + length;
  while (address < end) {
    flashRead(At.PIECE, address, At.PIECE_SIZE);
    if (!filled(At.PIECE, At.PIECE_SIZE, 255)) return 0;
    address += At.PIECE_SIZE;
  }
  return 1;
}
export function flashWrite(from: Offset, address: Address, length: number): void {
  Flash.write(bytes.subarray(from, from + length), address);
}
/** Erases the 4 KB from `address` on, whatever the chip's page size. */
export function flashErase(address: Address): void {
  const end = address + Bank.SIZE;
  while (address < end) {
    Flash.erasePage(address);
    address += Flash.getPage(address).length;
  }
}

/** 1 if the vault's file has its head at `address` and goes as far as two banks from `banks` on. */
function vaultAt(address: Address, banks: Address): Flag {
  flashRead(At.MSG, address, FileHead.SIZE);
  bytes[At.MSG + FileHead.FLAGS] = 0;
  return words[At.MSG >> 2] >= banks - address - FileHead.SIZE + 2 * Bank.SIZE &&
    E.toString(bytes.subarray(At.MSG + FileHead.NAME, At.MSG + FileHead.NAME_USED)) === "kcvault\0"
    ? 1
    : 0;
}
/**
 * The address of the second 4 KB of the log, 0 if they are not the vault's: its file begins there,
 * behind one that is never erased, or, in older images, at the log's begin (design: so compaction
 * never moves it). Where the log begins is known on boards; on Linux the whole flash is free space.
 */
export function vaultAddress(): Address {
  let start = process.memory(false).flash_code_start || 0;
  mapped = start ? 1 : 0;
  if (!start) start = Flash.getFree()[0].addr;
  const banks = start + Bank.SIZE;
  return vaultAt(banks - FileHead.SIZE, banks) || vaultAt(start, banks) ? banks : 0;
}
