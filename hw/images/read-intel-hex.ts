/**
 * Reads Intel HEX, as compilers and firmware releases write it: all six kinds of record.
 * Source: Intel, Hexadecimal Object File Format Specification, revision A (1988).
 */

/** Bytes in a row, from an address on. */
export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Not a HEX file, or a damaged one; the message names the line. */
export class HexError extends Error {
  override readonly name = "HexError";
}

const DATA = 0;
const END = 1;
const SEGMENT = 2;
const LINEAR = 4;
/** Entry points, which nothing here needs. */
const IGNORED = [3, 5];

function fields(line: string, number: number) {
  const fail = (why: string): never => {
    throw new HexError(`line ${number}: ${why}`);
  };
  if (!/^:([0-9A-F]{2}){5,}$/i.test(line)) return fail("no Intel HEX record");
  const bytes = Buffer.from(line.slice(1), "hex");
  if (bytes.length !== bytes[0]! + 5) return fail("its length is not what it says");
  if (bytes.reduce((sum, byte) => sum + byte, 0) & 255) return fail("its checksum is wrong");
  return { type: bytes[3]!, address: bytes.readUInt16BE(1), data: bytes.subarray(4, -1), fail };
}

/** In the order of their addresses, neighbours joined. Throws HexError. */
export function readIntelHex(text: string): Segment[] {
  const pieces: { address: number; data: Uint8Array }[] = [];
  let base = 0;
  let ended = false;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const { type, address, data, fail } = fields(line, i + 1);
    if (ended) fail("a record after the end");
    if (type === DATA) pieces.push({ address: base + address, data });
    else if (type === END) ended = true;
    else if (type === SEGMENT && data.length === 2) base = ((data[0]! << 8) | data[1]!) << 4;
    else if (type === LINEAR && data.length === 2) base = ((data[0]! << 8) | data[1]!) * 65536;
    else if (!IGNORED.includes(type)) fail(`a record of kind ${type}`);
  }
  if (!ended) throw new HexError("it ends without an end record");
  return joined(pieces);
}

function joined(pieces: { address: number; data: Uint8Array }[]): Segment[] {
  pieces.sort((a, b) => a.address - b.address);
  const rows: { address: number; end: number; parts: Uint8Array[] }[] = [];
  for (const { address, data } of pieces) {
    const last = rows.at(-1);
    if (last && address < last.end) throw new HexError(`two records for ${address.toString(16)}`);
    if (last?.end === address) {
      last.parts.push(data);
      last.end += data.length;
    } else rows.push({ address, end: address + data.length, parts: [data] });
  }
  return rows.map(({ address, parts }) => ({ address, bytes: Buffer.concat(parts) }));
}
