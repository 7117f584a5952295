/**
 * Why a board was not flashed: codes with facts, as the library's (host/sdk/failures/facts.ts).
 * What to do next the command line's and the page's dictionaries say. Browser-safe.
 */

import { lookUp } from "../../sdk/failures/facts.js";
import type { AnyFailure, PerCodeOf } from "../../sdk/failures/facts.js";
import { plainText } from "../../sdk/failures/text.js";
import { STATES } from "../../sdk/wire/generated.js";
import type { StateName } from "../../sdk/wire/generated.js";

type None = Readonly<Record<never, never>>;
interface OnPort {
  /** As people call it. */
  readonly port: string;
}
interface AtRates extends OnPort {
  /** Baud; empty where the link has none. */
  readonly rates: readonly number[];
}
interface OfImage {
  /** Where the image is, or what it is called. */
  readonly image: string;
  /** The board that it was looked for. */
  readonly board?: string;
}
interface ImageFile extends OfImage {
  readonly file: string;
}

export interface FlashFacts {
  "flash/unsupported": { readonly board: string; readonly why: string };
  "flash/not-confirmed": None;
  "flash/other-image": { readonly image: string; readonly board: string };
  "flash/demo-image": None;
  "flash/other-board": { readonly found: string; readonly board: string; readonly wanted: string };
  "flash/espruino": { readonly version: string; readonly binary: string };
  "flash/storage": {
    readonly bytes: number | undefined;
    readonly address: number;
    readonly wantedBytes: number;
    readonly wantedAddress: number;
    readonly binary: string;
  };
  /** A vault of another size or place, which this image can't use and which may hold a key. */
  "flash/foreign-vault": None;
  "flash/no-room": { readonly needed: number; readonly free: number; readonly hex: string };
  "flash/no-console": { readonly scheme: string };
  "flash/open": OnPort & { readonly why: AnyFailure };
  "flash/card-here": { readonly state: StateName; readonly firmware: string };
  "flash/no-kernel": None;
  "flash/silent": AtRates;
  "flash/not-text": AtRates;
  "flash/not-a-prompt": AtRates & { readonly last: string };
  "flash/no-answer": OnPort & { readonly seconds: number };
  "flash/garbled": OnPort;
  /** The link ended, or our end of it was closed. */
  "flash/ended": OnPort & { readonly ours?: true };
  "flash/step-late": OnPort & { readonly step: "connect" | "answer" | "send" };
  "flash/write": { readonly file: string; readonly at: number };
  "flash/differs": { readonly file: string };
  "flash/other-bytes": { readonly file: string };
  /** Compared, and the board holds none of the image's code. */
  "flash/blank": None;
  /** It holds some of it, but not this file. */
  "flash/no-file": { readonly file: string };
  "flash/image-file": ImageFile;
  "flash/image-hash": ImageFile;
  "flash/image-json": OfImage;
  "flash/image-version": OfImage;
  "flash/image-vault": OfImage;
  "flash/image-board": { readonly board: string };
  "flash/load": { readonly url: string };
  "flash/script": { readonly file: string };
}
export type FlashCode = keyof FlashFacts;
export type PerFlashCode<Result> = PerCodeOf<FlashFacts, Result>;

const at = ({ port, rates }: AtRates) =>
  rates.length ? `${port} (at ${rates.join(" and ")} baud)` : port;
const hex = (value: number) => `0x${value.toString(16)}`;
const STEPS = { connect: "the connection", answer: "an answer", send: "sending" } as const;

