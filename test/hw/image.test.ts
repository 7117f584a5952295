import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { fromRoot } from "../../firmware/build/paths.js";
import { buildKernel } from "../../firmware/kernel/build.js";
import {
  FIRST_SIZE,
  HEADER,
  VAULT_PAGE,
  VAULT_SIZE,
  VAULT_SPAN,
} from "../../hw/images/storage-names.js";
import { writeImage } from "../../host/emulator/board/fresh.js";
import { StorageLog } from "../../host/emulator/espruino/storage/storage-log.js";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { pieces } from "../../hw/images/pieces.js";
import { storageBytes, storageEnd } from "../../hw/boards/board.js";
import { BOARDS } from "../../hw/boards/index.js";
import { PUCKJS_STOCK } from "../../hw/boards/puckjs-stock.js";
import { PIXLJS } from "../../hw/boards/pixljs.js";
import { PUCKJS } from "../../hw/boards/puckjs.js";
import { copiedToRam, prelude } from "../../hw/images/boot.js";
import { makeImage, STORAGE_BUDGET, type ImageParts } from "../../host/tools/image/image.js";
import type { Manifest } from "../../hw/images/manifest.js";
import { reportLines } from "../../host/tools/image/report.js";
import { demoFirmware } from "../support/bundles.js";
import { smallParts } from "./parts.js";
import { readHex } from "./read-hex.js";
import { inFull } from "../support/full.js";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const image = makeImage(PUCKJS, smallParts());
const text = (name: string) => Buffer.from(image.output.get(name)!).toString();
const { address } = PUCKJS.storage;

