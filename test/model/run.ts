/** The command line of `npm run prove`: see prove.ts. `--docs` writes the tables of docs/proofs.md. */
import { CASES } from "./cases.js";
import { writeTables } from "./docs.js";
import { chosen, proveAll } from "./prove.js";
import { findTools } from "./tools.js";

const OPTIONS = ["--docs", "--show"];
const given = process.argv.slice(2);
const words = given.filter((word) => !OPTIONS.includes(word));
if (given.includes("--docs")) writeTables();
else {
  const cases = chosen(CASES, words);
  if (!cases.length) console.error(`no case contains "${words.join(" ")}"`);
  const { failed } = await proveAll(cases, {
    places: findTools(process.env),
    required: process.env.KINCARD_REQUIRE_MODELS === "1",
    limit: Number(process.env.KINCARD_MODEL_LIMIT ?? 900) * 1000,
    show: given.includes("--show"),
    print: (line) => console.log(line),
  });
  process.exitCode = failed || !cases.length ? 1 : 0;
}
