/**
 * What is on a board: asked at its prompt, in one expression, without reading anything secret. That
 * a vault is in use shows in its checksum: an empty one is all ones.
 */
import {
  HEADER,
  OLD_VAULT_SIZE,
  VAULT_FILE,
  VAULT_PAGE,
  VAULT_SIZE,
} from "../../../hw/images/storage-names.js";
import { fromBase64, toLatin1, visible } from "../../sdk/crypto/text.js";
import { crc32 } from "../../sdk/links/line/crc32.js";
import type { BoardConsole } from "./console/console.js";

export interface Survey {
  readonly files: readonly string[];
  readonly free: number;
  /** Where Storage begins; 0 on the Linux build, which does not map it. */
  readonly start: number;
  /** Name of the first file of the log. */
  readonly first: string;
  /**
   * no vault file; an empty one; one that holds a card; one of another size or place, which may
   * hold a card of another version.
   */
  readonly vault: "none" | "empty" | "in use" | "foreign";
}

/** CRC-32 of an erased vault by its size, that of an older image's too. */
export const EMPTY_VAULTS: ReadonlyMap<number, number> = new Map(
  [VAULT_SIZE, OLD_VAULT_SIZE].map((size) => [size, crc32(new Uint8Array(size).fill(255))]),
);

/** No board has a larger Storage. */
const STORAGE_MOST = 16 * 1024 * 1024;
function isErased(size: number, crc: number): boolean {
  const known = EMPTY_VAULTS.get(size);
  if (known !== undefined) return crc === known;
  return size <= STORAGE_MOST && crc === crc32(new Uint8Array(size).fill(255));
}

const EXPRESSION = `(function(){
var s=require("Storage"),f=require("Flash"),v=s.read("${VAULT_FILE}"),m=process.memory();
var a=m.flash_code_start||0,b=a||f.getFree()[0].addr;
function h(o){return btoa(E.toString(f.read(${HEADER},b+o)));}
return {files:s.list(),free:s.getFree(),start:a,head:h(0),second:h(${VAULT_PAGE - HEADER}),
size:v?v.length:0,crc:v?E.CRC32(v):0};})()`.replaceAll("\n", "");

/** A file's name in its head, which came as base64. */
function nameIn(head: string): string {
  return toLatin1(fromBase64(head))
    .slice(4)
    .replace(/[\0\xff]+$/, "");
}
/** At the one place, and of the one size, that a vault has; or of those it had once. */
function isOurs(size: number, first: string, second: string): boolean {
  if (size === VAULT_SIZE) return second === VAULT_FILE && first !== VAULT_FILE;
  return size === OLD_VAULT_SIZE && first === VAULT_FILE;
}

export async function survey(board: BoardConsole): Promise<Survey> {
  const found = await board.evaluate<{
    files: string[];
    free: number;
    start: number;
    head: string;
    second: string;
    size: number;
    crc: number;
  }>(EXPRESSION, 8);
  const first = nameIn(found.head);
  const { files, free, start, size, crc } = found;
  let vault: Survey["vault"] = "none";
  if (size > 0) {
    if (isErased(size, crc >>> 0)) vault = "empty";
    else vault = isOurs(size, first, nameIn(found.second)) ? "in use" : "foreign";
  }
  return { files: files.map(visible), free, start, first, vault };
}
