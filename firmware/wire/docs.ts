/**
 * Fills the tables of docs/protocol.md and docs/kernel.md, between `<!-- table:NAME -->` and `<!--
 * /table -->`: from the wire table, from the kernel's entries; the worked example comes from the
 * test vectors. `npm run docs -- --tables` writes, `--check` only compares (exit code 1 when a
 * document differs). The prose around the tables is written by hand.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KERNEL_ENTRIES, type KernelEntry } from "../kernel/abi.js";
import * as nfc from "./mailbox.js";
import * as table from "./table.js";

const DOCS = join(dirname(fileURLToPath(import.meta.url)), "../../docs");

/** A document, and what makes each of its tables, by the name in its mark. */
export interface Document {
  readonly name: string;
  readonly path: string;
  readonly tables: Readonly<Record<string, () => string>>;
}

/** What each flag of STATUS tells; the numbers are the wire table's. */
const FLAG_MEANS: Record<keyof typeof table.FLAGS, string> = {
  DEMO: "built with the published demo maker key: protects nothing",
  BUTTON: "the board has a button: what needs a physical act needs its gesture",
  NO_VAULT: "no vault file: PERSONALISE is refused with NO_VAULT",
  RNG_FAILED: "the random number generator failed its health test",
  ARMED: "waits for a gesture on its button, and shows it",
  CONSENT: "gives its key only with on-card consent (section 14)",
};

const stateNames = Object.keys(table.STATES) as table.StateName[];
const commands: readonly table.Command[] = table.COMMANDS;
const hex = (value: number, digits: number) =>
  value.toString(16).toUpperCase().padStart(digits, "0");

export function markdown(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}
function range(least: number, most: number): string {
  return least === most ? String(least) : `${least}..${most}`;
}
/** One cell of states x commands, as the document's legend reads it. */
function cellText(cell: table.Cell, state: table.StateName): string {
  if (typeof cell === "string") return cell;
  if (cell.length === 1 && cell[0] === state) return "**ok**";
  return `**→ ${cell.join(" / ")}**`;
}

/** What the worked example shows of a ceremony, and where the vectors have it. */
const EXAMPLE: readonly (readonly [string, string])[] = [
  ["Kmaker", "maker.Kmaker.public"],
  ["maker id", "maker.makerId"],
  ["Kcard of the source", "cards.0.Kcard.public"],
  ["its card id", "cards.0.id"],
  ["the digest that Kmaker signs in its Cert_Card", "cards.0.certificateHash"],
  ["its Cert_Card", "cards.0.certificate"],
  ["the line of a sync frame, seq 0", "frames.0.line"],
  ["the line of SELECT, seq 1", "frames.1.line"],
  ["E_h, private", "channels.0.E_h.secret"],
  ["E_c, private", "channels.0.E_c.secret"],
  ["ECDH(e, E)", "channels.0.ecdh"],
  ["T0", "channels.0.T0"],
  ["Khello", "channels.0.Khello"],
  ["T1", "channels.0.T1"],
  ["Ktocard", "channels.0.Ktocard"],
  ["Ktohost", "channels.0.Ktohost"],
  ["SALT in this channel, the first command", "channels.0.exchanges.0.apdus.0.command"],
  ["its answer", "channels.0.exchanges.0.apdus.0.response"],
  ["the access code after NFKD", "wallet.accessCodeBytes"],
  ["S (cost 10, the salt of the answer)", "wallet.S"],
  ["Kwrap", "wallet.Kwrap"],
  ["Klink_D, private", "copies.0.Klink_D.secret"],
  ["Klink_S, private", "copies.0.Klink_S.secret"],
  ["H(OFFER)", "copies.0.offerHash"],
  ["th", "copies.0.th"],
  ["Ktrans", "copies.0.Ktrans"],
  ["Kreceipt", "copies.0.Kreceipt"],
  ["H(TRANSFER)", "copies.0.transferHash"],
  ["RECEIPT", "copies.0.RECEIPT"],
];
const VECTORS = join(DOCS, "../test/vectors/ceremony-2.json");
function exampleRows(): string[][] {
  const vectors: unknown = JSON.parse(readFileSync(VECTORS, "utf8"));
  return EXAMPLE.map(([name, path]) => {
    const value = path
      .split(".")
      .reduce((at, key) => (at as Record<string, unknown> | undefined)?.[key], vectors);
    if (typeof value !== "string") throw new Error(`${VECTORS}: nothing at ${path}`);
    return [name, `\`${value}\``];
  });
}