/** Plain English, as host/sdk/failures/text.ts. */
export const FLASH_TEXT: PerFlashCode<string> = {
  "flash/unsupported": ({ board, why }) => `${board}: ${why}`,
  "flash/not-confirmed": () => "not confirmed",
  "flash/other-image": ({ image, board }) => `this image is for ${image}, not for ${board}`,
  "flash/demo-image": () =>
    "this is a DEMO image: its maker's private key is published, so its cards protect nothing",
  "flash/other-board": ({ found, board, wanted }) =>
    `the board says that it is a ${found}, but the image for ${board} needs a ${wanted}`,
  "flash/espruino": ({ version }) =>
    `the board runs Espruino ${version}, which this was not made for`,
  "flash/storage": ({ bytes, address, wantedBytes, wantedAddress }) =>
    `its Storage is ${bytes ?? "?"} bytes at ${hex(address)}, but the image is for ` +
    `${wantedBytes} bytes at ${hex(wantedAddress)}: another build of Espruino for the same board`,
  "flash/foreign-vault": () =>
    "the board holds a card's vault of another size or place than this image's: it may hold a wallet's key",
  "flash/no-room": ({ needed, free }) =>
    `the new code needs ${needed} bytes beside the vault, and ${free} are free; making room means ` +
    "compacting Storage, and a power cut during that loses the wallet",
  "flash/no-console": ({ scheme }) => `${scheme}: there is no console behind it`,
  "flash/open": ({ port, why }) =>
    why.code === "unexpected"
      ? `${port}: it could not be opened: ${plainText(why)}`
      : plainText(why),
  "flash/card-here": ({ state, firmware }) =>
    `a Kincard card (firmware ${firmware}) runs here, ${state}: ${STATES[state].means}. ` +
    "Its console is closed, so nothing can be written through it",
  "flash/no-kernel": () =>
    "a Kincard card without its native kernel runs here (it answers 6F02 to everything). Its " +
    "console is closed, so nothing can be written through it",
  "flash/silent": (facts) =>
    `nothing answers on ${at(facts)}: neither a card nor Espruino's prompt`,
  "flash/not-text": (facts) =>
    `something sends on ${at(facts)}, but not readable text: probably at another baud rate`,
  "flash/not-a-prompt": (facts) =>
    `what answers on ${at(facts)} is not an Espruino prompt; it last said ${facts.last}`,
  "flash/no-answer": ({ port, seconds }) => `${port}: the board did not answer within ${seconds} s`,
  "flash/garbled": ({ port }) => `${port}: the board's answer arrived garbled`,
  "flash/ended": ({ port, ours }) =>
    `${port}: ${ours ? "the console was closed" : "the board's end of the link was closed"}`,
  "flash/step-late": ({ port, step }) => `${port}: waited too long for ${STEPS[step]}`,
  "flash/write": ({ file, at: byte }) => `the board did not take byte ${byte} of ${file}`,
  "flash/differs": ({ file }) => `${file} reads back differently from the board`,
  "flash/other-bytes": ({ file }) => `${file} on the board is not this image's`,
  "flash/blank": () => "the board is blank: there is no card's code on it to compare",
  "flash/no-file": ({ file }) => `there is no ${file} on the board`,
  "flash/image-file": ({ image, file }) => `${image}: there is no ${file}`,
  "flash/image-hash": ({ image, file }) => `${image}: ${file} is not what the manifest describes`,
  "flash/image-json": ({ image }) => `${image}: its manifest is not JSON`,
  "flash/image-version": ({ image }) =>
    `${image}: its manifest is for another version of this program`,
  "flash/image-vault": ({ image }) => `${image}: its vault is not where vaults are`,
  "flash/image-board": ({ board }) => `the image is for "${board}", an unknown board`,
  "flash/load": ({ url }) => `${url} can't be loaded`,
  "flash/script": ({ file }) => `${file} is not an upload script of this version`,
};

/** How a program should end. */
export type FlashReason = "usage" | "refused" | "link" | "files" | "stopped";
export const FLASH_REASONS: Readonly<Record<FlashCode, FlashReason>> = {
  "flash/unsupported": "refused",
  "flash/not-confirmed": "stopped",
  "flash/other-image": "usage",
  "flash/demo-image": "refused",
  "flash/other-board": "refused",
  "flash/espruino": "refused",
  "flash/storage": "refused",
  "flash/foreign-vault": "refused",
  "flash/no-room": "refused",
  "flash/no-console": "usage",
  "flash/open": "link",
  "flash/card-here": "refused",
  "flash/no-kernel": "refused",
  "flash/silent": "link",
  "flash/not-text": "link",
  "flash/not-a-prompt": "link",
  "flash/no-answer": "link",
  "flash/garbled": "link",
  "flash/ended": "link",
  "flash/step-late": "link",
  "flash/write": "link",
  "flash/differs": "link",
  "flash/other-bytes": "refused",
  "flash/blank": "refused",
  "flash/no-file": "refused",
  "flash/image-file": "files",
  "flash/image-hash": "files",
  "flash/image-json": "files",
  "flash/image-version": "files",
  "flash/image-vault": "files",
  "flash/image-board": "files",
  "flash/load": "files",
  "flash/script": "files",
};

/** A board was not flashed. */
export class FlashError<Code extends FlashCode = FlashCode> extends Error {
  override readonly name = "FlashError";
  constructor(
    readonly code: Code,
    readonly facts: FlashFacts[Code],
    options?: ErrorOptions,
  ) {
    super(lookUp(FLASH_TEXT, { code, facts }), options);
  }
  get reason(): FlashReason {
    return FLASH_REASONS[this.code];
  }
}
