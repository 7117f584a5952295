/** CERTIFY on a card that made its Kcard and waits for its certificate (docs/protocol.md 2, 4). */
import {
  CERT_LABEL,
  LAYOUTS,
  certificate,
  certificateBody,
  makerId,
  signCertificate,
  uriPayload,
} from "../messages.js";
import { byte, cat, ecdsa, put, type Bytes } from "../suite.js";
import { BAD_POINTS, badLengths, badSignatures, flips } from "./forge.js";
import type { Case, Flag, World } from "./types.js";

const good = (w: World): Bytes => certificate(w.maker, w.card.kcard);
/** With the longest address for the tag: code 04, then 46 bytes. */
const addressed = (w: World): Bytes =>
  cat(good(w), uriPayload(`https://${"k".repeat(38)}.example`));
const make = (comment: string, flag: Flag, input: (w: World) => Bytes): Case => ({
  comment,
  flags: [flag],
  command: "CERTIFY",
  input,
  word: flag === "Valid" ? "OK" : "CRYPTO",
});
const body = (w: World, kcard = w.card.kcard): Bytes => certificateBody(w.maker.public, kcard);

/** Certificates wrong in ways that have nothing to do with which card they name. */
export const wrongCertificates: readonly (readonly [
  string,
  Flag,
  (w: World, kcard: Bytes) => Bytes,
])[] = [
  ["by another maker", "WrongMaker", (w, kcard) => certificate(w.stranger, kcard)],
  [
    "by another maker under this maker's id",
    "WrongMaker",
    (w, kcard) => signCertificate(w.stranger.secret, body(w, kcard)),
  ],
  [
    "by this maker under another maker's id",
    "WrongMaker",
    (w, kcard) => signCertificate(w.maker.secret, certificateBody(w.stranger.public, kcard)),
  ],
  [
    "by a genuine card in the maker's place",
    "WrongMaker",
    (w, kcard) => signCertificate(w.peers[1].kcard.secret, body(w, kcard)),
  ],
  [
    "version 2",
    "WrongVersion",
    (w, kcard) => signCertificate(w.maker.secret, put(body(w, kcard), 0, byte(2))),
  ],
  [
    "suite 2",
    "WrongVersion",
    (w, kcard) => signCertificate(w.maker.secret, put(body(w, kcard), 1, byte(2))),
  ],
  [
    "signed under the request's label",
    "WrongRole",
    (w, kcard) => signCertificate(w.maker.secret, body(w, kcard), "kincard/request/1"),
  ],
  [
    "signed without a label",
    "InvalidSignature",
    (w, kcard) => cat(body(w, kcard), ecdsa(w.maker.secret, body(w, kcard))),
  ],
  [
    "signed with the label but not its length",
    "InvalidSignature",
    (w, kcard) => {
      const text = new TextEncoder().encode(CERT_LABEL);
      return cat(body(w, kcard), ecdsa(w.maker.secret, text, body(w, kcard)));
    },
  ],
  [
    "signed without its version and suite",
    "InvalidSignature",
    (w, kcard) => {
      const rest = cat(makerId(w.maker.public), kcard);
      return cat(body(w, kcard), ecdsa(w.maker.secret, rest));
    },
  ],
];

export const certifyCases: readonly Case[] = [
  ...flips(LAYOUTS.CERTIFICATE, "CERTIFY", good, () => "CRYPTO"),
  ...badSignatures("certificate", 39, "CERTIFY", good),
  ...badLengths("CERTIFY", good, addressed),
  ...wrongCertificates.map(([comment, flag, certify]) =>
    make(comment, flag, (w) => certify(w, w.card.kcard)),
  ),
  make("valid, but for another card", "WrongName", (w) => w.peers[0].certificate),
  make("valid and with an address, but for another card", "WrongName", (w) =>
    cat(w.peers[0].certificate, addressed(w).subarray(103)),
  ),
  make("by another maker, with an address", "WrongMaker", (w) =>
    cat(certificate(w.stranger, w.card.kcard), addressed(w).subarray(103)),
  ),
  ...BAD_POINTS.map(([comment, spoil]) =>
    make(`Kcard: ${comment}, signed by the maker`, "InvalidPoint", (w) =>
      signCertificate(w.maker.secret, body(w, spoil(w.card.kcard))),
    ),
  ),
  make("the certificate for this card", "Valid", good),
];

/** The same situation with the other valid input. */
export const certifyWithAddress: readonly Case[] = [
  make("the certificate for this card and an address of 47 bytes", "Valid", addressed),
];