const PROTOCOL_TABLES: Document["tables"] = {
  commands: () =>
    markdown(
      ["INS", "command", "access", "data", "P1", "does"],
      commands.map((c) => [
        hex(c.ins, 2),
        c.name,
        c.access,
        range(c.data[0], c.data[1]),
        range(0, c.p1),
        c.does,
      ]),
    ),
  words: () =>
    markdown(
      ["SW", "name", "says"],
      Object.entries(table.STATUS_WORDS)
        .sort(([, a], [, b]) => a.value - b.value)
        .map(([name, word]) => [hex(word.value, 4), name, word.says]),
    ),
  states: () =>
    markdown(
      ["value", "state", "means"],
      Object.entries(table.STATES).map(([name, state]) => [state.value, name, state.means]),
    ),
  cells: () =>
    markdown(
      ["command", ...stateNames],
      commands.map((c) => [c.name, ...stateNames.map((s) => cellText(c.cells[s], s))]),
    ),
  flags: () =>
    markdown(
      ["flag", "name", "means"],
      Object.entries(table.FLAGS).map(([name, value]) => [
        hex(value, 2),
        name,
        FLAG_MEANS[name as keyof typeof table.FLAGS],
      ]),
    ),
  slots: () =>
    markdown(
      ["value", "slot", "means"],
      Object.entries(table.SLOT_STATES).map(([name, slot]) => [slot.value, name, slot.means]),
    ),
  tag: () => markdown(["pages", "bytes", "hold", "written by"], tagRows()),
  mailbox: () => markdown(["byte", "bytes", "field", "says"], statusRows()),
  mailboxStates: () =>
    markdown(
      ["value", "state", "means"],
      Object.entries(nfc.MAILBOX_STATES).map(([name, state]) => [state.value, name, state.means]),
    ),
  busy: () =>
    markdown(
      ["tens of ms", "commands"],
      [...new Set(Object.values(nfc.MAILBOX_BUSY))]
        .sort((a, b) => a - b)
        .map((tens) => [
          tens,
          commands
            .map(({ name }) => name as table.CommandName)
            .filter((name) => nfc.MAILBOX_BUSY[name] === tens)
            .concat(tens === nfc.MAILBOX_BUSY_ELSE ? (["anything else"] as never[]) : [])
            .join(", "),
        ]),
    ),
  gatt: () =>
    markdown(
      ["name", "UUID"],
      Object.entries(table.GATT).map(([name, uuid]) => [name, `\`${uuid}\``]),
    ),
  labels: () =>
    markdown(
      ["name", "label", "length byte"],
      Object.entries(table.LABELS).map(([name, l]) => [name, `\`${l}\``, hex(l.length, 2)]),
    ),
  example: () => markdown(["value", "bytes"], exampleRows()),
  sizes: () =>
    markdown(
      ["name", "bytes"],
      Object.entries(table.SIZES).map(([name, size]) => [name, size]),
    ),
};

