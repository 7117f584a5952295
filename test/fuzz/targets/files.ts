/**
 * Files that a program reads back: a run, the book of known cards, a maker's key and list, a wallet
 * file. Whatever stands there: a refusal with words, or what comes out the same again.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWallet } from "../../../host/apps/cli/commands/backup/wallet-file.js";
import { CliError } from "../../../host/apps/cli/failure.js";
import { formatBook, parseBook } from "../../../host/sdk/book/book.js";
import { formatLabel } from "../../../host/sdk/card/label.js";
import { fromHex } from "../../../host/sdk/crypto/bytes.js";
import { Failure } from "../../../host/sdk/failures/failure.js";
import { Maker } from "../../../host/sdk/maker/maker.js";
import { formatSealedMaker, sealMaker } from "../../../host/sdk/maker/seal.js";
import { MakerStore } from "../../../host/sdk/maker/store.js";
import { formatRun, parseRun } from "../../../host/sdk/relay/run/run.js";
import { bytes, must, taken, text, type Target } from "./target.js";

const POINT = "027551ef50e80747059ac3761b7c0a73fd9059bf19fd27eb13a3317af961b2c7e3";
const ID = "8614aae11650957304c973c9ab2012d5";
const json = (value: unknown) => bytes(JSON.stringify(value));
const WORDS = [
  "null",
  "true",
  "[]",
  "{}",
  "-1",
  "1e9",
  '"kincard"',
  POINT,
  ID,
  "\ufeff",
  "\\u0000",
];
const words = WORDS.map(bytes);

export const run: Target = {
  name: "run",
  most: 2000,
  words,
  seeds: () => [
    json({ kincard: "run", version: 1, maker: POINT, setSize: 2, copies: [] }),
    json({
      ...{ kincard: "run", version: 1, maker: POINT, setSize: 3, doing: "x" },
      source: { id: ID, setId: ID, publicKey: POINT },
      copies: [null, { id: ID, receipt: "00".repeat(32), holdsKey: true }],
    }),
  ],
  run: async (input) => {
    const one = await taken(() => parseRun(text(input)));
    if (one) must(formatRun(parseRun(formatRun(one))) === formatRun(one), "a run that changes");
  },
};

export const book: Target = {
  name: "book",
  most: 2000,
  words,
  seeds: () => {
    const seen = { firstSeen: "2026-01-01T00:00:00.000Z", named: true, state: "WALLET" };
    const names = { id: ID, name: "savings", maker: POINT, setId: ID };
    const card = { ...names, ...seen, salt: ID, cost: 15 };
    const empty = bytes(formatBook([]));
    return [empty, json({ kincard: "cards", version: 1, cards: [card] })];
  },
  run: async (input) => {
    const one = await taken(() => parseBook(text(input)));
    if (one)
      must(formatBook(parseBook(formatBook(one))) === formatBook(one), "a book that changes");
  },
};

let folder: string | undefined;
function place(name: string, input: Uint8Array): string {
  folder ??= mkdtempSync(join(tmpdir(), "kincard-fuzz-"));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, input);
  return file;
}
const close = () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
};

/** The maker's key and its list are read by the same path, one half of the input each. */
export const maker: Target = {
  name: "maker",
  most: 2000,
  words: [...words, bytes("\n")],
  seeds: async () => {
    const real = await sealMaker(Maker.create(), "a passphrase", { cost: 10 });
    const line = { date: "2026-01-01T00:00:00.000Z", id: ID, label: formatLabel(fromHex(ID)) };
    const keys = { cardKey: POINT, certificate: "00".repeat(103), serial: "7" };
    return [bytes(formatSealedMaker(real)), json({ ...line, ...keys })];
  },
  run: async (input) => {
    place("maker.json", input);
    place("cards.jsonl", input);
    const store = await taken(() => MakerStore.open(folder as string));
    if (store) await taken(() => store.list());
  },
  close,
};

export const wallet: Target = {
  name: "wallet",
  most: 1000,
  words,
  seeds: () => [json({ kincard: "wallet", version: 1, id: ID, setId: ID, publicKey: POINT })],
  run: async (input) => {
    const file = place("wallet.json", input);
    const refusal = (error: unknown) => error instanceof CliError || error instanceof Failure;
    const names = await taken(() => readWallet(file), refusal);
    if (names) must(names.id.length === 16 && names.publicKey.length === 33, "a wallet's sizes");
  },
  close,
};
