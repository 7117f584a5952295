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

  for (const [file, from] of [
    ["host/sdk/relay/x.ts", "../../../firmware/src/card/session.js"],
    ["host/sdk/relay/x.ts", "../../../firmware/wire/table.js"],
    ["host/sdk/relay/x.ts", "../../emulator/board/virtual.js"],
    ["host/emulator/air/x.ts", "../../apps/cli/run.js"],
    ["host/apps/demo/x.ts", "../../tools/bench/kernel.js"],
    ["hw/boards/x.ts", "../../host/sdk/core.js"],
    ["firmware/build/x.ts", "../../hw/boards/index.js"],
    ["firmware/src/card/x.ts", "../../kernel/abi.js"],
  ] as const)
    it(`keeps ${file} from importing ${from}`, async () => {
      assert.deepEqual(await rules(file, importing(from)), ["kincard/layers"]);
    });
  it("keeps the host from importing the card later, or handing it on", async () => {
    const from = "../../firmware/src/main.js";
    for (const text of [`export * from "${from}";\n`, `export const a = import("${from}");\n`])
      assert.deepEqual(await rules("host/apps/x.ts", text), ["kincard/layers"]);
  });
  it("lets the host have the wire table, the kernel's entries and the demo maker", async () => {
    for (const [file, from] of [
      ["host/sdk/relay/x.ts", "../wire/generated.js"],
      ["host/sdk/relay/x.ts", "../../../firmware/build/demo-maker.js"],
      ["host/emulator/kernel/x.ts", "../../../firmware/kernel/abi.js"],
    ] as const)
      assert.deepEqual(await rules(file, importing(from)), [], from);
  });
  it("reports a circle of imports, with the way round", async () => {
    // bytes.ts imports faults.ts: an import back closes the circle
    const [found] = await eslint.lintText(importing("./espruino/bytes.js"), {
      filePath: fromRoot("host/emulator/faults.ts"),
    });
    assert.deepEqual(
      found?.messages.map(({ message }) => message),
      [
        "A circle of imports: host/emulator/faults.ts > host/emulator/espruino/bytes.ts > host/emulator/faults.ts",
      ],
    );
  });
  it("bans Math.random everywhere", async () => {
    for (const file of ["firmware/src/card/x.ts", "host/x.ts", "hw/x.ts", "test/x.ts"])
      assert.deepEqual(
        await rules(file, "export const a = Math.random();\n"),
        ["no-restricted-properties"],
        file,
      );
  });
  it("keeps the host's waits off the clock that people set", async () => {
    const text = "export const end = Date.now() + 1000;\n";
    for (const file of ["host/sdk/links/x.ts", "host/apps/page/ui/x.ts", "host/emulator/x.ts"])
      assert.deepEqual(await rules(file, text), ["no-restricted-properties"], file);
    assert.deepEqual(await rules("host/sdk/links/clock.ts", text), []);
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
