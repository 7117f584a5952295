/** CERTIFY, docs/protocol.md 4: hands the card its Cert_Card. */

import { command, silent } from "./command.js";

export const CERTIFY = command<Uint8Array, void>(
  "CERTIFY",
  (data) => ({ data }),
  silent("CERTIFY"),
);
