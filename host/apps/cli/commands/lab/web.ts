/**
 * `kincard web`: the phone page with virtual cards. The cards are empty, signed by the published
 * demo maker, and gone when the program ends.
 *
 * On this machine alone, unless --https says that phones in the same network may come too: then
 * anybody in that network can use the virtual cards, and it is said.
 */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import type { ClockKind } from "../../../../emulator/espruino/clock.js";
import { VirtualBoard } from "../../../../emulator/board/virtual.js";
import { DIST } from "../../../../emulator/espruino/bundle.js";
import { writeImage } from "../../../../emulator/board/fresh.js";
import { NorFlash } from "../../../../emulator/flash/nor.js";
import { toHex } from "../../../../sdk/crypto/bytes.js";
import type { Maker } from "../../../../sdk/maker/maker.js";
import { isLoopback, placeOf, readHost } from "../../../page/server/addresses.js";
import type { Place } from "../../../page/server/addresses.js";
import {
  loadCredentials,
  ownCertificate,
  ownCertificateFile,
} from "../../../page/server/certificate.js";
import type { Credentials } from "../../../page/server/certificate.js";
import { publishImages } from "../../../page/server/images.js";
import { servePage } from "../../../page/server/serve.js";
import type { Served, ServedBoard } from "../../../page/server/serve.js";
import { cardName, certify, chipCards } from "../../virtual/cards.js";
import type { ChipSource } from "../../virtual/chip.js";
import { usageError } from "../../failure.js";
import { readPort, readWhole } from "../../options.js";
import { qrLines } from "../../qr.js";
import { untilStopped } from "../../stopped.js";
import { demoMaker, DEMO_MAKER } from "../../../../sdk/maker/demo.js";
import { readKernel } from "../../../../emulator/espruino/bundle.js";
import { WARNING } from "../../../../emulator/board/virtual.js";

interface WebOptions extends ChipSource {
  readonly port: number;
  readonly cards: number;
  readonly consent?: boolean;
  readonly https?: boolean;
  readonly host?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly json?: boolean;
}

const SOURCES = new URL("../host/tools", DIST);
export const PAGE_FOLDER = fileURLToPath(new URL("web", DIST));

export function addWebCommand(program: Command): void {
  program
    .command("web")
    .description("serve the phone page with virtual cards, to try it without hardware")
    .option("--port <n>", "the port (default: any free one)", readPort, 0)
    .option("--cards <n>", "how many virtual cards", readWhole(1, 6), 3)
    .option("--chip <board>", "as emulated chips on this board, executing the real firmware")
    .option("--firmware <file>", "that firmware, .hex or .zip (default: KINCARD_FIRMWARE)")
    .option("--image <file>", "for chips: their full .hex (default: dist/BOARD/DEMO-full.hex)")
    .option("--consent", "cards that give their key only by button, while both boards blink alike")
    .option("--https", "serve phones in the same network too, with a certificate of its own")
    .option("--host <address>", "with --https: on this address (or name) alone", readHostOption)
    .option("--cert <file>", "with --https: your certificate (PEM) in place of its own")
    .option("--key <file>", "and its private key (PEM)")
    .option("--json", "one line of JSON in place of text")
    .action((options: WebOptions) => runWeb(options));
}