describe("npm run image", () => {
  inFull("--help names the boards, and makes nothing", () => {
    const args = [fromRoot("host/tools/build/bootstrap.mjs"), "image", "--help"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
    for (const { id } of BOARDS) assert.ok(stdout.includes(id), id);
    assert.doesNotMatch(stdout, /^written/m);
  });
});

describe("a board's image", () => {
  it("has the vault on its second and third page, its header at the end of the first", () => {
    const head = Buffer.from(image.layout.bytes.subarray(VAULT_PAGE - HEADER, VAULT_PAGE));
    assert.equal(head.readUInt32LE(0), VAULT_SIZE);
    assert.equal(head.toString("latin1", 4).replace(/\0+$/, ""), "kcvault");
    assert.ok(image.layout.bytes.subarray(VAULT_PAGE, VAULT_SPAN).every((byte) => byte === 255));
  });

  it("fills the first page with functions of the bundle, and the boot code reads them in", () => {
    const { first } = image.boot;
    assert.equal(first.bytes.length, FIRST_SIZE);
    const { code } = smallParts().firmware;
    const { rest } = pieces(code);
    const Storage = {
      read: (name: string) => (name === first.name ? "function a(n){return n+1}" : ""),
    };
    const said: string[] = [];
    const run = new Function("require", "print", rest) as (...args: unknown[]) => void;
    run(
      () => Storage,
      (text: string) => said.push(text),
    );
    assert.deepEqual(said, ["image 2"]);
    assert.match(Buffer.from(first.bytes).toString("latin1"), /^.a\(n\)\{.*\}\n+$/);
  });

  it("has the kernel on a multiple of four, and its very bytes there", () => {
    const kernel = image.manifest.files[2]!;
    assert.equal(kernel.name, "kckern");
    assert.equal(kernel.address % 4, 0);
    const from = kernel.address - address;
    const found = image.layout.bytes.subarray(from, from + kernel.size);
    assert.deepEqual(Buffer.from(found), Buffer.from(smallParts().kernel));
  });

  it("full.hex is all of Storage", () => {
    const memory = readHex(text("full.hex"));
    assert.equal(memory.size, storageBytes(PUCKJS));
    for (const [at, byte] of memory)
      assert.equal(byte, image.layout.bytes[at - address], at.toString(16));
  });

  it("code.hex leaves every byte of the vault out, and erases what was behind the code", () => {
    const memory = readHex(text("code.hex"));
    const vaultEnd = address + VAULT_SPAN;
    assert.equal(Math.min(...memory.keys()), vaultEnd);
    assert.equal(Math.max(...memory.keys()), storageEnd(PUCKJS) - 1);
    // On a card whose first page holds another image's code, which stays.
    const board = new NorFlash({ address, size: storageBytes(PUCKJS) });
    writeImage(board, Uint8Array.of(1), { name: "kc00000000", bytes: new Uint8Array(FIRST_SIZE) });
    const pages = board.read(address, VAULT_SPAN);
    for (let at = vaultEnd; at < storageEnd(PUCKJS); at += board.page) board.erase(at);
    for (const [at, byte] of memory) board.bytes[at - address] = byte;
    const log = new StorageLog(board);
    for (const { name, file } of image.manifest.files)
      if (file)
        assert.deepEqual(log.read(name)?.bytes, new Uint8Array(image.output.get(file)!), name);
    assert.ok(log.isValid());
    assert.deepEqual(board.read(address, VAULT_SPAN), pages);
  });

  it("code.hex writes the first page too where all the code does not fit behind the vault", () => {
    const tight = makeImage(PUCKJS_STOCK, smallParts({ kernel: 40960 - VAULT_SPAN - 600 }));
    const { address: start } = PUCKJS_STOCK.storage;
    const memory = readHex(Buffer.from(tight.output.get("code.hex")!).toString());
    const banks = [start + VAULT_PAGE, start + VAULT_SPAN] as const;
    assert.ok([...memory.keys()].every((at) => at < banks[0] || at >= banks[1]));
    assert.equal(memory.size, 40960 - 2 * VAULT_PAGE);
    for (const [at, byte] of memory) assert.equal(byte, tight.layout.bytes[at - start]);
    assert.match(tight.manifest.hex.code.means, /LOSES its wallet/);
    assert.doesNotMatch(image.manifest.hex.code.means, /LOSES/);
  });

  it("has a manifest whose sizes and sums are those of the files", () => {
    const manifest = JSON.parse(text("manifest.json")) as Manifest;
    assert.deepEqual(manifest, image.manifest);
    for (const { file, size, sha256: hash, crc32: sum } of manifest.files) {
      const bytes = file ? image.output.get(file)! : new Uint8Array(VAULT_SIZE).fill(255);
      assert.equal(bytes.length, size);
      assert.equal(sha256(bytes), hash);
      assert.equal(crc32(bytes), sum);
    }
    for (const { file, sha256: hash } of Object.values(manifest.hex))
      assert.equal(sha256(image.output.get(file)!), hash);
  });

  it("is marked DEMO in the manifest, the file names and the report when it is one", () => {
    const parts = smallParts({ demo: true });
    const demo = makeImage(PUCKJS, parts);
    assert.equal(demo.manifest.demo, true);
    assert.ok(demo.output.has("DEMO-full.hex") && demo.output.has("DEMO-code.hex"));
    assert.ok(!demo.output.has("full.hex"));
    assert.match(reportLines(demo, parts.firmware.info).join("\n"), /DEMO/);
    assert.doesNotMatch(reportLines(image, parts.firmware.info).join("\n"), /\(DEMO/);
  });

  it("is the same for the same inputs", () => {
    const again = makeImage(PUCKJS, smallParts());
    assert.deepEqual([...again.output], [...image.output]);
  });

  it("can be made for every board that is not excluded with a reason", () => {
    for (const board of BOARDS) {
      if (board.unsupported) assert.throws(() => makeImage(board, smallParts()), /no image/);
      else assert.equal(makeImage(board, smallParts()).manifest.board, board.id);
    }
  });
});

describe("what the image build refuses", () => {
  it("more than the budget of Storage", () => {
    const kernel = STORAGE_BUDGET - VAULT_SPAN;
    assert.throws(() => makeImage(PUCKJS, smallParts({ kernel })), /budget is 57344/);
  });
  it("more than the board has", () => {
    assert.throws(
      () => makeImage(PUCKJS_STOCK, smallParts({ kernel: 30_000 })),
      // 12,288 of the vault, 32 of each header, 30,000 and the boot code
      /puckjs-stock: .*do not fit its Storage of 40960 .*: \d+ bytes too many$/,
    );
  });
  it("boot code that the interpreter would crop", () => {
    const code = `print("${"x".repeat(1000)}");`.repeat(66);
    assert.throws(() => makeImage(PUCKJS, smallParts({ code })), /crops/);
  });
  for (const directive of ["ram", "jit", "compiled"])
    it(`a function that asks for "${directive}"`, () => {
      const code = `function f(){"${directive}";return 1}f();`;
      assert.throws(() => makeImage(PUCKJS, smallParts({ code })), /copied to RAM/);
    });
  for (const call of ['eval("1")', 'new Function("a","1")', 'Function("1")'])
    it(`code made from a string: ${call}`, () => {
      assert.throws(() => makeImage(PUCKJS, smallParts({ code: `${call};` })), /code in RAM/);
    });
  it("not the words in a string, nor a method of that name", () => {
    assert.deepEqual(copiedToRam('var a="ram";function f(){var b="jit";return b.eval()}f(a);'), []);
  });
});

describe("the words before the bundle", () => {
  it("open the UART on the board's own pins, only when something drives RX", () => {
    assert.match(
      prelude(PUCKJS),
      /pinMode\(D29,"input_pulldown"\).*if\(digitalRead\(D29\)\)Serial1\.setup\(115200,\{rx:D29,tx:D28\}\);$/,
    );
  });
});

describe("the firmware's image", function () {
  this.timeout(60_000);
  let parts: ImageParts;
  before(async () => {
    parts = { firmware: await demoFirmware(), kernel: buildKernel().bytes };
  });
  it("keeps the budget of 56 KB on a Puck.js, printed module by module", () => {
    const { firmware } = parts;
    const made = makeImage(PUCKJS, parts);
    assert.ok(made.manifest.used <= STORAGE_BUDGET, `${made.manifest.used} bytes`);
    const lines = reportLines(made, firmware.info);
    for (const [file] of firmware.info.modules)
      assert.ok(
        lines.some((line) => line.endsWith(file)),
        `${file} is not in the report`,
      );
  });
  for (const board of BOARDS.filter(({ unsupported }) => !unsupported)) {
    const fits = board !== PIXLJS;
    it(`${fits ? "fits" : "does not fit"} ${board.title}`, () => {
      if (fits) assert.equal(makeImage(board, parts).manifest.board, board.id);
      else assert.throws(() => makeImage(board, parts), /bytes too many/);
    });
  }
});
