/**
 * Options that several commands share, and the readers of what people type: each throws one clear
 * sentence (commander's InvalidArgumentError).
 */

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { parseLabel } from "../../sdk/card/label.js";
import { uriRecord } from "../../sdk/card/uri-record.js";
import { parsePath } from "../../sdk/crypto/bip32.js";
import { fromHex } from "../../sdk/crypto/bytes.js";
import { isPoint } from "../../sdk/crypto/curve.js";
import { Failure } from "../../sdk/failures/failure.js";
import { either } from "../../sdk/failures/text.js";
import { LINK_FORMS, parseLinkUri } from "../../sdk/links/registry.js";
import { readSerial } from "../../sdk/maker/store.js";
import { SCRYPT, SIZES } from "../../sdk/wire/generated.js";

export interface CommonOptions {
  readonly json?: boolean;
  /** A file for every command and answer that passes. */
  readonly record?: string;
}
export interface TrustOptions {
  /** A maker's folder. */
  readonly maker?: string;
  readonly makerKey?: Uint8Array | "demo";
}
export interface CardOptions extends CommonOptions, TrustOptions {
  readonly card: readonly string[];
  /** Labels, ids in hex, names of known cards. */
  readonly expect?: readonly string[];
  /** Ask for labels although the demo maker is trusted. */
  readonly checkLabels?: boolean;
  /** log2 of scrypt's N. */
  readonly acceptCost?: number;
  /** A label or id in hex. */
  readonly acceptNewCode?: string;
}
export interface CodeOptions {
  readonly codeFd?: number;
}

/** Turns a reader that throws into one whose sentence commander shows. */
function reader<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
const list =
  <T>(read: (text: string) => T) =>
  (text: string, previous: readonly T[] = []) => [...previous, reader(read)(text)];

export const readFd = reader((text) => {
  if (!/^\d{1,4}$/.test(text)) throw new TypeError("it must be the number of an open descriptor");
  return Number(text);
});
export const readPath = reader(parsePath);
export const readUrl = reader(uriRecord);
export const readSerials = list(readSerial);
export const readHex = (what: string, size: number) =>
  reader((text) => fromHex(text.trim(), what, size));
export const readWhole = (least: number, most: number) =>
  reader((text) => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
    throw new TypeError(`it must be a whole number from ${least} to ${most}`);
  });

export const readPort = reader((text) => {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
  throw new TypeError("a port is a number up to 65535");
});

export const readMakerKey = reader((text) => {
  if (text === "demo") return text;
  const key = fromHex(text.trim(), "maker's key", SIZES.POINT);
  if (!isPoint(key)) throw new Failure("input/point", { what: "maker's key" });
  return key;
});
const readCard = (text: string): string => {
  parseLinkUri(text);
  return text;
};
/** Whole ids (hex) and labels. */
export function readName(text: string): string {
  if (!/^[0-9a-fA-F]{32}$/.test(text.trim())) parseLabel(text);
  return text;
}

export const readCards = (text: string, previous?: readonly string[]) =>
  list(readCard)(text, previous);

export function withJson(command: Command): Command {
  return command.option("--json", "one line of JSON on stdout; everything else on stderr");
}
export function withCards(command: Command, many = false, needed = true): Command {
  const text = `how to reach a card: ${either(LINK_FORMS)}`;
  const option = new Option("--card <uri>", many ? `${text}; repeat it for each card` : text);
  command.addOption(option.argParser(list(readCard)).makeOptionMandatory(needed));
  return withRecord(command, "write down what passes, as an eavesdropper would see it");
}
/** The command's `act` records. */
export function withRecord(command: Command, text: string): Command {
  return command.option("--record <file>", text);
}
export function withTrust(command: Command): Command {
  return command
    .option("--maker <folder>", "the maker whose cards are genuine: its folder")
    .option("--maker-key <hex>", "or its public key; `demo` for the published one", readMakerKey)
    .option(
      "--expect <label>",
      "the label on the card, or the name of a known one; repeat it in the order of --card",
      (text, previous: string[] = []) => [...previous, text],
    )
    .option("--check-labels", "demo cards too must be named or known");
}
export function withCode(command: Command): Command {
  const text = "read the access code from this file descriptor instead of asking";
  return command
    .option("--code-fd <n>", text, readFd)
    .option(
      "--accept-cost <n>",
      "take a card whose code is stretched with this cost (log2 of scrypt's N)",
      readWhole(SCRYPT.LEAST, SCRYPT.MOST),
    )
    .option(
      "--accept-new-code <label>",
      "the card whose code you changed, or that you made anew, elsewhere",
      readName,
    );
}
export function withPassphrase(command: Command): Command {
  const text = "read the maker's passphrase from this file descriptor instead of asking";
  return command.option("--passphrase-fd <n>", text, readFd);
}
export function withCost(command: Command): Command {
  const text = `how slow stretching the code is: log2 of scrypt's N (default ${SCRYPT.DEFAULT})`;
  return command.option("--cost <n>", text, readWhole(SCRYPT.LEAST, SCRYPT.MOST));
}
