/**
 * Makes from the wire table, the mailbox's, the layouts and the kernel's entries what others
 * compile against:
 *   firmware/src/wire/generated.ts   numbers as const enums, tables as packed strings (card)
 *   firmware/src/wire/layout.ts      places and sizes as const enums (card)
 *   firmware/src/wire/kernel.ts      the kernel's entries as functions (card)
 *   host/sdk/wire/generated.ts       the same facts as readable objects (host, tests, viewer)
 * All are build products.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KERNEL_ABI } from "../kernel/abi.js";
import { facadeSource } from "./facade.js";
import { labelBytes, numbers } from "./layout.js";
import { labelBlock } from "./layout/arena.js";
import { ANSWERS } from "./layout/messages.js";
import { PIECES } from "./layout/record.js";
import * as mailbox from "./mailbox.js";
import { BuildRefused } from "./refused.js";
import * as table from "./table.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const BANNER =
  "// Generated from firmware/wire/table.ts and firmware/kernel/abi.ts. Do not edit.\n";
const LAYOUT_BANNER = "// Generated from firmware/wire/layout.ts. Do not edit.\n";

const stateNames = Object.keys(table.STATES) as table.StateName[];
const wordNames = Object.keys(table.STATUS_WORDS) as table.StatusWordName[];
const FIRST_INS = 0x10;
const INS_COUNT = 32;

function constEnum(name: string, members: Record<string, number>): string {
  const lines = Object.entries(members).map(([key, value]) => `  ${key} = ${value},`);
  return `export const enum ${name} {\n${lines.join("\n")}\n}\n`;
}
const values = (o: Record<string, { value: number }>) =>
  Object.fromEntries(Object.entries(o).map(([key, { value }]) => [key, value]));

/** One command's row: per state "@" = allowed, else a letter that indexes WORDS. */
function packRow(command: table.Command | undefined): string {
  return stateNames
    .map((state) => {
      const cell = command ? command.cells[state] : "INS";
      return typeof cell === "string" ? String.fromCharCode(65 + wordNames.indexOf(cell)) : "@";
    })
    .join("");
}
/** What a command may look like, in three bytes. */
const SHAPE = { ACCESS: 3, P1: 4, LONG: 8 };
function packShape(command: table.Command | undefined): string {
  if (!command) return "\0\0\0";
  const [least, most] = command.data;
  if (command.p1 > 1 || least > 511 || most - least > 255)
    throw new BuildRefused(`firmware/wire/table.ts: ${command.name} does not fit in SHAPES`);
  const access = { plain: 0, channel: 1, code: 2 }[command.access];
  const bits = access | (command.p1 ? SHAPE.P1 : 0) | (least > 255 ? SHAPE.LONG : 0);
  return String.fromCharCode(bits, least & 255, most - least);
}
function byIns(index: number): table.Command | undefined {
  return table.COMMANDS.find((command) => command.ins === FIRST_INS + 2 * index);
}
const slots = Array.from({ length: INS_COUNT }, (_, index) => byIns(index));

