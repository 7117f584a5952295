/**
 * The command line of `npm run prove`: see prove.ts. `--docs` writes the tables of docs/proofs.md.
 */
import { CASES } from "./cases.js";
import { writeTables } from "./docs.js";
import { chosen, proveAll } from "./prove.js";
import { findTools } from "./tools.js";

const OPTIONS = ["--docs", "--show"];

/** Milliseconds. @throws Error when KINCARD_MODEL_LIMIT is no number of seconds. */
function limit(seconds = "900"): number {
  if (!/^[1-9]\d{0,5}$/.test(seconds)) {
    throw new Error(`KINCARD_MODEL_LIMIT is "${seconds}": a number of seconds was expected`);
  }
  return Number(seconds) * 1000;
}

/** Whether all went as expected. */
async function main(given: readonly string[]): Promise<boolean> {
  const unknown = given.find((word) => word.startsWith("-") && !OPTIONS.includes(word));
  if (unknown) throw new Error(`${unknown} is not known: there are ${OPTIONS.join(" and ")}`);
  if (given.includes("--docs")) {
    writeTables();
    return true;
  }
  const words = given.filter((word) => !OPTIONS.includes(word));
  const cases = chosen(CASES, words);
  if (!cases.length) throw new Error(`no case contains "${words.join(" ")}"`);
  const { failed } = await proveAll(cases, {
    places: findTools(process.env),
    required: process.env.KINCARD_REQUIRE_MODELS === "1",
    limit: limit(process.env.KINCARD_MODEL_LIMIT),
    show: given.includes("--show"),
    print: (line) => console.log(line),
  });
  return failed === 0;
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
