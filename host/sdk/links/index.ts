/** `kincard/links`: from a URI to a card, and links of your own. Registers Node's. */

import "./node.js";

export { LineTransport } from "./line/transport.js";
export type { LineOptions } from "./line/transport.js";
export type * from "./link.js";
export { MailboxTransport } from "./nfc/mailbox.js";
export type { MailboxOptions } from "./nfc/mailbox.js";
export { Meter, Recorder } from "./meter.js";
export type { RecordedApdu } from "./meter.js";
export { duplexPair } from "./line/pair.js";
export { LINK_FORMS, openLink, parseLinkUri, registerLink } from "./registry.js";
export type { LinkPlace, LinkScheme, LinkUri, OpenOptions } from "./registry.js";
export { TagRefusal } from "./nfc/tag.js";
export type { Tag } from "./nfc/tag.js";
export { openTcp, socketDuplex } from "./line/tcp.js";
