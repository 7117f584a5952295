/**
 * A maker's folder (`--maker DIR`): `maker.json`, the sealed Kmaker, and `cards.jsonl`, one line
 * for every card that it signed. Node only.
 */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromHex, toHex } from "../crypto/bytes.js";
import { charactersIn, isVisible, parseJson } from "../crypto/text.js";
import { appendLine, assertAppendable, createAtomic } from "../files/atomic.js";
import type { CardOptions, Certificate, CertificateRequest } from "../card/certificate.js";
import { makerId } from "../card/identity.js";
import { formatLabel } from "../card/label.js";
import { Failure } from "../failures/failure.js";
import { Maker } from "./maker.js";
import { formatSealedMaker, parseSealedMaker, sealMaker, unsealMaker } from "./seal.js";
import type { MakerProgress, SealedMaker, SealOptions } from "./seal.js";

const KEY_FILE = "maker.json";
const CARDS_FILE = "cards.jsonl";

/** One signed card, as `cards.jsonl` lists it. */
export interface SignedCard {
  /** ISO 8601. */
  readonly date: string;
  /** Card id, hex. */
  readonly id: string;
  /** The id as the label prints it. */
  readonly label: string;
  /** Kcard, hex. */
  readonly cardKey: string;
  /** Cert_Card, hex. */
  readonly certificate: string;
  /** What the maker calls the board: a serial number, a batch. */
  readonly serial?: string;
}

/** In characters as people see them: what a sticker has room for. */
const SERIAL_MOST = 64;

/**
 * A serial as it may be listed and printed. Failure input/serial for control characters, which
 * would be carried out by a terminal that shows the list.
 */
export function readSerial(text: string): string {
  const size = charactersIn(text);
  if (size > 0 && size <= SERIAL_MOST && isVisible(text)) return text;
  throw new Failure("input/serial", { most: SERIAL_MOST });
}

export class MakerStore {
  readonly publicKey: Uint8Array;
  readonly id: Uint8Array;
  readonly #file: SealedMaker;
  #maker: Maker | undefined;

  private constructor(
    readonly folder: string,
    file: SealedMaker,
  ) {
    this.#file = file;
    this.publicKey = fromHex(file.publicKey);
    this.id = makerId(this.publicKey);
  }

  /** Makes a new Kmaker in this folder; never writes over one that is there. */
  static async init(
    folder: string,
    passphrase: string,
    options?: SealOptions,
  ): Promise<MakerStore> {
    if (await readText(join(folder, KEY_FILE))) throw alreadyThere(folder);
    const maker = Maker.create();
    try {
      const file = await sealMaker(maker, passphrase, options);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const made = await createAtomic(join(folder, KEY_FILE), formatSealedMaker(file));
      if (!made) throw alreadyThere(folder);
      return new MakerStore(folder, file);
    } finally {
      maker.wipe();
    }
  }

  /** The maker's public side; `unlock` before signing. */
  static async open(folder: string): Promise<MakerStore> {
    const text = await readText(join(folder, KEY_FILE));
    if (text === undefined) throw new Failure("maker/missing", { folder });
    return new MakerStore(folder, parseSealedMaker(text));
  }

  async unlock(passphrase: string, onProgress?: MakerProgress): Promise<void> {
    this.#maker = await unsealMaker(this.#file, passphrase, onProgress);
  }
  /** Forgets Kmaker's private half. */
  lock(): void {
    this.#maker?.wipe();
    this.#maker = undefined;
  }

  /** Before a card is asked: whether its line can be written. */
  async assertListWritable(): Promise<void> {
    await this.#onList(assertAppendable);
  }

  /** Signs a card's request and writes it to the list before the certificate is handed out. */
  async certify(
    request: CertificateRequest,
    serial?: string,
    options?: CardOptions,
  ): Promise<Certificate> {
    if (!this.#maker) throw new Failure("maker/locked", {});
    if (serial !== undefined) readSerial(serial);
    const certificate = this.#maker.certify(request, options);
    const id = toHex(certificate.id);
    const { cards } = await this.list();
    if (!cards.some((card) => card.id === id && (!serial || card.serial === serial))) {
      await this.#append({
        date: new Date().toISOString(),
        id,
        label: formatLabel(certificate.id),
        cardKey: toHex(certificate.cardKey),
        certificate: toHex(certificate.bytes),
        ...(serial ? { serial } : {}),
      });
    }
    return certificate;
  }

  /** Every card that this maker signed; `damaged` counts lines that can't be read. */
  async list(): Promise<{ cards: SignedCard[]; damaged: number }> {
    const text = (await readText(join(this.folder, CARDS_FILE))) ?? "";
    const cards: SignedCard[] = [];
    let damaged = 0;
    for (const line of text.split("\n")) {
      if (!line) continue;
      const card = parseCard(line);
      if (card) cards.push(card);
      else damaged++;
    }
    return { cards, damaged };
  }

  async #append(card: SignedCard): Promise<void> {
    await this.#onList((file) => appendLine(file, JSON.stringify(card)));
  }
  async #onList(act: (file: string) => Promise<void>): Promise<void> {
    try {
      await act(join(this.folder, CARDS_FILE));
    } catch (cause) {
      throw new Failure("maker/list-write", { folder: this.folder }, { cause });
    }
  }
}

const alreadyThere = (folder: string) => new Failure("maker/exists", { folder });

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure("maker/read", { path, detail: (error as Error).message }, { cause: error });
  }
}

function parseCard(line: string): SignedCard | undefined {
  try {
    const card = parseJson(line) as SignedCard;
    const fields = [card.date, card.id, card.label, card.cardKey, card.certificate];
    return fields.every((field) => typeof field === "string") ? card : undefined;
  } catch {
    return undefined;
  }
}
