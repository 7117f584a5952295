/**
 * The package in other people's hands: packed, installed from its tarball in an empty project,
 * imported, type-checked, run. Slow, and asks the registry for what npm's cache lacks.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { ROOT } from "../../firmware/build/paths.js";
import { Assembler } from "../../firmware/kernel/asm/assembler.js";
import { r0, r1 } from "../../firmware/kernel/asm/registers.js";
import { intelHex } from "../../hw/images/intel-hex.js";
import { missing, theImage, title } from "../chip/firmware/support.js";
import { examples } from "./examples.js";
import { filesIn, Project, sizeOf, type Ran } from "./project.js";

const MOST_PACKAGES = 40;
const MOST_BYTES = 15_000_000;

interface Manifest {
  readonly version: string;
  readonly private?: boolean;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
const subpaths = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"));
const nameOf = (subpath: string) => `kincard${subpath.slice(1)}`;
/** These need a wallet's library, which is an optional peer. */
const PEERS: Readonly<Record<string, string>> = {
  "./viem": "viem",
  "./ethers": "ethers",
  "./bitcoin": "@scure/btc-signer",
};

const LIBRARY = examples("docs/library.md");
const CHIP = examples("docs/chip.md");
const NEEDS_PEERS = /from "kincard\/(viem|ethers|bitcoin)"/;

const APPLICATION = 0x1f000;
/** Lights the LED at pin 5 of a Puck.js by GPIO's DIRSET and OUTSET, and goes round for ever. */
function ownProgram(): Uint8Array {
  const a = new Assembler();
  // Stack, and entry in Thumb state.
  a.words([0x2000fff0, APPLICATION + 9]);
  a.movw(r0, 0);
  a.movt(r0, 0x5000);
  a.movw(r1, 1 << 5);
  a.str(r1, r0, 0x518);
  a.str(r1, r0, 0x508);
  a.label("round");
  a.b("round");
  return a.assemble().bytes;
}

const isFine = ({ status, stdout, stderr }: Ran) => assert.equal(status, 0, stdout + stderr);

