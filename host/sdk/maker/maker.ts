/**
 * The maker, in memory: Kmaker and what it signs (docs/protocol.md 2 and 4). Browser-safe.
 *
 * A demo maker's published key comes in by `Maker.fromSecret`; a real one from its store
 * (store.ts).
 */

import { wipe } from "../crypto/bytes.js";
import { isScalar, makeKeyPair, pointOf } from "../crypto/curve.js";
import { issueCertificate, parseCertificate } from "../card/certificate.js";
import type { CardOptions, Certificate, CertificateRequest } from "../card/certificate.js";
import { makerId } from "../card/identity.js";

export class Maker {
  readonly publicKey: Uint8Array;
  readonly id: Uint8Array;

  readonly #secret: Uint8Array;

  private constructor(secret: Uint8Array) {
    this.#secret = secret;
    this.publicKey = pointOf(secret);
    this.id = makerId(this.publicKey);
  }

  /** A new Kmaker. */
  static create(): Maker {
    return new Maker(makeKeyPair().secret);
  }
  /** Kmaker's private key [32], copied. */
  static fromSecret(secret: Uint8Array): Maker {
    if (!isScalar(secret)) throw new RangeError("this is no private key of secp256k1");
    return new Maker(secret.slice());
  }

  /** Cert_Card for a card's request; VerifyError when the request is not genuine. */
  certify(request: CertificateRequest, options?: CardOptions): Certificate {
    return parseCertificate(issueCertificate(this.#secret, this.publicKey, request, options));
  }
  /** Calls back with the private key, for the store to seal; it must not be kept. */
  withSecret<T>(use: (secret: Uint8Array) => T): T {
    return use(this.#secret);
  }
  /** Forgets the private key. */
  wipe(): void {
    wipe(this.#secret);
  }
}