function readHostOption(text: string): string {
  try {
    return readHost(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

export interface VirtualCardOptions {
  /** A bundle that was built for this maker: its path. */
  readonly bundle?: string;
  /** Wiped when the cards are made. */
  readonly maker?: Maker;
  /** Where their names begin. */
  readonly first?: number;
  /** With on-card consent. */
  readonly consent?: boolean;
  /** Default: "real". */
  readonly clock?: ClockKind;
}

/** New virtual cards, powered and signed, by the demo maker unless told otherwise: EMPTY. */
export async function virtualCards(
  count: number,
  {
    bundle,
    maker = demoMaker(),
    first = 0,
    consent = false,
    clock = "real",
  }: VirtualCardOptions = {},
): Promise<ServedBoard[]> {
  const cards: ServedBoard[] = [];
  for (let at = 0; at < count; at++) {
    const flash = new NorFlash();
    writeImage(flash, readKernel(undefined));
    const board = new VirtualBoard({ flash, clock, ...(bundle ? { bundle } : {}) });
    board.onFailure((error) => console.error(`a virtual card failed: ${error.message}`));
    board.powerOn();
    const name = cardName(first + at);
    cards.push({ name, label: await certify(board.duplex(), name, maker, { consent }), board });
  }
  maker.wipe();
  return cards;
}

/** Where it is served and by which certificate. Throws before anything is opened. */
async function openWays({ https, host, cert, key }: WebOptions) {
  if ((cert === undefined) !== (key === undefined)) {
    throw usageError("--cert and --key belong together");
  }
  if (!https && cert !== undefined) throw usageError("--cert and --key need --https");
  if (!https && host !== undefined && !isLoopback(host)) {
    throw usageError(
      `--host ${host} needs --https: without it the page and its virtual cards are for this machine alone`,
    );
  }
  const place = placeOf(host, https === true);
  if (!https) return { place };
  if (cert !== undefined && key !== undefined) {
    const tls = await loadCredentials(cert, key);
    // Your certificate says under which names you want to be called.
    const own = tls.names.filter((name) => !name.includes("*"));
    return { place: { ...place, names: [...new Set([...own, ...place.names])] }, tls };
  }
  const file = ownCertificateFile();
  return { place, tls: await ownCertificate(file, place.names), file };
}

async function runWeb(options: WebOptions): Promise<void> {
  const { port, cards: count, json } = options;
  const ways: { place: Place; tls?: Credentials; file?: string } = await openWays(options);
  // A package has them there already, in a folder that may not be this user's to write.
  if (existsSync(SOURCES)) publishImages(PAGE_FOLDER, fileURLToPath(DIST));
  const cards = await (options.chip === undefined
    ? virtualCards(count, { consent: options.consent })
    : chipCards(count, options));
  const served = await servePage({
    ...{ folder: PAGE_FOLDER, boards: cards, port },
    ...{ maker: toHex(DEMO_MAKER), demo: true, place: ways.place, tls: ways.tls },
  });
  const stopped = untilStopped();
  const labels = cards.map(({ name, label }) => ({ name, label }));
  if (json) {
    const { urls, url } = served;
    const { fingerprint } = ways.tls ?? {};
    const more = fingerprint ? { urls, fingerprint, certificate: ways.file ?? options.cert } : {};
    console.log(JSON.stringify({ url, cards: labels, ...more }));
  } else {
    console.log(WARNING.replace("the flash file holds", "this program's memory holds"));
    for (const { name, label } of labels) console.log(`${name}  ${label}`);
    if (ways.tls) sayHttps(served, ways.tls, ways.file);
    else console.log(`Open ${served.url} in a browser on this machine. Ctrl-C ends it.`);
  }
  await stopped;
  await served.close();
  for (const { board } of cards) board.powerOff();
}

function sayHttps({ url, urls }: Served, tls: Credentials, file: string | undefined): void {
  for (const line of qrLines(url)) console.log(line);
  console.log(`Open ${url} on a phone in the same network. Ctrl-C ends it.`);
  if (urls.length > 1) console.log(`Also:       ${urls.slice(1).join("  ")}`);
  console.log(`SHA-256     ${tls.fingerprint}`);
  if (file !== undefined) {
    console.log(`Certificate ${file}, until ${tls.until.toISOString().slice(0, 10)}`);
    console.log(
      "The phone warns that nobody vouches for this certificate: it was made here. If its details\n" +
        'show the fingerprint above, it is this program; go on ("Advanced"). Otherwise stop.',
    );
  }
  console.log("Anybody in this network can open the page and use these virtual cards meanwhile.");
}
