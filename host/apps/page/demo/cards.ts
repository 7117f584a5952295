/**
 * Virtual cards inside the page: the demo that needs no server. The published demo maker signs them
 * when a browser opens the page for the first time; their flash is kept in local storage, so that a
 * reload finds them as they were, like cards that lost their power.
 *
 * Limits: they protect nothing, and a reload forgets how worn their flash is. Two tabs at once have
 * the same cards twice, and the one that is closed last is remembered.
 */

import { writeImage } from "../../../emulator/board/fresh.js";
import { VirtualBoard } from "../../../emulator/board/virtual.js";
import { readKernel } from "../../../emulator/espruino/built.js";
import { NorFlash } from "../../../emulator/flash/nor.js";
import { formatLabel } from "../../../sdk/card/label.js";
import { CardSession } from "../../../sdk/card/session.js";
import { LineTransport } from "../../../sdk/links/line/transport.js";
import { demoMaker } from "../../../sdk/maker/demo.js";

export interface DemoCard {
  readonly name: string;
  readonly label: string;
  readonly board: VirtualBoard;
}

const NAMES = ["Card A", "Card B", "Card C"];
const ITEM = "kincard.demo";

/** Pages of flash that are not the image's, in base64, by their number. */
type Pages = Readonly<Record<string, string>>;
interface Kept {
  /** SHA-256 of the program that wrote them: another one may read its vault otherwise. */
  readonly program: string;
  readonly cards: readonly { readonly label: string; readonly pages: Pages }[];
}

/** The image on a new flash, and what stands in it. */
function freshFlash(): [flash: NorFlash, image: Uint8Array] {
  const flash = new NorFlash();
  writeImage(flash, readKernel(undefined));
  return [flash, flash.bytes.slice()];
}
const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

function pagesOf({ bytes, page }: NorFlash, image: Uint8Array): Pages {
  const pages: Record<string, string> = {};
  for (let at = 0; at < bytes.length; at += page) {
    const now = bytes.subarray(at, at + page);
    if (now.some((byte, offset) => byte !== image[at + offset])) pages[at / page] = toBase64(now);
  }
  return pages;
}
function putBack(flash: NorFlash, pages: Pages): void {
  const state = flash.snapshot();
  for (const [page, text] of Object.entries(pages))
    state.cells.set(fromBase64(text), Number(page) * flash.page);
  flash.restore(state);
}

function keptCards(program: string): Kept["cards"] {
  try {
    const kept = JSON.parse(localStorage.getItem(ITEM) ?? "") as Kept;
    return kept.program === program && kept.cards.length === NAMES.length ? kept.cards : [];
  } catch {
    return [];
  }
}

async function certified(board: VirtualBoard, name: string): Promise<string> {
  const session = new CardSession(await LineTransport.connect(board.duplex(), { name }));
  const maker = demoMaker();
  const certificate = maker.certify(await session.personalise());
  maker.wipe();
  await session.certify(certificate.bytes);
  await session.close();
  return formatLabel(certificate.id);
}

/** By the address that stands in the page's `boards`. */
export const cards = new Map<string, DemoCard>();

let keeping = true;

/** Three cards: those of the last visit, or new ones. */
export async function demoCards(): Promise<DemoCard[]> {
  const flashes = NAMES.map(freshFlash);
  const boards = flashes.map(([flash]) => new VirtualBoard({ flash, clock: "real" }));
  const program = boards[0]!.bundle.sha256;
  const kept = keptCards(program);
  const made: DemoCard[] = [];
  for (const [at, name] of NAMES.entries()) {
    const board = boards[at]!;
    board.onFailure((error) => console.error(`a virtual card failed: ${error.message}`));
    const known = kept[at];
    if (known) putBack(board.flash, known.pages);
    board.powerOn();
    made.push({ name, board, label: known?.label ?? (await certified(board, name)) });
  }
  addEventListener("pagehide", () => {
    if (!keeping) return;
    const now = made.map(({ label, board }, at) => ({
      ...{ label, pages: pagesOf(board.flash, flashes[at]![1]) },
    }));
    localStorage.setItem(ITEM, JSON.stringify({ program, cards: now } satisfies Kept));
  });
  return made;
}

/** Forgets the cards and all that the page noted of them, and begins anew. */
export function startOver(): void {
  keeping = false;
  for (const item of Object.keys(localStorage))
    if (item.startsWith("kincard.")) localStorage.removeItem(item);
  location.hash = "";
  location.reload();
}
