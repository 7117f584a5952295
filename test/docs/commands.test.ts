/**
 * The commands that the pages about proofs tell: scripts, suites, files, options that are there.
 * Whether they do what is said is seen by running them, which takes hours.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../firmware/build/paths.js";
import { commandsOf, fault } from "./commands.js";

const PAGES = ["security", "attacks", "proofs", "randomness", "conformance"];

describe("the commands that pages tell", () => {
  for (const name of PAGES)
    it(`docs/${name}.md`, () => {
      const commands = commandsOf(readFileSync(join(ROOT, "docs", `${name}.md`), "utf8"));
      assert.ok(commands.length >= 5, `${commands.length} commands`);
      const faults = commands.flatMap((command) => {
        const why = fault(command);
        return why ? [`${command}: ${why}`] : [];
      });
      assert.deepEqual(faults, []);
    });
  it("would be caught where one is wrong", () => {
    const page =
      "    npm run atack   does it\ntext `npm test -- test/no/x.test.ts`, `npm run prove -- --shwo x`";
    assert.deepEqual(commandsOf(page).map(fault), [
      "there is no such script",
      "there is no test/no/x.test.ts",
      "it has no --shwo",
    ]);
    assert.equal(fault("npm test -- --only explores"), "there is no such suite");
    assert.equal(fault("npm run explore -- --parts 1/2"), "it has no --parts");
    assert.equal(fault("kincard conform --crad tcp:x:1"), "it has no --crad");
  });
});
