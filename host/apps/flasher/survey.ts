/**
 * What is on a board: asked at its prompt, in one expression, without reading anything secret. That
 * a vault is in use shows in its checksum: an empty one is all ones.
 */
import { VAULT_FILE, VAULT_SIZE } from "../../../hw/images/storage-names.js";
import { fromBase64, toLatin1, visible } from "../../sdk/crypto/text.js";
import { crc32 } from "../../sdk/links/crc32.js";
import type { BoardConsole } from "./console.js";

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

export const EMPTY_VAULT_CRC = crc32(new Uint8Array(VAULT_SIZE).fill(255));

/** No board has a larger Storage. */
const STORAGE_MOST = 16 * 1024 * 1024;
function isErased(size: number, crc: number): boolean {
  if (size === VAULT_SIZE) return crc === EMPTY_VAULT_CRC;
  return size <= STORAGE_MOST && crc === crc32(new Uint8Array(size).fill(255));
}

const EXPRESSION = `(function(){
var s=require("Storage"),f=require("Flash"),v=s.read("${VAULT_FILE}"),m=process.memory();
var a=m.flash_code_start||0,h=f.read(32,a||f.getFree()[0].addr);
return {files:s.list(),free:s.getFree(),start:a,head:btoa(E.toString(h)),
size:v?v.length:0,crc:v?E.CRC32(v):0};})()`.replaceAll("\n", "");

export async function survey(board: BoardConsole): Promise<Survey> {
  const found = await board.evaluate<{
    files: string[];
    free: number;
    start: number;
    head: string;
    size: number;
    crc: number;
  }>(EXPRESSION, 8);
  const head = toLatin1(fromBase64(found.head));
  const first = head.slice(4).replace(/[\0\xff]+$/, "");
  const { files, free, start, size, crc } = found;
  let vault: Survey["vault"] = "none";
  if (size > 0) {
    if (isErased(size, crc >>> 0)) vault = "empty";
    else vault = size === VAULT_SIZE && first === VAULT_FILE ? "in use" : "foreign";
  }
  return { files: files.map(visible), free, start, first, vault };
}
