/**
 * What a number means on the card (firmware/src/types.ts) is the compiler's to check: one that
 * means something else is refused where it is used. Each is planted in the card's sources.
 */
import { strict as assert } from "node:assert";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildRefused } from "../../firmware/build/check/findings.js";
import { compile } from "../../firmware/build/compile.js";
import { fromRoot } from "../../firmware/build/paths.js";
import { PART, inFull, some } from "../support/full.js";

const PLANTED: readonly (readonly [what: string, file: string, from: string, to: string])[] = [
  [
    "yes or no for an answer",
    "card/commands/make.ts",
    "return commit(State.EMPTY) ? SW.OK : SW.MEMORY;",
    "return commit(State.EMPTY);",
  ],
  [
    "a length without a status word for an answer",
    "card/commands/code.ts",
    "return Ok.SALT;",
    "return Size.SALT << 16;",
  ],
  [
    "an index for a refusal",
    "card/commands/source.ts",
    "  return chosen < 0 ? SW.FULL : 0;",
    "  return chosen;",
  ],
  [
    "a status word for yes or no",
    "card/identity.ts",
    "    return 0;\n  digest(Label.CERT",
    "    return 0x6988;\n  digest(Label.CERT",
  ],
  [
    "no answer yet for an answer",
    "card/dispatch.ts",
    "sealAnswer(answer as Answer)",
    "sealAnswer(answer as Step)",
  ],
  [
    "a place in flash for one in the arena",
    "vault/vault.ts",
    "flashRead(At.REC, address, end)",
    "flashRead(address, At.REC, end)",
  ],
  [
    "a place in the arena for one in flash",
    "card/identity.ts",
    "digest(Label.CERT, LabelSize.CERT, cert, Cert.SIGNATURE);",
    "flashErase(cert);",
  ],
];

describe(`the card's numbers${PART}`, function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "kincard-types-"));
    cpSync(fromRoot("firmware/src"), join(folder, "src"), { recursive: true });
    cpSync(fromRoot("firmware/tsconfig.json"), join(folder, "tsconfig.json"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const compiled = () =>
    compile(join(folder, "tsconfig.json"), { outDir: join(folder, "out"), rootDir: folder });

  // The build has just compiled them.
  inFull("are used as what they mean, as they are", () => {
    compiled();
  });
  for (const [what, file, from, to] of some("planted", PLANTED, 1))
    it(`refuses ${what}`, () => {
      const path = join(folder, "src", file);
      const source = readFileSync(path, "utf8");
      assert.equal(source.split(from).length, 2, `${file} has "${from}" once`);
      const imported = to.startsWith("flashErase")
        ? 'import { flashErase } from "../board/flash.js";\n'
        : "";
      writeFileSync(path, imported + source.replace(from, () => to));
      try {
        assert.throws(
          compiled,
          (error) => error instanceof BuildRefused && /\[TS23(22|45)\]/.test(error.message),
        );
      } finally {
        writeFileSync(path, source);
      }
    });
});
