import { strict as assert } from "node:assert";
import { intelHex } from "../../hw/images/intel-hex.js";
import { readHex } from "./read-hex.js";

describe("Intel HEX", () => {
  it("is what the format's own example says", () => {
    // the classic record: 16 bytes at 0100
    const data = Buffer.from("214601360121470136007EFE09D21901", "hex");
    assert.deepEqual(intelHex(0x100, data).split("\r\n"), [
      ":020000040000FA",
      ":10010000214601360121470136007EFE09D2190140",
      ":00000001FF",
      "",
    ]);
  });
  it("goes over 64 KB boundaries", () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
    const start = 0x6fff0;
    const memory = readHex(intelHex(start, bytes));
    assert.equal(memory.size, 100);
    for (let i = 0; i < 100; i++) assert.equal(memory.get(start + i), i);
  });
  it("a reader finds a flipped digit", () => {
    const text = intelHex(0, Uint8Array.of(1, 2, 3)).replace("010203", "010213");
    assert.throws(() => readHex(text), /checksum/);
  });
});