function firmwareSource(): string {
  const hex = (value: number) => String.fromCharCode(value >> 8, value & 255);
  const byte = (value: number) => String.fromCharCode(value);
  return [
    BANNER,
    constEnum("State", values(table.STATES)),
    constEnum("Slot", values(table.SLOT_STATES)),
    constEnum("SW", values(table.STATUS_WORDS)),
    constEnum("Size", table.SIZES),
    constEnum("Type", table.TYPES),
    constEnum("Label", labelBlock(table.LABELS).at),
    constEnum("LabelSize", lengths(table.LABELS)),
    constEnum("Cla", table.CLA),
    constEnum("Ins", {
      SELECT: table.INS_SELECT,
      GET_RESPONSE: table.INS_GET_RESPONSE,
      FIRST: FIRST_INS,
      COUNT: INS_COUNT,
    }),
    constEnum(
      "Cmd",
      Object.fromEntries(table.COMMANDS.map((c) => [c.name, (c.ins - FIRST_INS) / 2])),
    ),
    constEnum("Tries", { ...table.TRIES, DROPS_FREE: table.DROPS_FREE, IDLE_S: table.IDLE_S }),
    constEnum("Press", table.GESTURE),
    constEnum("Option", table.OPTIONS),
    constEnum("Consent", table.CONSENT),
    constEnum("Scrypt", table.SCRYPT),
    constEnum("StatusFlag", table.FLAGS),
    constEnum("Limit", table.LIMITS),
    constEnum("Protocol", { VERSION: table.PROTOCOL_VERSION, SUITE: table.SUITE }),
    constEnum("GattBytes", table.GATT_BYTES),
    constEnum("Packet", table.PACKET),
    ...Object.entries(table.GATT).map(
      ([name, uuid]) => `export const GATT_${name} = ${literal(uuid)};`,
    ),
    constEnum("Kernel", { ABI: KERNEL_ABI }),
    constEnum("Mailbox", mailbox.MAILBOX),
    constEnum("MailboxStatus", mailbox.MAILBOX_STATUS),
    constEnum("MailboxState", values(mailbox.MAILBOX_STATES)),
    constEnum("TagCommand", mailbox.TAG),
    `/** All labels, each with its length byte, 4-byte aligned at the offsets of Label. */`,
    `export const LABELS = ${literal(labelBytes())};`,
    `export const AID = ${literal(Buffer.from(table.AID, "hex").toString("latin1"))};`,
    `/** Rows of ${stateNames.length} states for each of ${INS_COUNT} instruction bytes: "@" or 65 + index into WORDS. */`,
    `export const CELLS = ${literal(slots.map(packRow).join(""))};`,
    `/** Status words, two bytes each, in the order the cells count them. */`,
    `export const WORDS = ${literal(wordNames.map((name) => hex(table.STATUS_WORDS[name].value)).join(""))};`,
    `/** Per instruction: Shape's bits, the least length of data, and how many bytes more are taken. */`,
    `export const SHAPES = ${literal(slots.map(packShape).join(""))};`,
    constEnum("Shape", SHAPE),
    `/** Per instruction: how long it keeps the card busy, in tens of milliseconds. */`,
    `export const BUSY = ${literal(
      slots
        .map((c) =>
          byte(mailbox.MAILBOX_BUSY[c?.name as table.CommandName] ?? mailbox.MAILBOX_BUSY_ELSE),
        )
        .join(""),
    )};`,
    constEnum("Busy", { ELSE: mailbox.MAILBOX_BUSY_ELSE }),
    "",
  ].join("\n");
}
function lengths(labels: Record<string, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(labels).map(([key, label]) => [key, label.length + 1]));
}
/** Where everything lies, and how each answer with 9000 ends. */
function layoutSource(): string {
  const ok = Object.entries(ANSWERS).map(([name, size]) => [
    name,
    (size << 16) | table.STATUS_WORDS.OK.value,
  ]);
  return [
    LAYOUT_BANNER,
    ...Object.entries(numbers()).map(([name, members]) => constEnum(name, members)),
    "/** The record's pieces: how many words each. */",
    `export const PIECES = ${literal(String.fromCharCode(...PIECES.map((length) => length / 4)))};`,
    "/** An answer of so many bytes in OUT, with 9000. */",
    constEnum("Ok", Object.fromEntries(ok)),
  ].join("\n");
}
/** A string literal of 8-bit characters with everything unprintable escaped. */
function literal(text: string): string {
  const escape = (c: string) => "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0");
  return '"' + text.replace(/["\\]|[^ -~]/g, escape) + '"';
}

function hostSource(): string {
  const names = Object.entries({ ...table, ...mailbox }).filter(([name]) => name !== "TAG_MEMORY");
  return [
    BANNER,
    ...names.map(
      ([name, value]) => `export const ${name} = ${JSON.stringify(value, null, 2)} as const;`,
    ),
    `export const LAYOUTS = ${JSON.stringify(numbers(), null, 2)} as const;`,
    `export const KERNEL_ABI = ${KERNEL_ABI};`,
    "export type StateName = keyof typeof STATES;",
    "export type SlotStateName = keyof typeof SLOT_STATES;",
    "export type StatusWordName = keyof typeof STATUS_WORDS;",
    "export type LabelName = keyof typeof LABELS;",
    'export type CommandName = (typeof COMMANDS)[number]["name"];',
    "",
  ].join("\n");
}

export function generate(): void {
  for (const [file, source] of [
    ["firmware/src/wire/generated.ts", firmwareSource()],
    ["firmware/src/wire/layout.ts", layoutSource()],
    ["firmware/src/wire/kernel.ts", facadeSource()],
    ["host/sdk/wire/generated.ts", hostSource()],
  ] as const) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source);
  }
}
if (process.argv[1] === fileURLToPath(import.meta.url)) generate();
