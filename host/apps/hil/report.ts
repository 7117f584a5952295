/**
 * What a run on boards came to: a table, board by test, for people, and JUnit XML for machines
 * (the format that Jenkins reads: testsuite, testcase, failure, skipped).
 */
import type { Result } from "../conform/check.js";
import { count } from "../conform/report.js";
import { fullTitle } from "../conform/suite.js";

export { count };

/** Consecutive results of one test with one cell a board: a line each for backups. */
export function rows(results: readonly Result[]): { title: string; of: Result[] }[] {
  const found: { title: string; of: Result[] }[] = [];
  for (const result of results) {
    const { cards, roles } = result.check;
    const title = roles.length > 2 ? `${result.check.title} (three cards)` : result.check.title;
    const row = found.find((known) => known.title === title);
    if (row && cards.length === 1) row.of.push(result);
    else found.push({ title, of: [result] });
  }
  return found;
}

/** "passed", with the board's part in it where there are several. */
function cell(of: readonly Result[], board: number): string {
  for (const { check, outcome } of of) {
    const role = check.cards.indexOf(board);
    const word = outcome === "failed" ? "FAILED" : outcome;
    if (role >= 0) return check.cards.length > 1 ? `${word}, ${check.roles[role]}` : word;
    if (check.cards.length === 0) return word;
  }
  return "";
}

/** One line a test, one column a board, and below it why something failed or was skipped. */
export function table(boards: readonly string[], results: readonly Result[]): string {
  const lines = boards.map((name, index) => `board ${index + 1}: ${name}`);
  const body = rows(results).map(({ title, of }) => {
    return [title, ...boards.map((_, board) => cell(of, board))];
  });
  const head = ["", ...boards.map((_, index) => `board ${index + 1}`)];
  const all = [head, ...body];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const text = all.map((row) =>
    row
      .map((word, at) => word.padEnd(widths[at]!))
      .join("  ")
      .trimEnd(),
  );
  lines.push("", ...text, "");
  for (const outcome of ["skipped", "failed"] as const) {
    for (const result of results.filter((one) => one.outcome === outcome)) {
      lines.push(`${outcome}: ${fullTitle(result.check)}: ${result.why}`);
    }
  }
  return lines.join("\n");
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
/** XML 1.0 has no place for control characters, not even escaped. */
function escape(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ESCAPES[character]!)
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, "?");
}

export function junit(
  suite: string,
  boards: readonly string[],
  results: readonly Result[],
): string {
  const { passed, failed, skipped } = count(results);
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const total = seconds(results.reduce((time, { ms }) => time + ms, 0));
  const cases = results.map((result) => {
    const { check, outcome, why, ms } = result;
    const on = check.cards.map((index) => boards[index]).join(" ") || suite;
    const name = escape(fullTitle(check));
    const head = `classname="${escape(on)}" name="${name}" time="${seconds(ms)}"`;
    if (outcome === "passed") return `    <testcase ${head}/>`;
    const tag = outcome === "failed" ? "failure" : "skipped";
    return `    <testcase ${head}><${tag} message="${escape(why)}"/></testcase>`;
  });
  const counts = `tests="${passed + failed + skipped}" failures="${failed}" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="${escape(suite)}" ${counts} errors="0" time="${total}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
