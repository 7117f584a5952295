/** The lint rules that guard the project's shape fire, and let through what they should. */
import { strict as assert } from "node:assert";
import { ESLint } from "eslint";
import { fromRoot } from "../../firmware/build/paths.js";

describe("lint", function () {
  this.timeout(60_000);
  const eslint = new ESLint({ cwd: fromRoot() });
  async function rules(file: string, text: string): Promise<(string | null)[]> {
    const [result] = await eslint.lintText(text, { filePath: fromRoot(file) });
    return (result?.messages ?? []).map(({ ruleId }) => ruleId);
  }
  const importing = (from: string) => `import { a } from "${from}";\nconsole.log(a);\n`;

  for (const from of ["../../firmware/src/card/session.js", "../firmware/wire/table.js"])
    it(`keeps the host from importing ${from}`, async () => {
      assert.deepEqual(await rules("host/relay/x.ts", importing(from)), ["no-restricted-imports"]);
    });
  it("keeps the host from importing the card later, or handing it on", async () => {
    const from = "../../firmware/src/main.js";
    assert.deepEqual(await rules("host/x.ts", `export * from "${from}";\n`), [
      "no-restricted-imports",
    ]);
    assert.deepEqual(await rules("host/x.ts", `export const a = import("${from}");\n`), [
      "no-restricted-syntax",
    ]);
  });
  it("lets the host have the wire table, the kernel and the demo maker", async () => {
    for (const from of [
      "../wire/generated.js",
      "../../firmware/kernel/abi.js",
      "../../firmware/build/demo-maker.js",
    ])
      assert.deepEqual(await rules("host/relay/x.ts", importing(from)), [], from);
  });
  it("bans Math.random everywhere", async () => {
    for (const file of ["firmware/src/card/x.ts", "host/x.ts", "hw/x.ts", "test/x.ts"])
      assert.deepEqual(
        await rules(file, "export const a = Math.random();\n"),
        ["no-restricted-properties"],
        file,
      );
  });
  it("keeps Espruino's globals in firmware/src/board", async () => {
    const text = "export const a = E.hwRand();\n";
    assert.deepEqual(await rules("firmware/src/card/x.ts", text), ["no-restricted-globals"]);
    assert.deepEqual(await rules("firmware/src/board/x.ts", text), []);
  });
  it("bans in the firmware what the board pays dearly for or cannot do", async () => {
    for (const text of [
      "export const a = /a/;\n",
      "export const a = (b: number[]) => [...b];\n",
      "export const a = (b: number[]) => { for (const c of b) c.toString(); };\n",
      "class A {}\nexport class B extends A {}\n",
    ])
      assert.deepEqual(await rules("firmware/src/card/x.ts", text), ["no-restricted-syntax"], text);
  });
});