/** The tag's memory by groups of pages. */
function tagRows(): (string | number)[][] {
  const m = nfc.MAILBOX;
  const groups: readonly (readonly [number, string, string])[] = [
    [0, "id and check bytes, internal byte, lock bytes FF FF", "the card"],
    [m.CC_PAGE, "capability container: E1 10 08 0F", "the card"],
    [m.NDEF_PAGE, "NDEF message TLV, terminator TLV, zeros", "the card"],
    [m.STATUS_PAGE, "status page (below)", "the card"],
    [m.HEAD_PAGE, "CRC32 over seq ‖ APDU", "the reader"],
    [m.GO_PAGE, "00 ‖ length of the APDU [2] ‖ seq: writing it is the go", "the reader"],
    [m.REQUEST_PAGE, `APDU, at most ${m.REQUEST_MOST} bytes`, "the reader"],
    [m.ANSWER_PAGE, "answer: data and status word, then zeros", "the card"],
  ];
  return groups.map(([first, what, who], index) => {
    const last = (groups[index + 1]?.[0] ?? m.LAST_PAGE + 1) - 1;
    return [range(first, last), 4 * (last - first + 1), what, who];
  });
}
/** The status page's fields, in their order. */
function statusRows(): (string | number)[][] {
  const says: Record<keyof typeof nfc.MAILBOX_STATUS, string> = {
    MAGIC: "4B 43",
    VERSION: `${nfc.MAILBOX.VERSION}`,
    STATE: "below",
    SEQ: "of the request that the page speaks of",
    BUSY: "with BUSY: how long the card thinks it takes, in tens of milliseconds",
    LENGTH: "with ANSWER: bytes of the answer",
    REQUEST_CRC: "the request's CRC32",
    ANSWER_CRC: "with ANSWER: CRC32 over seq ‖ answer",
  };
  const places = Object.entries(nfc.MAILBOX_STATUS) as [keyof typeof says, number][];
  return places.map(([name, at], index) => {
    const size = (places[index + 1]?.[1] ?? 16) - at;
    return [at, size, name, says[name]];
  });
}

/** What a kernel entry takes: p = any place, w = one at a multiple of 4, i = a number. */
function signature(entry: KernelEntry): string {
  const letters = { bytes: "p", word: "w", int: "i" } as const;
  return entry.arguments.map(([name, kind]) => `${letters[kind]} \`${name}\``).join(", ");
}
const KERNEL_TABLES: Document["tables"] = {
  entries: () =>
    markdown(
      ["entry", "name", "takes", "does", "the card calls it"],
      KERNEL_ENTRIES.map((entry: KernelEntry, index) => [
        index,
        entry.name,
        signature(entry),
        entry.does.replaceAll("|", "\\|"),
        entry.card === null ? "" : `\`${entry.card ?? entry.name}\``,
      ]),
    ),
};

export function document(name: string, tables: Document["tables"]): Document {
  return { name, path: join(DOCS, name), tables };
}
export const PROTOCOL = document("protocol.md", PROTOCOL_TABLES);
export const KERNEL = document("kernel.md", KERNEL_TABLES);
export const DOCUMENTS = [PROTOCOL, KERNEL];

const BLOCK = /<!-- table:(\w+) -->\n[\s\S]*?<!-- \/table -->/g;

/**
 * The document's text with every table filled. Throws on a mark without a table and the reverse.
 */
export function fill(text: string, { name: file, tables }: Document): string {
  const seen = new Set<string>();
  const filled = text.replace(BLOCK, (_, name: string) => {
    const make = tables[name];
    if (!make) throw new Error(`docs/${file}: no table is named "${name}"`);
    seen.add(name);
    return `<!-- table:${name} -->\n\n${make()}\n\n<!-- /table -->`;
  });
  const missing = Object.keys(tables).filter((name) => !seen.has(name));
  if (missing.length) throw new Error(`docs/${file}: no place for ${missing.join(", ")}`);
  return filled;
}

/** Writes the tables, or only compares; the exit code. */
export function fillTables(documents: readonly Document[], check: boolean): number {
  let status = 0;
  for (const document of documents) {
    const text = readFileSync(document.path, "utf8");
    const filled = fill(text, document);
    if (filled === text) continue;
    if (!check) writeFileSync(document.path, filled);
    else {
      console.error(`docs/${document.name} is not up to date: npm run docs -- --tables`);
      status = 1;
    }
  }
  return status;
}