describe("the package", function () {
  this.timeout(600_000);
  const project = new Project();
  let installed = "";
  before(() => {
    project.install(project.pack());
    installed = project.path("node_modules/kincard");
  });
  after(() => project.end());

  it("is small: packages and bytes", () => {
    const packages = project.packages();
    const bytes = sizeOf(project.path("node_modules"));
    console.log(`      ${packages.length} packages, ${(bytes / 1e6).toFixed(1)} MB`);
    assert.ok(packages.length < MOST_PACKAGES, packages.join(", "));
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  });

  it("holds what `files` says, all of it built, and no source", () => {
    const files = filesIn(installed);
    const always = ["package.json", "README.md", "LICENSE"];
    for (const file of files.filter((file) => !always.includes(file)))
      assert.ok(
        manifest.files.some((part) => file === part || file.startsWith(`${part}/`)),
        `${file} is in it`,
      );
    for (const part of manifest.files)
      assert.ok(
        files.some((file) => file === part || file.startsWith(`${part}/`)),
        part,
      );
    assert.deepEqual(
      files.filter((file) => /(?<!\.d)\.ts$/.test(file)),
      [],
    );
    assert.ok(files.includes("dist/web/images/puckjs/manifest.json"), "there is no image");
  });

  it("names nothing of the machine that it was packed on", () => {
    for (const file of filesIn(installed))
      assert.ok(!readFileSync(join(installed, file), "latin1").includes(ROOT), file);
  });

  it("is publishable", () => {
    assert.equal(manifest.private, undefined);
    isFine(project.run("npm", ["publish", "--dry-run", "--ignore-scripts", "--offline"], ROOT));
  });

  for (const subpath of subpaths)
    it(`is imported as ${nameOf(subpath)}`, () => {
      const name = JSON.stringify(nameOf(subpath));
      const code = `import * as it from ${name}; if (!Object.keys(it).length) throw new Error("empty");`;
      const ran = project.node("--input-type=module", "-e", code);
      const peer = PEERS[subpath];
      if (!peer) return isFine(ran);
      assert.match(ran.stderr, new RegExp(`Cannot find package '${peer}'`));
    });

  it("has one CardSession, whichever way it is imported", () => {
    const code =
      'import { CardSession } from "kincard"; import { virtualCard } from "kincard/virtual";' +
      "const card = await virtualCard();" +
      'if (!(card.session instanceof CardSession)) throw new Error("two");' +
      "await card.close();";
    isFine(project.node("--input-type=module", "-e", code));
  });

  for (const [name, code] of LIBRARY)
    if (!NEEDS_PEERS.test(code))
      it(`runs the example "${name}" of docs/library.md`, () => {
        isFine(project.node(project.write(`${name}.mjs`, code)));
      });

  for (const [moduleResolution, module] of [
    ["NodeNext", "NodeNext"],
    ["bundler", "ESNext"],
  ] as const)
    it(`has types: tsc --strict with moduleResolution ${moduleResolution}`, () => {
      const base = subpaths.filter((path) => !PEERS[path]);
      const imports = base.map((path, n) => `import * as m${n} from "${nameOf(path)}";`);
      const uses = `export const all = [${base.map((_, n) => `m${n}`).join(", ")}];`;
      project.write("all.ts", [...imports, uses].join("\n"));
      const wrong =
        'import { virtualCard } from "kincard/virtual";\n' +
        "// @ts-expect-error -- a seed is text or a number\n" +
        "export const card = virtualCard({ seed: {} });\n";
      project.write("wrong.ts", wrong);
      const options = ["--strict", "--noEmit", "--target", "ES2022", "--lib", "ES2023,DOM"];
      const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")];
      const kinds = ["--module", module, "--moduleResolution", moduleResolution];
      const examplesToo = [...LIBRARY, ...CHIP]
        .filter(([, code]) => !NEEDS_PEERS.test(code))
        .map(([name, code]) => project.write(`example-${name}.mts`, code));
      const files = ["all.ts", "wrong.ts", ...examplesToo];
      isFine(project.tool("typescript/bin/tsc", ...options, ...types, ...kinds, ...files));
    });

  it("executes a program of ours on a chip", () => {
    const code =
      'import { boardById, Chip, parseFirmware } from "kincard/chip";' +
      'import { readFileSync } from "node:fs";' +
      'const firmware = parseFirmware(readFileSync("own.hex", "latin1"));' +
      'const chip = new Chip({ board: boardById("puckjs"), firmware });' +
      "chip.powerOn(); chip.advance(0.01); console.log(chip.failures.length, chip.leds.D5);";
    project.write("own.hex", intelHex(APPLICATION, ownProgram()));
    const ran = project.node("--input-type=module", "-e", code);
    isFine(ran);
    assert.equal(ran.stdout, "0 true\n");
  });
  const reason = missing();
  it(title("runs the example of docs/chip.md, on the real firmware", reason), function () {
    if (reason) return this.skip();
    const { hex } = theImage().made.manifest;
    const image = theImage().made.output.get(hex.full.file);
    writeFileSync(project.path("DEMO-full.hex"), image!);
    copyFileSync(process.env.KINCARD_FIRMWARE!, project.path("espruino_2v29_puckjs_minimal.hex"));
    for (const [name, code] of CHIP) {
      const ran = project.node(project.write(`${name}.mjs`, `${code}\nconsole.log(state);`));
      isFine(ran);
      assert.equal(ran.stdout, "BLANK\n");
    }
  });

  it("runs as a command", () => {
    const { stdout } = project.npx("kincard", "--version");
    assert.equal(stdout.trim(), manifest.version);
    const ran = project.npx("kincard", "demo", "--json");
    isFine(ran);
    const told = JSON.parse(ran.stdout) as { cards: { state: string }[] };
    assert.deepEqual(
      told.cards.map(({ state }) => state),
      ["SHARED", "COPY", "COPY"],
    );
  });

  for (const [what, args, sentence] of [
    [
      "a serial port",
      ["status", "--card", "serial:/dev/ttyACM9"],
      "serial ports need the serialport package: npm install serialport@",
    ],
    [
      "a PC/SC reader",
      ["status", "--card", "pcsc:any"],
      "PC/SC readers need the smartcard package: npm install smartcard@",
    ],
    [
      "Bluetooth",
      ["status", "--card", "ble:any"],
      "Bluetooth needs the @stoprocent/noble package: npm install @stoprocent/noble@",
    ],
    [
      "flashing",
      ["flash", "--board", "puckjs", "--port", "tcp:127.0.0.1:9", "--force", "--yes"],
      "flashing needs the espruino package: npm install espruino@",
    ],
    ["the page", ["web"], "serving the page needs the ws package: npm install ws@"],
    [
      "HTTPS",
      ["web", "--https", "--host", "127.0.0.1"],
      "a certificate for HTTPS needs the selfsigned package: npm install selfsigned@",
    ],
  ] as const)
    it(`asks for what ${what} needs, in a sentence`, () => {
      const { status, stderr } = project.npx("kincard", ...args);
      assert.ok(stderr.includes(sentence), stderr);
      assert.ok(!/\n {4}at /.test(stderr), stderr);
      assert.ok(status === 2 || status === 4, `exit ${status}`);
    });

  it("says that an installation is not whole", () => {
    project.run("mv", ["node_modules/commander", "moved"]);
    const { status, stderr } = project.npx("kincard", "status");
    project.run("mv", ["moved", "node_modules/commander"]);
    assert.equal(status, 1);
    assert.match(stderr, /^This installation of kincard is not whole.*\n$/);
  });

  const TEST = (imports: string) => `${imports}
    import assert from "node:assert";
    import { virtualCard } from "kincard/virtual";
    describe("a wallet", () => {
      it("has the keys of its seed", async () => {
        const cards = [await virtualCard({ seed: 1 }), await virtualCard({ seed: 1 })];
        const keys = [];
        for (const card of cards) keys.push(await card.session.xpub([]));
        assert.equal(keys[0], keys[1]);
        for (const card of cards) await card.close();
      });
    });`;

  it("makes cards under node:test", () => {
    const file = project.write("a.test.mjs", TEST('import { describe, it } from "node:test";'));
    const ran = project.node("--test", file);
    isFine(ran);
    assert.match(ran.stdout, /pass 1/);
  });
  it("makes cards under mocha", () => {
    const file = project.write("b.spec.mjs", TEST(""));
    const ran = project.tool("mocha/bin/mocha.js", "--no-config", "--timeout", "60000", file);
    isFine(ran);
    assert.match(ran.stdout, /1 passing/);
  });
  describe("with the wallets' libraries", () => {
    before(() => {
      const { devDependencies } = manifest;
      project.install(...Object.values(PEERS).map((name) => `${name}@${devDependencies[name]}`));
    });
    for (const subpath of Object.keys(PEERS))
      it(`is imported as ${nameOf(subpath)}`, () => {
        const code = `await import(${JSON.stringify(nameOf(subpath))});`;
        isFine(project.node("--input-type=module", "-e", code));
      });
    for (const [name, code] of LIBRARY)
      if (NEEDS_PEERS.test(code))
        it(`runs the example "${name}" of docs/library.md, and its types hold`, () => {
          const file = project.write(`${name}.mts`, code);
          isFine(project.node(project.write(`${name}.mjs`, code)));
          const options = ["--strict", "--noEmit", "--skipLibCheck", "--target", "ES2022"];
          const kinds = ["--module", "NodeNext", "--moduleResolution", "NodeNext"];
          const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")];
          isFine(project.tool("typescript/bin/tsc", ...options, ...kinds, ...types, file));
        });
  });

  it("makes cards under vitest", () => {
    project.install("vitest@4.1.12");
    project.write("c.vitest.mjs", TEST('import { describe, it } from "vitest";'));
    const args = ["run", "--dir", ".", "--config", project.write("vitest.config.mjs", VITEST)];
    const ran = project.npx("vitest", ...args);
    isFine(ran);
    assert.match(ran.stdout, /1 passed/);
  });
});

const VITEST = 'export default { test: { include: ["c.vitest.mjs"], testTimeout: 60000 } };';
