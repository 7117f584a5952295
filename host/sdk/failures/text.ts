/**
 * The failures in plain English: what an error's `message` holds. For those who write programs with
 * the library, and the command line where it has nothing better to say; it names no program's
 * options and says nothing about what to do next. Never a secret. Browser-safe.
 */

import { counted } from "../crypto/text.js";
import { STATUS_WORDS } from "../wire/generated.js";
import type { CardRef } from "../relay/visits/role.js";
import type { StatusWordName } from "../wire/generated.js";
import { askForPackage } from "./packages.js";
import { LINK_TEXT } from "./text-link.js";
import { lookUp } from "./facts.js";
import type {
  AnyFailure,
  CardCode,
  CopyFault,
  FailureFacts,
  PerCode,
  Refusal,
  UnknownSignature,
  UriFault,
} from "./facts.js";

export const hexWord = (sw: number): string => sw.toString(16).padStart(4, "0");

/** "the source card (9Q3K-...)", "copy card 2": the source is card 1 of its set. */
export function cardName({ role, label }: CardRef): string {
  const which = role.kind === "source" ? "the source card" : `copy card ${role.index + 2}`;
  return label === undefined ? which : `${which} (${label})`;
}

const refusal = (says: string, { sw, command, seconds }: Refusal) => {
  const wait = seconds ? `; the next one is taken in ${seconds} s` : "";
  return `${says}${wait} (${command}: ${hexWord(sw)})`;
};
type CardText = { readonly [Code in CardCode]: (facts: Refusal) => string };
const words = Object.entries(STATUS_WORDS) as [StatusWordName, { readonly says: string }][];
const CARD_TEXT = Object.fromEntries([
  ...words
    .filter(([word]) => word !== "OK")
    .map(([word, { says }]) => [`card/${word}`, (facts: Refusal) => refusal(says, facts)]),
  ["card/unknown", (facts: Refusal) => refusal("the card answered an unknown status word", facts)],
]) as CardText;

export const COPY_FAULTS: Readonly<Record<CopyFault, string>> = {
  key: "it holds another wallet's key",
  set: "it belongs to another set",
  source: "it names another source",
  state: "it is not a copy",
  number: "its copy number is impossible",
  size: "it gives another set size",
  place: "the source's ledger has no place for it",
  transfer: "it took another TRANSFER than the source made for it",
};
const URI_FAULTS: Readonly<Record<UriFault, (forms: string) => string>> = {
  shape: (forms) => `it must look like ${forms}`,
  port: () => "the port is not in 1..65535",
  baud: () => "what follows @ is not a baud rate",
  "baud-range": () => "no port has that baud rate",
};

const UNKNOWN_SIGNATURES: Readonly<Record<UnknownSignature, string>> = {
  full: "signatures in BIP 322's full form can't be checked here",
  script: "a signature by a script, such as several owners', can't be checked here",
  address: "a signature of this form under an address of this kind can't be checked here",
  header: "a signature of this kind can't be checked here",
};

/** "a, b or c" */
export const either = (names: readonly string[]): string =>
  names.join(", ").replace(/, ([^,]*)$/, " or $1");

function notThatCard({ label, expected }: FailureFacts["verify/other-card"]): string {
  if (label === undefined) return "this is not the expected card";
  return `this is the card ${label}${expected === undefined ? "" : `, not ${expected}`}`;
}
function noCopy({ faults, copy, source }: FailureFacts["verify/copy"]): string {
  const who = copy === undefined ? "the card" : copy;
  const whose = source === undefined ? "the source" : source;
  return `${who} is not a copy of ${whose}: ${faults.map((fault) => COPY_FAULTS[fault]).join(", ")}`;
}

