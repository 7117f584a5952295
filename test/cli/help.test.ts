/** What every command says of itself, and examples that hold. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import type { Command } from "commander";
import { commandsUnder, nameOf } from "../../host/apps/cli/help.js";
import { build } from "../../host/apps/cli/program.js";
import { EXAMPLES } from "../../host/apps/cli/words/examples.js";
import { kincardHere } from "./support.js";

const commands = commandsUnder(build()).filter((command) => command.name() !== "help");

/** Options that the example has and the command does not, and those that it needs and lacks. */
function faults(command: Command, example: string): string[] {
  const used: readonly string[] = example.match(/(?<= )--[a-z-]+/g) ?? [];
  const known = command.options.map(({ long }) => long);
  const needed = command.options.filter(({ mandatory }) => mandatory).map(({ long }) => long);
  return [
    ...(example.startsWith(`kincard ${nameOf(command)}`) ? [] : ["another command"]),
    ...used.filter((option) => !known.includes(option)),
    ...needed.filter((option) => !used.includes(option ?? "")).map((option) => `no ${option}`),
  ];
}

describe("cli: help", () => {
  it("has an example of every command, and of no other", () => {
    assert.deepEqual(Object.keys(EXAMPLES).sort(), commands.map(nameOf).sort());
  });

  for (const command of commands)
    it(`${nameOf(command)}: its examples name its options, and all that it needs`, () => {
      for (const example of EXAMPLES[nameOf(command)] ?? [])
        assert.deepEqual(faults(command, example), [], example);
    });

  it("says every default once, and none that is nothing", () => {
    for (const command of commands) {
      const help = command.createHelp();
      for (const option of command.options) {
        const text = help.optionDescription(option);
        const where = `${nameOf(command)} ${option.flags}: ${text}`;
        assert.ok((text.match(/\(default\b/g) ?? []).length < 2, where);
        assert.doesNotMatch(text, /default:? (?:\[\]|"")/, where);
      }
    }
  });

  it("names no option that stands nowhere in docs/", () => {
    const folder = new URL("../../docs/", import.meta.url);
    const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
    const docs = pages.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
    const unsaid = commands.flatMap((command) =>
      command.options
        .filter(({ long }) => long && !new RegExp(`${long}(?![a-z-])`).test(docs))
        .map(({ long }) => `${nameOf(command)} ${long}`),
    );
    assert.deepEqual(unsaid, []);
  });

  it("marks what is required, and shows no empty default", async () => {
    const { stdout, exit } = await kincardHere(["sign", "--help"]);
    assert.equal(exit, 0);
    assert.match(stdout, /--digest[\s\S]*?\(required\)/);
    assert.match(stdout, /Examples:\n {2}kincard sign --card/);
    assert.doesNotMatch(stdout, /default: \[\]/);
  });

  it("says of a word that is no command that it is none", async () => {
    for (const words of [
      ["help", "nosuch"],
      ["nosuch", "--help"],
      ["nosuch", "-h"],
    ]) {
      const { stderr, stdout, exit } = await kincardHere(words);
      assert.equal(exit, 2);
      assert.match(stderr, /unknown command 'nosuch'/);
      assert.equal(stdout, "");
    }
  });

  it("is one line of JSON where a program asks", async () => {
    const { json, exit } = await kincardHere(["backup", "--help", "--json"]);
    assert.equal(exit, 0);
    assert.equal(json.name, "backup");
    const card = json.options.find(({ flags }: { flags: string }) => flags.startsWith("--card"));
    assert.equal(card.required, true);
    const all = await kincardHere(["--help", "--json"]);
    assert.ok(all.json.commands.includes("backup"));
  });

  it("is the same by `help` as by --help, for people and for programs", async () => {
    for (const [words, asked] of [
      [[], []],
      [["help"], []],
      [["backup"], ["backup"]],
      [["maker"], ["maker"]],
      [
        ["maker", "init"],
        ["maker", "init"],
      ],
    ] as const)
      for (const json of [[], ["--json"]]) {
        const expected = await kincardHere([...asked, "--help", ...json]);
        const before = await kincardHere([...json, "help", ...words]);
        const after = await kincardHere(["help", ...words, ...json]);
        for (const { stdout, stderr, exit } of [before, after])
          assert.deepEqual([stdout, stderr, exit], [expected.stdout, "", 0], words.join(" "));
        if (json.length) assert.equal(after.json.name, asked.join(" ") || "kincard");
      }
    const { exit, json } = await kincardHere(["help", "maker", "nosuch", "--json"]);
    assert.deepEqual([exit, json.error.exit], [2, 2]);
  });

  it("is shown where no command is asked for, as a usage error, to people and to programs", async () => {
    for (const words of [[], ["maker"]]) {
      const people = await kincardHere(words);
      const helped = await kincardHere([...words, "--help"]);
      assert.deepEqual([people.exit, people.stdout], [2, ""]);
      assert.equal(people.stderr.trim(), helped.stdout.trim());
      const expected = await kincardHere([...words, "--help", "--json"]);
      for (const asked of [
        [...words, "--json"],
        ["--json", ...words],
      ]) {
        const { exit, stdout, stderr } = await kincardHere(asked);
        assert.deepEqual([exit, stdout, stderr], [2, expected.stdout, ""], asked.join(" "));
      }
    }
    const { exit, json } = await kincardHere(["nosuch", "--json"]);
    assert.deepEqual([exit, json.error.exit], [2, 2]);
  });
});
