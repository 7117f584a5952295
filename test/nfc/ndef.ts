/**
 * What a phone makes of a Type 2 tag: NFC Forum Type 2 Tag 1.2 (memory, capability container,
 * TLVs), NDEF 1.0 (records), URI RTD 1.0 (identifier codes). Only what those say; errors are
 * thrown.
 */

/** URI RTD 1.0, table 3, as far as anybody would use it for a page. */
const PREFIXES = ["", "http://www.", "https://www.", "http://", "https://"];

/** The data area as the capability container bounds it, through READs of 16 bytes. */
export function dataArea(read: (page: number) => Uint8Array): Uint8Array {
  const head = read(0);
  const [magic, version, size = 0, access] = head.subarray(12, 16);
  if (magic !== 0xe1) throw new Error("no NDEF magic number in page 3");
  if ((version as number) >> 4 !== 1) throw new Error("another major version");
  if (access !== 0x0f) throw new Error("not read-only for phones");
  const area = new Uint8Array(8 * size + 16);
  for (let at = 0; at < 8 * size; at += 16) area.set(read(4 + at / 4), at);
  return area.subarray(0, 8 * size);
}

/** The value of the first NDEF message TLV; every TLV must lie in the area. */
export function ndefMessage(area: Uint8Array): Uint8Array {
  for (let at = 0; ;) {
    const type = area[at++];
    if (type === undefined) throw new Error("the TLVs run past the data area");
    if (type === 0x00) continue;
    if (type === 0xfe) throw new Error("no NDEF message TLV");
    let length = area[at++] as number;
    if (length === 255) {
      length = ((area[at] as number) << 8) | (area[at + 1] as number);
      at += 2;
    }
    if (at + length > area.length) throw new Error("a TLV is longer than the data area");
    if (type === 0x03) {
      if (area[at + length] !== 0xfe) throw new Error("no terminator TLV");
      return area.slice(at, at + length);
    }
    at += length;
  }
}

/** The address in a message of one URI record; undefined for an empty message. */
export function uriOf(message: Uint8Array): string | undefined {
  if (message.length === 0) return undefined;
  const [flags = 0, typeLength = 0, length = 0] = message;
  if ((flags & 0xf8) !== 0xd0) throw new Error("not one short record without id");
  if ((flags & 7) !== 1 || typeLength !== 1) throw new Error("not of a well-known type");
  if (message[3] !== 0x55) throw new Error("not a URI record");
  if (message.length !== 4 + length) throw new Error("the message does not end with its record");
  const code = message[4] as number;
  const prefix = PREFIXES[code];
  if (prefix === undefined) throw new Error(`unknown URI identifier code ${code}`);
  return prefix + new TextDecoder("utf-8", { fatal: true }).decode(message.slice(5));
}