export const TEXT: PerCode<string> = {
  ...CARD_TEXT,
  ...LINK_TEXT,
  "verify/maker": () => "the card was made by another maker than the one expected",
  "verify/certificate": () => "the card's certificate is forged: this is not a genuine card",
  "verify/certificate-version": () => "the card's certificate has another version",
  "verify/request": () =>
    "the card's request is not valid: it may be meant for another maker's key, or was changed",
  "verify/handshake": () => "the card could not prove who it is: do not use it on this link",
  "verify/answer": () => "an answer was changed on its way from the card",
  "verify/proof": () => "the card could not prove that it holds its own key",
  "verify/signature": () => "the card's signature does not verify: do not use it",
  "verify/other-card": notThatCard,
  "verify/changed-card": () => "this is not the card that it began with",
  "verify/other-role": ({ is }) => `this is ${cardName(is)}; another card is needed`,
  "verify/no-code": () => "the card has no access code yet: activate it first",
  "verify/ledger": () => "the ledger is not signed by the card that sent it",
  "verify/ledger-content": ({ field }) => `the ledger's ${field} is none that a card can have`,
  "verify/ledger-stale": () => "the ledger is an old one: it answers another challenge",
  "verify/ledger-card": () => "the ledger names another card than the one that signed it",
  "verify/message": ({ message }) => `the ${message} is not signed by the card that it names`,
  "verify/message-header": ({ message }) => `the ${message} has a wrong header`,
  "verify/message-answer": ({ message }) => `the ${message} answers another offer`,
  "verify/copy": noCopy,
  "channel/closed": () => "the channel to the card is not open: open a new one",
  "input/link": ({ uri, fault, forms }) =>
    `"${uri}" is not a link: ${URI_FAULTS[fault](either(forms))}`,
  "input/path-depth": ({ levels, most }) =>
    `the path has ${levels} levels; a card takes at most ${most}`,
  "input/path-index": ({ part }) => `"${part}" in the path is not an index such as 0 or 84'`,
  "input/label-shape": ({ text }) =>
    `"${text}" is not a card's label: five groups of four characters`,
  "input/label-typo": ({ text }) => `the label "${text}" has a mistyped character`,
  "input/hex": ({ what }) => `the ${what} is not hexadecimal`,
  "input/hex-size": ({ what, bytes, needed }) =>
    `the ${what} has ${counted(bytes, "byte")}; it needs ${needed}`,
  "input/hex-length": ({ characters, needed }) =>
    `this has ${counted(characters, "character")}; it needs ${needed}`,
  "input/point": ({ what }) => `the ${what} is not a point of secp256k1`,
  "input/recording": ({ line, why }) => `line ${line} of the recording: ${why}`,
  "input/base58": () => "this is not base58 text",
  "input/base58-check": () => "the base58 text's checksum is wrong",
  "input/url": () => "this is not a web address",
  "input/url-scheme": () => "the address must begin with https:// or http://",
  "input/url-user": () => "the address must not contain a user name",
  "input/url-fragment": () => "the address must end before its #: the card puts its own name there",
  "input/url-long": ({ bytes, most, prefix }) =>
    `the address is too long: ${bytes} bytes after ${prefix}, at most ${most}`,
  "input/bech32": () => "this is not an address in Bech32, or one of its characters is wrong",
  "input/address": () => "this is not a Bitcoin address, or one of its characters is wrong",
  "input/address-kind": () => "signatures under addresses of this kind can't be checked here",
  "input/signature": () => "this is not a message's signature",
  "input/signature-kind": ({ kind }) => UNKNOWN_SIGNATURES[kind],
  "input/serial": ({ most }) =>
    `a serial is text of 1 to ${most} characters, without control characters`,
  "input/message-long": () => "the message is too long",
  "input/message-text": () => "the message holds half of a character, which nobody can sign",
  "input/transaction": ({ detail }) => `this transaction can't be signed: ${detail}`,
  "input/psbt": ({ detail }) => `this PSBT can't be used: ${detail}`,
  "input/psbt-sighash": ({ input }) =>
    `input ${input} asks for a signature over a part of the transaction: only whole ones are signed`,
  "input/psbt-nothing": () => "no input of this PSBT is this card's and still to be signed",
  "code/text": () => "the access code is not valid text",
  "code/line-break": () => "the access code must not contain a line break",
  "code/utf8": () => "the access code is not valid UTF-8",
  "code/empty": () => "the access code is empty",
  "code/short": ({ least }) =>
    `the access code is too short: it needs at least ${least} characters`,
  "code/long": ({ bytes, most }) =>
    `the access code is too long: ${bytes} bytes of UTF-8, at most ${most}`,
  "code/cost": ({ cost, least, most }) => `scrypt cost ${cost} is not in ${least}..${most}`,
  "code/salt": () => "the card's salt has the wrong length",
  "code/wiped": () => "the access code was already wiped",
  "format/short": ({ what }) => `${what} is too short`,
  "format/long": ({ what }) => `${what} is too long`,
  "format/size": ({ what, bytes, needed }) => `${what} has ${bytes} bytes, not ${needed}`,
  "format/point": ({ what }) => `${what} holds no point of secp256k1`,
  "format/version": () => "the card speaks another version of the protocol",
  "format/state": () => "the card's state is unknown",
  "run/content": ({ detail }) => `this is not a Kincard run: ${detail}`,
  "run/damaged": ({ path, detail }) => `the run file ${path} is damaged: ${detail}`,
  "run/read": ({ path, detail }) => `the run file ${path} can't be read: ${detail}`,
  "run/write": ({ path, detail }) => `the run file ${path} can't be written: ${detail}`,
  "run/remove": ({ path, detail }) => `the run file ${path} can't be removed: ${detail}`,
  "maker/exists": ({ folder }) => `${folder} already holds a maker, which is never overwritten`,
  "maker/missing": ({ folder }) => `there is no maker in ${folder}`,
  "maker/damaged": () => "the maker's key file is damaged",
  "maker/foreign-key": () => "the maker's key does not belong to its file",
  "maker/read": ({ path, detail }) => `${path} can't be read: ${detail}`,
  "maker/list-write": ({ folder }) =>
    `the list of signed cards in ${folder} can't be written, so nothing was signed`,
  "maker/passphrase-short": ({ least }) =>
    `the maker's passphrase needs at least ${least} characters`,
  "maker/passphrase-wrong": () => "wrong passphrase for this maker",
  "maker/locked": () => "the maker must be unlocked first",
  "book/content": ({ detail }) => `this is not a book of known cards: ${detail}`,
  "book/damaged": ({ path, detail }) => `the book of known cards ${path} is damaged: ${detail}`,
  "book/read": ({ path, detail }) => `the book of known cards ${path} can't be read: ${detail}`,
  "book/write": ({ path, detail }) => `the book of known cards ${path} can't be written: ${detail}`,
  "book/unknown-card": () => "the card is genuine, but not one that is known here or was named",
  "book/salt": ({ label }) =>
    `the card ${label} would have its access code stretched in another way than before`,
  "book/salt-again": ({ label }) =>
    `the card asks for a code that would fit the card ${label}: do not use it`,
  "book/cost": ({ label, cost, least, most }) =>
    cost < least
      ? `the card ${label} stretches its access code with cost ${cost}, which is less than ${least}: guessing it would be cheap`
      : `the card ${label} stretches its access code with cost ${cost}, which is more than ${most}: it would take long and much memory`,
  "book/no-card": ({ text }) => `"${text}" is neither a label nor the name of a known card`,
  "book/name": ({ most }) =>
    `this can't be a card's name: it needs 1 to ${most} visible characters and must not be a label`,
  "book/name-taken": ({ name, label }) => `the card ${label} has the name "${name}" already`,
  "backup/other-run": () =>
    "the run belongs to another ceremony (another maker, set size or number of copies)",
  "backup/unnamed": ({ label }) =>
    `the run goes on with the card ${label}, which is not one of those named`,
  "backup/not-presented": () => "the card was not presented",
  "backup/not-approved": () => "the cards were not confirmed, so nothing was sealed",
  "backup/apart": () =>
    "this source gives its key only while both boards are connected at the same time",
  "backup/endless": () => "the backup makes no progress: something on the link alters the messages",
  "backup/no-source": () => "none of the cards holds a wallet of its own",
  "backup/many-sources": () => "more than one card holds a wallet of its own",
  "backup/absent": ({ why }) =>
    `none of the connected cards is the one that is needed${why ? `: ${plainText(why)}` : ""}`,
  "backup/cannot-give": ({ state }) => `the card is ${state} and can't give a key`,
  "backup/cannot-take": ({ state }) => `the card is ${state} and can't take a copy`,
  "backup/place-spent": ({ certain }) =>
    `the card ${certain ? "held" : "may have held"} a copy of this wallet and was reset since`,
  "backup/other-wallet": () =>
    "the source card holds another wallet than the one that this ceremony began with",
  "backup/set-size": ({ setSize, asked }) =>
    `the wallet's set was fixed to ${setSize} cards by its first copy, not ${asked}`,
  "backup/not-confirmed": ({ label }) =>
    `the source's own ledger does not say that the copy ${label} arrived`,
  "backup/closed": () => "the source's set is closed: it never gives its key again",
  "backup/full": () => "the source has no place left in its set",
  "package/missing": ({ package: name }) => askForPackage(name),
  unexpected: ({ detail }) => detail,
};

export const plainText = (failure: AnyFailure): string => lookUp(TEXT, failure);
