/** A run on a rack as one page that needs nothing else: boards, checks, why not, and timings. */

import { visible } from "../../sdk/crypto/text.js";
import type { Result } from "../conform/check.js";
import { fullTitle } from "../conform/suite.js";
import { summary } from "../terminal/counts.js";
import { count, rows } from "./report.js";
import type { Timed } from "./timing.js";

export interface Tested {
  readonly name: string;
  readonly uri: string;
  /** Of its firmware, where the rack's file has several. */
  readonly version?: string | undefined;
  readonly says: string;
  readonly timing: readonly Timed[];
}

const escaped = (text: string) =>
  visible(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const cells = (tag: "td" | "th", texts: readonly string[]) =>
  texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join("");
const row = (texts: readonly string[]) => `<tr>${cells("td", texts)}</tr>`;
const table = (head: readonly string[], body: readonly string[]) =>
  `<div class="wide"><table><thead><tr>${cells("th", head)}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;

const STYLE = `:root{color-scheme:light dark}body{margin:2rem auto;max-width:70rem;padding:0 1rem;font:16px/1.5 system-ui,sans-serif}
table{border-collapse:collapse;font-size:.92rem}th,td{padding:.3rem .7rem;border:1px solid #8886;text-align:left;vertical-align:top}
.wide{overflow-x:auto}.passed{color:#14803c}.failed{color:#c01c38;font-weight:700}.skipped{opacity:.7}
@media (prefers-color-scheme:dark){.passed{color:#8fdcae}.failed{color:#ffa5ae}}`;

export function htmlReport(boards: readonly Tested[], results: readonly Result[]): string {
  const counts = summary(count(results));
  const minutes = (results.reduce((sum, { ms }) => sum + ms, 0) / 60_000).toFixed(1);
  const why = results.filter(({ outcome }) => outcome !== "passed");
  const timings = boards.flatMap(({ name, timing }) =>
    timing.map(({ command, times, p50, p95 }) =>
      row([name, command, String(times), p50.toFixed(1), p95.toFixed(1)]),
    ),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Kincard: ${counts}</title><style>${STYLE}</style></head><body>
<h1>${counts}</h1>
<p>${boards.length} boards, ${results.length} checks, ${minutes} minutes.</p>
<h2>Boards</h2>
${table(
  ["board", "link", "what it said"],
  boards.map(({ name, uri, says }) => row([name, uri, says])),
)}
<h2>Checks</h2>
${table(["check", ...boards.map(({ name }) => name)], checkRows(boards, results))}
<h2>What failed or was skipped</h2>
${table(
  ["outcome", "check", "why"],
  why.map(({ outcome, check, why: reason }) => row([outcome, fullTitle(check), reason])),
)}
<h2>Milliseconds a command, link and card together</h2>
${table(["board", "command", "times", "half within", "95 % within"], timings)}
</body></html>
`;
}

function checkRows(boards: readonly Tested[], results: readonly Result[]): string[] {
  return rows(results).map(({ title, of }) => {
    const outcomes = boards.map((_, board) => {
      const own = of.find(({ check }) => check.cards.includes(board) || !check.cards.length);
      if (!own) return "<td></td>";
      const role = own.check.cards.indexOf(board);
      const part = own.check.cards.length > 1 ? `, ${own.check.roles[role]}` : "";
      return `<td class="${own.outcome}">${escaped(own.outcome + part)}</td>`;
    });
    return `<tr><td>${escaped(title)}</td>${outcomes.join("")}</tr>`;
  });
}
