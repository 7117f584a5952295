/**
 * The files of a zip archive in memory: stored and deflated ones. Source: PKWARE, .ZIP File Format
 * Specification 6.3.10. Limits: no encryption, no zip64, 16 MB unpacked.
 */

import { inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const MOST = 16 << 20;

export function unzip(archive: Uint8Array): Map<string, Uint8Array> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.length);
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0 || bytes.readUInt32LE(end) !== END) throw new Error("no zip archive");
  const files = new Map<string, Uint8Array>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error("a damaged zip archive");
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const raw = bytes.subarray(data, data + size);
    if (method !== 0 && method !== 8) throw new Error(`a zip archive packed by method ${method}`);
    const title = bytes.toString("utf8", at + 46, at + 46 + name!);
    files.set(title, method ? inflateRawSync(raw, { maxOutputLength: MOST }) : raw);
    at += 46 + name! + extra! + comment!;
  }
  return files;
}
