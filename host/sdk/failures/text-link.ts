/** The failures of links in plain English: a part of text.ts. Browser-safe. */

import type { BleStep, FailureFacts, LinkCode } from "./facts.js";
import { askForPackage, PCSC_BUILD } from "./packages.js";

type LinkText = { readonly [Code in LinkCode]: (facts: FailureFacts[Code]) => string };

const STEPS: Readonly<Record<BleStep, string>> = {
  Bluetooth: "Bluetooth",
  start: "the search to begin",
  search: "the search to end",
  connect: "the connection",
  services: "the board's services",
  subscribe: "the subscription",
};
const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
const more = (detail: string | undefined) => (detail ? `: ${detail}` : "");
/** What was said last in place of an answer. */
const told = (detail: string | undefined) => (detail ? ` (${detail})` : "");
const waited = ({ reader, seconds }: { reader: string; seconds: number }) =>
  `(waited ${seconds} s at ${reader})`;

export const LINK_TEXT: LinkText = {
  "link/open": ({ link, detail }) => `${link}: ${detail}`,
  "link/scheme": ({ scheme }) => `${scheme}: links are not available here`,
  "link/silent": ({ link, seconds }) =>
    `nothing that speaks Kincard's lines answered on ${link} within ${seconds} s`,
  "link/echo": ({ link }) => `${link}: an open prompt, which echoes: no card runs there`,
  "link/nothing-listens": ({ link }) => `${link}: nothing listens there: is the board started?`,
  "link/no-host": ({ link }) => `${link}: no such host`,
  "link/no-port": ({ link }) => `${link}: no such port`,
  "link/no-permission": ({ link }) =>
    `${link}: no permission to open it (on Linux: join the group dialout)`,
  "link/in-use": ({ link }) => `${link}: another program has it open`,
  "link/unusable": ({ link }) => `${link}: it offers nothing to talk to`,
  "link/no-reader-service": ({ link }) =>
    `${link}: the PC/SC service is not running (on Debian: install and start pcscd)`,
  "link/no-reader": ({ link, readers }) =>
    `${link}: no such reader; ${readers.length ? `there is ${quoted(readers)}` : "none is connected"}`,
  "link/many-readers": ({ link, readers }) =>
    `${link}: more than one reader has that name: ${quoted(readers)}`,
  "link/no-card": (facts) => `${facts.link}: there is no card on it ${waited(facts)}`,
  "link/card-in-use": (facts) => `${facts.link}: another program uses its card ${waited(facts)}`,
  "link/reader": ({ link, reader, detail }) => `${link}: ${detail} (at ${reader})`,
  "link/virtual-reader": ({ place }) =>
    `no virtual reader takes the card at ${place}: is pcscd running, with vsmartcard-vpcd ` +
    "installed and this slot free?",
  "link/slot-silent": () => "the reader asks nothing of the card: is another card in this slot?",
  "link/no-tag": ({ link, seconds, detail }) =>
    `${link}: no tag answers within ${seconds} s${told(detail)}: hold the card to the reader`,
  "link/foreign-tag": ({ link, classic }) =>
    classic
      ? `${link}: the tag on the reader is a MIFARE Classic, not a Kincard card`
      : `${link}: the tag on the reader is not a Kincard card`,
  "link/bluetooth-off": ({ link, state }) =>
    `${link}: this computer's Bluetooth can't be used (${state})`,
  "link/not-heard": ({ link, seconds, others }) =>
    `${link}: no such board was heard within ${seconds} s: it is off, out of range, or connected ` +
    `to another client${others.length ? `; in range: ${others.join(", ")}` : ""}`,
  "link/step-late": ({ link, step }) => `${link}: waited too long for ${STEPS[step]}`,
  "link/not-a-card": ({ link }) => `${link}: it is not a Kincard card`,
  "link/no-prompt": ({ link }) =>
    `${link}: it has no Espruino prompt; a card takes it away (docs/boards.md)`,
  "link/no-api": ({ api }) => `this browser does not offer ${api} to pages`,
  "link/not-allowed": ({ api }) => `this browser does not let the page use ${api}`,
  "link/package-missing": ({ package: name }) => askForPackage(name),
  "link/package-unbuilt": ({ package: name }) =>
    `the ${name} package is installed but was not built: npm rebuild ${name} (${PCSC_BUILD})`,
  "link/package-broken": ({ package: name, detail }) =>
    `the ${name} package does not load: ${detail}`,
  "link/no-answer": ({ link, seconds, still, detail }) =>
    `${link}: no answer within ${seconds} s${told(detail)}${still ? ": hold the card to the reader" : ""}`,
  "link/held-up": ({ seconds }) => `the board has taken no more input for ${seconds} s`,
  "link/closed": ({ link, detail }) => `${link}: the link was closed${more(detail)}`,
  "link/hung-up": ({ link, detail }) => `${link}: the other side closed the link${more(detail)}`,
  "link/write": ({ link, detail }) => `${link}: could not write: ${detail}`,
  "link/card-gone": ({ link, detail }) => `${link}: the card is gone: ${detail}`,
  "link/card-restarted": ({ link }) =>
    `${link}: this is another card, or one that has restarted and forgotten the command`,
  "link/held-elsewhere": ({ link }) =>
    `${link}: another link holds the card: close the channel there`,
  "link/driver": ({ link }) => `${link}: the reader's driver does not answer`,
  "link/aborted": ({ link }) => `${link}: stopped on request`,
  "link/garbled": ({ link }) =>
    `${link ? `${link}: ` : ""}the answer is shorter than a status word`,
  "link/endless": () => "the card's answer does not end",
  "link/never-whole": ({ link, message }) =>
    message === "request"
      ? `${link}: the card never gets a request whole`
      : `${link}: the answer never arrives whole`,
};
