/**
 * The workflows of .github: YAML that says what it means, commands that are there, and no more rights
 * than they need. What only GitHub can say (its own schema, its runners) is not looked at.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { ROOT } from "../../firmware/build/paths.js";
import { fault } from "./commands.js";

const FOLDER = join(ROOT, ".github/workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly "runs-on": string | readonly string[];
        readonly "timeout-minutes": number;
        readonly needs?: string;
        readonly steps: readonly Step[];
      }
    >
  >;
}

/** Throws for what YAML 1.2 does not take, a key that stands twice among it. */
function read(text: string): Workflow {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  assert.deepEqual([...document.errors, ...document.warnings], []);
  return document.toJS() as Workflow;
}

describe("the workflows of .github", () => {
  const files = readdirSync(FOLDER);
  const workflows = files.map(
    (name) => [name, read(readFileSync(join(FOLDER, name), "utf8"))] as const,
  );

  it("are for pushes, for a rack and for the site", () => {
    assert.deepEqual(files.sort(), ["rack.yml", "site.yml", "tests.yml"]);
  });
  for (const [name, workflow] of workflows)
    it(`${name}: jobs that end, with rights to read, of commands that are there`, () => {
      assert.deepEqual(workflow.permissions, { contents: "read" });
      assert.ok(Object.keys(workflow.on).length > 0);
      for (const [job, { steps, needs, ...rest }] of Object.entries(workflow.jobs)) {
        assert.ok(rest["runs-on"].length > 0 && rest["timeout-minutes"] > 0, job);
        assert.ok(needs === undefined || needs in workflow.jobs, job);
        assert.ok(steps.length > 0, job);
        for (const { uses, run } of steps) {
          assert.ok((uses === undefined) !== (run === undefined), `${job}: one of uses and run`);
          if (uses !== undefined) assert.match(uses, /^actions\/[a-z-]+@v\d+$/);
          if (run !== undefined) assert.equal(fault(run), undefined, run);
        }
      }
    });
  it("let nobody's pull request near the boards", () => {
    const rack = workflows.find(([name]) => name === "rack.yml")?.[1];
    assert.deepEqual(Object.keys(rack?.on ?? {}).sort(), ["schedule", "workflow_dispatch"]);
  });
  it("would be caught when a command or a key is wrong", () => {
    assert.equal(fault("npm run dosc"), "there is no such script");
    assert.equal(fault("npm test -- --only sites"), "there is no such suite");
    assert.equal(fault("npx kincard hill"), "there is no such command");
    assert.equal(fault("npx kincard hil --jnuit x"), "it has no --jnuit");
    assert.equal(fault(".ci/rnu"), "there is no such program");
    assert.throws(() => read("name: a\nname: b\n"));
    assert.throws(() => read("a: [1, 2\n"));
  });
});
