/**
 * Every suite: `npm test` runs those that need nothing but Node, of long lists of cases a part
 * (test/support/full.ts), without the files that LONG names; `.ci/run` (`npm test -- --all`) runs
 * all files, all cases, and the other suites. A new suite is a line here.
 */
export interface Suite {
  readonly name: string;
  /** Only with --all or --only: it takes long, or needs packages that `.ci/run` installs. */
  readonly ci?: true;
  /** Test files for mocha ... */
  readonly mocha?: readonly string[];
  /**
   * ... or a command, run from the project's root. When its last line is `N passed, N failed,
   * N skipped` those count, else its exit status does, as one test.
   */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Test files that only `.ci/run` runs: they start dozens of programs, some of them Python's. Alone
 * they run like any other: `npm test -- FILE`.
 */
export const LONG: readonly string[] = [
  "test/conformance/kit.test.ts",
  "test/python/client.test.ts",
];

const typescript = (file: string, ...args: readonly string[]) => [
  ...["node", "--import", "./host/tools/build/typescript.mjs"],
  ...[file, ...args],
];

export const SUITES: readonly Suite[] = [
  { name: "mocha", mocha: ["test/**/*.test.ts"] },
  {
    name: "kernel",
    ci: true,
    mocha: ["test/kernel/**/*.test.ts"],
    env: { KINCARD_CASES: "1000" },
  },
  { name: "coverage", ci: true, command: typescript("test/kernel/coverage.ts") },
  { name: "arm", ci: true, command: typescript("test/kernel/arm/run.ts") },
  {
    name: "chip",
    ci: true,
    mocha: [
      "test/chip/**/*.chip.ts",
      "test/chip/**/*.test.ts",
      "test/conformance/chip.test.ts",
      "test/hil/chip.test.ts",
    ],
  },
  { name: "nfc", ci: true, mocha: ["test/nfc/**/*.test.ts"], env: { KINCARD_NFC: "full" } },
  {
    name: "sweep",
    ci: true,
    mocha: ["test/sweep/**/*.test.ts", "test/relay/**/*.test.ts"],
    env: { KINCARD_SWEEP: "full" },
  },
  { name: "racks", ci: true, mocha: ["test/hil/**/*.racks.ts"] },
  { name: "ble", ci: true, mocha: ["test/ble/**/*.test.ts"], env: { KINCARD_SWEEP: "full" } },
  { name: "pcsc", ci: true, mocha: ["test/pcsc/**/*.pcsc.ts"] },
  { name: "web", ci: true, mocha: ["test/web/**/*.web.ts"] },
  { name: "guides", ci: true, mocha: ["test/docs/**/*.guide.ts"] },
  { name: "site", ci: true, mocha: ["test/site/**/*.site.ts"] },
  { name: "pack", ci: true, mocha: ["test/pack/**/*.pack.ts"] },
  {
    name: "espruino",
    ci: true,
    mocha: [
      "test/espruino/**/*.test.ts",
      "test/conformance/mixed.test.ts",
      "test/conformance/kit-interpreter.test.ts",
      "test/hil/interpreter.test.ts",
    ],
  },
  { name: "models", ci: true, command: typescript("test/model/run.ts") },
  { name: "fuzz", ci: true, command: typescript("test/fuzz/bugs-run.ts") },
  { name: "attack", ci: true, command: typescript("test/attack/run.ts") },
  // Of these three a part, by the seed that they print, and every planted bug.
  { name: "explore", ci: true, command: typescript("test/explore/run.ts", "--part", "any/32") },
  {
    name: "consent",
    ci: true,
    command: typescript("test/explore/run.ts", "--consent", "--part", "any/128"),
  },
  {
    name: "deep",
    ci: true,
    command: typescript("test/sweep/run.ts", "--depth", "2", "--part", "any/29"),
  },
  { name: "mutants", ci: true, command: typescript("test/mutants/run.ts") },
];
