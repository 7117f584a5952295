/** `kincard maker`: the certificate authority's own key, list and labels. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { matchesId } from "../../../../sdk/card/identity.js";
import { fromHex, toHex } from "../../../../sdk/crypto/bytes.js";
import { visible } from "../../../../sdk/crypto/text.js";
import { columnsOf } from "../../../terminal/width.js";
import { MakerStore } from "../../../../sdk/maker/store.js";
import type { SignedCard } from "../../../../sdk/maker/store.js";
import type { CliContext } from "../../context.js";
import { CliError, EXIT, usageError } from "../../failure.js";
import { withJson, withPassphrase } from "../../options.js";
import { qrLines, stickerSvg } from "../../qr.js";
import type { CommonOptions } from "../../options.js";
import { act } from "../../run.js";
import { askPassphrase } from "../../asking/secrets.js";

interface LabelOptions extends MakerOptions {
  readonly svg?: string;
}
interface MakerOptions extends CommonOptions {
  readonly maker: string;
  readonly passphraseFd?: number;
}

export function addMaker(program: Command): void {
  const maker = program.command("maker").description("make and look after a maker of cards");
  const sub = (name: string, description: string) =>
    withJson(maker.command(name).description(description)).requiredOption(
      "--maker <folder>",
      "the maker's folder",
    );
  withPassphrase(sub("init", "make a maker: its key, sealed under a passphrase")).action(act(init));
  sub("list", "list the cards that it signed").action(act(list));
  sub("label", "print the labels to put on the cards")
    .argument("[cards...]", "serials, ids or labels (default: all)")
    .option("--svg <folder>", "write each as a sticker for a printer, LABEL.svg")
    .action(act(label));
}

export async function unlockMaker(
  context: CliContext,
  store: MakerStore,
  fd: number | undefined,
): Promise<void> {
  const { out, signal } = context;
  const options = { fd, flag: "--passphrase-fd", signal };
  const passphrase = await askPassphrase("Passphrase of the maker", options);
  context.atEnd(() => store.lock());
  await out.step("Unsealing the maker's key", (progress) => store.unlock(passphrase, progress));
}

async function init({ out, signal }: CliContext, options: MakerOptions) {
  const ask = { fd: options.passphraseFd, flag: "--passphrase-fd", fresh: true, signal };
  const passphrase = await askPassphrase("New passphrase for the maker", ask);
  const store = await out.step(
    "Making a maker's key and sealing it under your passphrase",
    (onProgress) => MakerStore.init(options.maker, passphrase, { onProgress }),
    { done: "The maker's key is made and sealed" },
  );
  const publicKey = toHex(store.publicKey);
  return {
    json: { maker: options.maker, publicKey, id: toHex(store.id) },
    text: [
      `public key  ${publicKey}`,
      `folder      ${options.maker}`,
      "Back up the folder, and keep the passphrase elsewhere: no card can be signed without both.",
      `Make the boards' image with: npm run image -- BOARD --maker-key ${publicKey}`,
    ],
  };
}

async function signedCards(options: MakerOptions): Promise<SignedCard[]> {
  const { cards, damaged } = await (await MakerStore.open(options.maker)).list();
  if (damaged) {
    const what = `${damaged} lines of the list in ${options.maker} can't be read`;
    throw new CliError(EXIT.FILES, what, "Restore cards.jsonl from your backup.");
  }
  return cards;
}

async function list(_: CliContext, options: MakerOptions) {
  const cards = await signedCards(options);
  const line = ({ date, label, serial }: SignedCard) =>
    visible(`${date.slice(0, 10)}  ${label}${serial ? `  ${serial}` : ""}`);
  return {
    json: { cards },
    text: cards.length ? cards.map(line) : ["No cards have been signed yet."],
  };
}

async function label({ out }: CliContext, options: LabelOptions, args: readonly string[]) {
  const cards = await signedCards(options);
  const chosen = args.length ? [...new Set(args.flatMap((name) => find(cards, name)))] : cards;
  for (const name of args) {
    const { length } = find(cards, name);
    // Serials are the maker's own words, and nothing keeps them apart.
    if (length > 1)
      out.warn(`${length} cards are called "${visible(name)}": here are all of them.`);
  }
  const { svg } = options;
  const files: string[] = [];
  if (svg !== undefined) {
    await mkdir(svg, { recursive: true });
    for (const card of chosen) {
      const file = join(svg, `${card.label}.svg`);
      await writeFile(file, stickerSvg(card.label, words(card)));
      files.push(file);
    }
  }
  const labels = chosen.map(({ id, label, serial }) => ({ id, label, serial }));
  const shown = chosen.flatMap((card) => [...printed(card), ...qrLines(card.label), ""]);
  return {
    json: { labels, ...(svg === undefined ? {} : { files }) },
    text: svg === undefined ? shown.slice(0, -1) : files,
  };
}

/** All that are called so: two cards may have one serial. */
function find(cards: readonly SignedCard[], name: string): SignedCard[] {
  const found = cards.filter(({ serial, id, label }) => {
    if (name === serial || name.toLowerCase() === id || name.toUpperCase() === label) return true;
    try {
      return matchesId(name, fromHex(id));
    } catch {
      return false;
    }
  });
  if (found.length) return found;
  throw usageError(`this maker has not signed a card "${visible(name)}"`);
}

/** To cut out and stick on. */
const words = ({ label, serial }: SignedCard) =>
  ["KINCARD", label, ...(serial ? [serial] : [])].map(visible);

function printed(card: SignedCard): string[] {
  const lines = words(card);
  const width = Math.max(...lines.map(columnsOf)) + 4;
  const row = (text: string) => `│  ${text}${" ".repeat(width - 2 - columnsOf(text))}│`;
  return [`┌${"─".repeat(width)}┐`, ...lines.map(row), `└${"─".repeat(width)}┘`];
}
