/**
 * Every command of docs/protocol.md 3 but STATUS (status.ts): how arguments become P1 and data, and
 * the answer a result. Sizes of what is taken and given are the wire table's. Browser-safe.
 */

import { encodePath } from "../../crypto/bip32.js";
import { concat, isZero } from "../../crypto/bytes.js";
import { SIZES } from "../../wire/generated.js";
import { parseCertificate } from "../certificate.js";
import type { Certificate, CertificateRequest } from "../certificate.js";
import { command, nothing, pointIn, silent, sized } from "./command.js";

const wholeRequest = sized("PERSONALISE", SIZES.POINT + SIZES.SIGNATURE);

/** Makes Kcard and asks for a certificate (docs/protocol.md 4). */
export const PERSONALISE = command<void, CertificateRequest>("PERSONALISE", nothing, (answer) => ({
  cardKey: pointIn("PERSONALISE", wholeRequest(answer).slice(0, SIZES.POINT)),
  signature: answer.slice(SIZES.POINT),
}));

export interface Certification {
  /** Cert_Card [103]. */
  readonly certificate: Uint8Array;
  /** Payload of the NDEF URI record (`uriRecord`); empty: the tag shows no address. */
  readonly uri: Uint8Array;
}

/** Hands the card its Cert_Card and what its NFC tag shows (docs/protocol.md 4). */
export const CERTIFY = command<Certification, void>(
  "CERTIFY",
  ({ certificate, uri }) => ({ data: concat(certificate, uri) }),
  silent("CERTIFY"),
);

/** Cert_Card, unchecked (docs/protocol.md 4). */
export const CERTIFICATE = command<void, Certificate>("CERTIFICATE", nothing, parseCertificate);

const wholeHello = sized("OPEN", SIZES.POINT + SIZES.HELLO + SIZES.TAG);

export interface OpenAnswer {
  readonly cardPoint: Uint8Array;
  readonly sealedHello: Uint8Array;
}

/** E_h for E_c and the sealed hello (channel.ts opens it) (docs/protocol.md 5). */
export const OPEN = command<Uint8Array, OpenAnswer>(
  "OPEN",
  (hostPoint) => ({ data: hostPoint }),
  (answer) => ({
    cardPoint: pointIn("OPEN", wholeHello(answer).slice(0, SIZES.POINT)),
    sealedHello: answer.slice(SIZES.POINT),
  }),
);

/** A fresh salt for one ACTIVATE or CHANGE_CODE (docs/protocol.md 5). */
export const SALT = command<void, Uint8Array>("SALT", nothing, sized("SALT", SIZES.SALT));

/** The stretched access code (docs/protocol.md 5). */
export const CODE = command<Uint8Array, void>(
  "CODE",
  (stretched) => ({ data: stretched }),
  silent("CODE"),
);

export interface NewCode {
  /** log2 of scrypt's N. */
  readonly cost: number;
  readonly stretched: Uint8Array;
}

const encodeNewCode = ({ cost, stretched }: NewCode) => ({
  data: concat(Uint8Array.of(cost), stretched),
});

/** Cost || S for the salt of SALT; only this card changes (docs/protocol.md 5). */
export const CHANGE_CODE = command<NewCode, void>(
  "CHANGE_CODE",
  encodeNewCode,
  silent("CHANGE_CODE"),
);

export interface Activated {
  readonly setId: Uint8Array;
  readonly publicKey: Uint8Array;
}

const wholeActivation = sized("ACTIVATE", SIZES.SET_ID + SIZES.POINT);

/** The wallet key is born; answers set id and master public key (docs/protocol.md 5). */
export const ACTIVATE = command<NewCode, Activated>("ACTIVATE", encodeNewCode, (answer) => ({
  setId: wholeActivation(answer).slice(0, SIZES.SET_ID),
  publicKey: pointIn("ACTIVATE", answer.slice(SIZES.SET_ID)),
}));

export interface SourceName {
  readonly id: Uint8Array;
  readonly setId: Uint8Array;
}

/** Tells a destination whose key it may take (docs/protocol.md 6). */
export const NAME_SOURCE = command<SourceName, void>(
  "NAME_SOURCE",
  ({ id, setId }) => ({ data: concat(id, setId) }),
  silent("NAME_SOURCE"),
);

/** The destination's stored OFFER (docs/protocol.md 6). */
export const OFFER = command<void, Uint8Array>(
  "OFFER",
  nothing,
  sized("OFFER", SIZES.OFFER),
  // Under seal it is one byte longer than a page.
  true,
);

export interface DestinationNames {
  /** 2 or 3. */
  readonly setSize: number;
  /** One or two card ids. */
  readonly ids: readonly Uint8Array[];
}

/** Set size and the cards that the source may seal to (docs/protocol.md 6). */
export const NAME_DESTINATIONS = command<DestinationNames, void>(
  "NAME_DESTINATIONS",
  ({ setSize, ids }) => ({ data: concat(Uint8Array.of(setSize), ...ids) }),
  silent("NAME_DESTINATIONS"),
);

