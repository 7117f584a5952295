/** What makes a Linux interpreter look like a board is test code: no image for boards holds it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { BUNDLE_PATH } from "../../host/emulator/espruino/bundle.js";
import { shimSource } from "../../host/emulator/board/interpreter/shim.js";

const REPLACES = /E\.(hwRand|nativeCall|getAddressOf)\s*=[^=]|process\.memory\s*=[^=]/;

describe("a board's image", () => {
  it("replaces neither entropy nor native calls, as the tests' boot code does", function () {
    if (!existsSync(BUNDLE_PATH)) this.skip();
    const interpreter = {
      ...{ command: "", args: [], version: "", mapped: false, native: false },
      flash: { address: 0x10000000, size: 262144, page: 1024 },
      variables: { total: 0, bytes: 0 },
    };
    const wiring = { serial: "", button: true, mapped: false };
    assert.match(shimSource(interpreter, { bridge: 0, kernel: 0 }, wiring), REPLACES);
    assert.doesNotMatch(readFileSync(BUNDLE_PATH, "latin1"), REPLACES);
  });
});
