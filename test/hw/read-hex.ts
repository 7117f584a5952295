/**
 * A reader of Intel HEX for the tests: address -> byte. Written from the format, not the writer.
 */
export function readHex(text: string): Map<number, number> {
  const memory = new Map<number, number>();
  let base = 0;
  let ended = false;
  for (const line of text.split(/\r?\n/)) {
    if (!line) continue;
    if (ended) throw new Error("a record after the end");
    const match = /^:([0-9A-F]{2})([0-9A-F]{4})(00|01|04)((?:[0-9A-F]{2})*)$/.exec(line);
    if (!match) throw new Error(`no record: ${line}`);
    const bytes = Buffer.from(line.slice(1), "hex");
    if (bytes.reduce((sum, byte) => sum + byte, 0) & 255) throw new Error(`checksum: ${line}`);
    const count = bytes[0]!;
    if (bytes.length !== count + 5) throw new Error(`length: ${line}`);
    const data = bytes.subarray(4, 4 + count);
    if (match[3] === "01") ended = true;
    else if (match[3] === "04") base = data.readUInt16BE(0) * 65536;
    else
      data.forEach((byte, i) => {
        const address = base + bytes.readUInt16BE(1) + i;
        if (memory.has(address)) throw new Error(`twice: ${address}`);
        memory.set(address, byte);
      });
  }
  if (!ended) throw new Error("no end");
  return memory;
}
