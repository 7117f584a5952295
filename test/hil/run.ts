/**
 * `npm run test:boards`: the conformance suite on the boards that KINCARD_BOARDS lists, link URIs
 * separated by commas. Prints a table, board by test, writes JUnit XML, and ends with the counts.
 * docs/hil.md says how boards are prepared.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { summary } from "../../host/tools/test/counts.js";
import { fromHex } from "../../host/sdk/crypto/bytes.js";
import { isPoint } from "../../host/sdk/crypto/curve.js";
import type { Card } from "../../host/apps/conform/card.js";
import { cardsOf, perform, type Result } from "../../host/apps/conform/check.js";
import { boardRack } from "../conformance/racks.js";
import type { Rack } from "../../host/apps/conform/rack.js";
import { fullTitle, plan, planned } from "../../host/apps/conform/suite.js";
import { empty, lookAt } from "../../host/apps/conform/admit.js";
import { count, junit, table } from "./report.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const USAGE = "test:boards [--junit FILE] [--maker-key HEX] [--destroy]";

interface Options {
  readonly junit: string;
  readonly destroy: boolean;
  /** Of boards that are no DEMO cards. */
  readonly maker?: Uint8Array;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      junit: { type: "string", default: join(ROOT, "build", "junit.xml") },
      destroy: { type: "boolean", default: false },
      "maker-key": { type: "string" },
    },
  });
  const { junit: file, destroy } = values;
  const hex = values["maker-key"];
  if (hex === undefined) return { junit: file, destroy };
  const maker = /^([0-9a-f]{2}){33}$/i.test(hex) ? fromHex(hex.toLowerCase()) : undefined;
  if (!maker || !isPoint(maker)) throw new Error("--maker-key is no public key: 66 hex digits");
  return { junit: file, destroy, maker };
}

/** The boards, or nothing when none is listed. */
function readBoards(list = process.env.KINCARD_BOARDS ?? ""): string[] {
  const uris = list.split(",").flatMap((uri) => uri.trim() || []);
  const twice = uris.find((uri, index) => uris.indexOf(uri) !== index);
  if (twice) throw new Error(`KINCARD_BOARDS names ${twice} twice`);
  return uris;
}

/** Without boards: every check by name, as skipped. */
function skipAll(): Result[] {
  const why = "KINCARD_BOARDS lists no boards (serial:/dev/ttyACM0,tcp:HOST:PORT,...)";
  return plan([]).map((check) => ({ check, outcome: "skipped", why, ms: 0 }));
}

/** Looks at all boards before the first is touched; throws unless all may be used. */
async function prepare(rack: Rack, destroy: boolean): Promise<void> {
  const cards = cardsOf(rack);
  const found = [];
  for (const card of cards) {
    const look = await lookAt(card, destroy);
    found.push(look);
    console.log(`board ${card.number}, ${card.place.name}: ${look.says}`);
    if (look.refusal !== undefined) console.error(`  not touched: ${look.refusal}`);
  }
  if (found.some(({ refusal }) => refusal !== undefined)) throw new Error("no board was tested");
  for (const [index, { holds }] of found.entries()) if (holds) await empty(cards[index] as Card);
}

async function run(rack: Rack): Promise<Result[]> {
  const cards = cardsOf(rack);
  const results: Result[] = [];
  for (const check of plan(rack.places.map(planned))) {
    const result = await perform(check, cards);
    console.log(`${result.outcome}  ${fullTitle(check)}  ${(result.ms / 1000).toFixed(1)} s`);
    results.push(result);
  }
  return results;
}

async function main(): Promise<void> {
  const options = readOptions();
  const uris = readBoards();
  const rack = boardRack(uris, options.maker);
  if (uris.length) await prepare(rack, options.destroy);
  const results = uris.length ? await run(rack) : skipAll();
  console.log(`\n${table(uris, results)}`);
  mkdirSync(dirname(options.junit), { recursive: true });
  writeFileSync(options.junit, junit("boards", uris, results));
  const counts = count(results);
  console.log(`JUnit: ${options.junit}\n${summary(counts)}`);
  process.exitCode = counts.failed ? 1 : 0;
}

main().catch((error: Error) => {
  console.error(`${error.message}\n${USAGE}`);
  console.log("0 passed, 1 failed, 0 skipped");
  process.exitCode = 1;
});
