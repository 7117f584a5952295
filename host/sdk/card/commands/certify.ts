/** CERTIFY, docs/protocol.md 4: hands the card its Cert_Card and what its NFC tag shows. */

import { concat } from "../../crypto/bytes.js";
import { command, silent } from "./command.js";

export interface Certification {
  /** Cert_Card [103]. */
  readonly certificate: Uint8Array;
  /** Payload of the NDEF URI record (`uriRecord`); empty: the tag shows no address. */
  readonly uri: Uint8Array;
}

export const CERTIFY = command<Certification, void>(
  "CERTIFY",
  ({ certificate, uri }) => ({ data: concat(certificate, uri) }),
  silent("CERTIFY"),
);