/** The source's TRANSFER for an OFFER (docs/protocol.md 6). */
export const SEAL = command<Uint8Array, Uint8Array>(
  "SEAL",
  (offer) => ({ data: offer }),
  sized("SEAL", SIZES.TRANSFER),
  true,
);

/** The destination's RECEIPT for a TRANSFER (docs/protocol.md 6). */
export const ACCEPT = command<Uint8Array, Uint8Array>(
  "ACCEPT",
  (transfer) => ({ data: transfer }),
  sized("ACCEPT", SIZES.RECEIPT),
);

/** Hands the source a destination's RECEIPT (docs/protocol.md 6). */
export const CONFIRM = command<Uint8Array, void>(
  "CONFIRM",
  (receipt) => ({ data: receipt }),
  silent("CONFIRM"),
);

/**
 * The TRANSFER of a sealed slot once more (docs/protocol.md 6).
 * The slot: 0 or 1, as the ledger lists them.
 */
export const RESEND = command<number, Uint8Array>(
  "RESEND",
  (slot) => ({ p1: slot }),
  sized("RESEND", SIZES.TRANSFER),
  true,
);

export interface FinishOptions {
  /** Also when a sealed copy has no receipt. */
  readonly unconfirmed?: boolean;
}

/** Closes the set for good (docs/protocol.md 6). */
export const FINISH = command<FinishOptions, void>(
  "FINISH",
  ({ unconfirmed }) => ({ p1: unconfirmed ? 1 : 0 }),
  silent("FINISH"),
);

/** Drops a destination's offer (button, or counted) (docs/protocol.md 6). */
export const CANCEL = command<void, void>("CANCEL", nothing, silent("CANCEL"));

/** Factory reset, after the access code or by a gesture on the button (docs/protocol.md 6). */
export const RESET = command<void, void>("RESET", nothing, silent("RESET"));

export interface PublicKeyAnswer {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  /** Zeros for the master key. */
  readonly parent: Uint8Array;
}

const AFTER_CHAIN_CODE = SIZES.POINT + 32;
const wholeKey = sized("PUBLIC_KEY", AFTER_CHAIN_CODE + SIZES.POINT);

/** What an xpub at a BIP32 path needs from the card (docs/protocol.md 7). */
export const PUBLIC_KEY = command<readonly number[], PublicKeyAnswer>(
  "PUBLIC_KEY",
  (path) => ({ data: encodePath(path) }),
  (answer) => {
    const parent = wholeKey(answer).slice(AFTER_CHAIN_CODE);
    return {
      publicKey: pointIn("PUBLIC_KEY", answer.slice(0, SIZES.POINT)),
      chainCode: answer.slice(SIZES.POINT, AFTER_CHAIN_CODE),
      parent: isZero(parent) ? parent : pointIn("PUBLIC_KEY", parent),
    };
  },
);

export interface SignInput {
  readonly path: readonly number[];
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

export interface WalletSignature {
  /** r || s, low s. */
  readonly signature: Uint8Array;
  readonly recoveryId: number;
}

const wholeSignature = sized("SIGN", SIZES.SIGNATURE + 1);

/** Signs a digest with the key at a BIP32 path (docs/protocol.md 7). */
export const SIGN = command<SignInput, WalletSignature>(
  "SIGN",
  ({ path, digest }) => {
    if (digest.length !== SIZES.HASH) throw new RangeError("a digest has 32 bytes");
    return { data: concat(encodePath(path), digest) };
  },
  (answer) => ({
    signature: wholeSignature(answer).slice(0, SIZES.SIGNATURE),
    recoveryId: answer[SIZES.SIGNATURE] as number,
  }),
);

/** The signed copy ledger, unchecked (../ledger.ts verifies it) (docs/protocol.md 8). */
export const LEDGER = command<Uint8Array, Uint8Array>(
  "LEDGER",
  (challenge) => ({ data: challenge }),
  sized("LEDGER", SIZES.LEDGER + SIZES.SIGNATURE),
  true,
);

/** Kcard's signature over a challenge (docs/protocol.md 8). */
export const PROVE = command<Uint8Array, Uint8Array>(
  "PROVE",
  (challenge) => ({ data: challenge }),
  sized("PROVE", SIZES.SIGNATURE),
);

export interface ConsentHalf {
  /** 0: the run begins; 1: it is shown. */
  readonly half: 0 | 1;
  /** H(OFFER) or N_D for a source, its hash or N_S for a destination [32]. */
  readonly data: Uint8Array;
}

/**
 * One half of a run of on-card consent (docs/protocol.md 14); what comes back [32] is the other
 * card's next, and nothing in a destination's second half.
 */
export const CONSENT = command<ConsentHalf, Uint8Array>(
  "CONSENT",
  ({ half, data }) => ({ p1: half, data }),
  (answer) => (answer.length ? sized("CONSENT", SIZES.HASH)(answer) : answer),
);
