/**
 * `kincard web`: the phone page with virtual cards, on this machine alone. The cards are empty,
 * signed by the published demo maker, and gone when the program ends.
 */

import { fileURLToPath } from "node:url";
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import { VirtualBoard } from "../board/board.js";
import { DIST } from "../board/bundle.js";
import { writeImage } from "../board/image.js";
import { NorFlash } from "../board/nor.js";
import { CardSession } from "../card/session.js";
import { formatLabel } from "../card/label.js";
import { toHex } from "../crypto/bytes.js";
import { LineTransport } from "../links/line-transport.js";
import { servePage } from "../web/serve.js";
import type { ServedBoard } from "../web/serve.js";
import { readWhole } from "./options.js";
import { demoMaker, DEMO_MAKER } from "./trust.js";
import { readKernel, WARNING } from "./virtual.js";

interface WebOptions {
  readonly port: number;
  readonly cards: number;
  readonly json?: boolean;
}

export const PAGE_FOLDER = fileURLToPath(new URL("web", DIST));

export function addWebCommand(program: Command): void {
  program
    .command("web")
    .description("serve the phone page with virtual cards, to try it without hardware")
    .option("--port <n>", "the port on 127.0.0.1 (default: any free one)", readPort, 0)
    .option("--cards <n>", "how many virtual cards", readWhole(1, 6), 3)
    .option("--json", "one line of JSON in place of text")
    .action((options: WebOptions) => runWeb(options));
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError("a port is a number up to 65535");
}

/** New virtual cards, powered and signed by the demo maker: EMPTY. */
export async function virtualCards(count: number): Promise<ServedBoard[]> {
  const maker = demoMaker();
  const cards: ServedBoard[] = [];
  for (let at = 0; at < count; at++) {
    const flash = new NorFlash();
    writeImage(flash, readKernel(undefined));
    const board = new VirtualBoard({ flash, clock: "real" });
    board.onFailure((error) => console.error(`a virtual card failed: ${error.message}`));
    board.powerOn();
    const name = `Card ${"ABCDEF".charAt(at)}`;
    const session = new CardSession(await LineTransport.connect(board.duplex(), { name }));
    const certificate = maker.certify(await session.personalise());
    await session.certify(certificate.bytes);
    await session.close();
    cards.push({ name, label: formatLabel(certificate.id), board });
  }
  maker.wipe();
  return cards;
}

async function runWeb({ port, cards: count, json }: WebOptions): Promise<void> {
  const cards = await virtualCards(count);
  const served = await servePage({
    ...{ folder: PAGE_FOLDER, boards: cards, port },
    ...{ maker: toHex(DEMO_MAKER), demo: true },
  });
  const labels = cards.map(({ name, label }) => ({ name, label }));
  if (json) console.log(JSON.stringify({ url: served.url, cards: labels }));
  else {
    console.log(WARNING.replace("the flash file holds", "this program's memory holds"));
    for (const { name, label } of labels) console.log(`${name}  ${label}`);
    console.log(`Open ${served.url} in a browser on this machine. Ctrl-C ends it.`);
  }
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await served.close();
  for (const { board } of cards) board.powerOff();
}
