/** The bundle as it lies in dist: the same each time, of one maker, and able to start. */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex } from "@noble/curves/utils.js";
import { buildFirmware, type FirmwareInfo } from "../../firmware/build/firmware.js";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { BuildRefused } from "../../firmware/build/check/findings.js";
import { DIST } from "../../firmware/build/paths.js";
import { pretokenise } from "../../firmware/build/passes/pretokenise.js";
import { bundleFor, demoFirmware, keptIn, OTHER_MAKER } from "../support/bundles.js";
import { ESPRUINO_BIN, NO_INTERPRETER, onInterpreter } from "./espruino.js";
import { inFull } from "../support/full.js";

const sha256 = (data: string | Buffer) =>
  createHash("sha256")
    .update(typeof data === "string" ? Buffer.from(data, "latin1") : data)
    .digest("hex");
const inDist = (name: string) => readFileSync(join(DIST, name));
const described = JSON.parse(inDist("firmware.json").toString()) as FirmwareInfo;

describe("the bundle", function () {
  this.timeout(60_000);

  it("in dist is what firmware.json says it is", () => {
    assert.equal(sha256(inDist("firmware.js")), described.sha256);
    assert.equal(inDist("firmware.js").length, described.size);
  });
  inFull("comes out the same when it is built again", async () => {
    const { makerKey } = described;
    const again = await buildFirmware({ makerKey, outDir: null });
    assert.equal(again.info.sha256, described.sha256, "dist is stale, or the build is not stable");
    assert.equal(again.path, undefined);
  });
  it("holds the key of the maker it was built for, and DEMO exactly for the published one", async () => {
    const key = bytesToHex(secp256k1.getPublicKey(OTHER_MAKER, true));
    const [other, demo] = [keptIn(dirname(await bundleFor(key))), await demoFirmware()];
    assert.deepEqual([other.info.demo, demo.info.demo], [false, true]);
    assert.deepEqual([other.info.makerKey, demo.info.makerKey], [key, DEMO_MAKER_PUBLIC]);
    assert.equal(sha256(other.code), other.info.sha256);
    assert.notEqual(other.code, demo.code);
    // pretokenised, a string lies in the code byte by byte
    const holds = (code: string, hex: string) =>
      pretokenise(code).includes(Buffer.from(hex, "hex").toString("latin1"));
    assert.ok(holds(other.code, key), "the other maker's key is not in its bundle");
    assert.ok(!holds(other.code, DEMO_MAKER_PUBLIC), "the demo key is still there");
    assert.ok(holds(demo.code, DEMO_MAKER_PUBLIC), "the demo key is not in the demo's bundle");
  });
  it("is refused for what is no public key", async () => {
    for (const makerKey of ["", "02", "05".repeat(33), `02${"ff".repeat(32)}`])
      await assert.rejects(buildFirmware({ makerKey, outDir: null }), BuildRefused);
  });
  it("is plain ASCII, one script without exports", () => {
    const code = inDist("firmware.js").toString("latin1");
    assert.match(code, /^[\x20-\x7e]*$/);
    assert.match(
      code,
      /^global\.save=0;[^;{}]*E\.setConsole\(null,\{force:true\}\);Uint8Array;\(function\(\)\{.*\}\)\(\);?$/,
    );
  });
  it("starts on the real interpreter, as text and pretokenised, without an error", function () {
    if (!ESPRUINO_BIN) {
      console.log(`      ${NO_INTERPRETER}`);
      return this.skip();
    }
    const code = inDist("firmware.js").toString("latin1");
    // All that it prints is where its console went; to say that it came to the end we take it back.
    const end = 'E.setConsole(USB,{force:true});print("end");';
    const printed = ["-> null", "<- null", "end"];
    assert.deepEqual(onInterpreter(`${code}\n${end}`), printed);
    const base64 = Buffer.from(pretokenise(code), "latin1").toString("base64");
    assert.deepEqual(onInterpreter(`eval(atob("${base64}"));${end}`), printed);
  });
});
