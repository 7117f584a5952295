/**
 * A source that is genuine to the last key, Cert_Card included, and seals whatever it is told to:
 * what a card of our own maker would be after someone opened it. Made of the vectors' messages.
 */
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import * as m from "../vectors/messages.js";
import { H, Source, cat, type Bytes, type KeyPair } from "../vectors/suite.js";
import { MAKER } from "./world.js";

export class Forger {
  readonly certificate: Bytes;
  readonly id: Bytes;
  readonly setId: Bytes;
  private readonly kcard: KeyPair;
  private readonly klink: KeyPair;
  private readonly content: m.Package;

  constructor(name: string) {
    const source = new Source(name);
    this.kcard = source.key("Kcard");
    this.klink = source.key("Klink_S");
    this.certificate = m.certificate(MAKER, this.kcard.public);
    this.id = m.cardId(this.kcard.public);
    this.setId = source.bytes("set id", 16);
    const wrapped = source.bytes("wrapped").slice();
    this.content = {
      wrapped: cat(wrapped, wrapped, wrapped.subarray(0, 16)),
      salt: source.bytes("salt", 16),
      ...{ cost: 10, setId: this.setId, n: 2, k: 2 },
    };
  }

  /** A TRANSFER for this OFFER, properly signed and sealed, with `change` inside ENC. */
  transfer(offer: Bytes, change: Partial<m.Package> = {}): Bytes {
    const parts = {
      header: m.TRANSFER_HEADER,
      certificate: this.certificate,
      klink: this.klink.public,
      offerHash: H(offer),
    };
    const head = m.attest(this.kcard.secret, m.headBody(parts), m.TRANSFER_LABEL);
    const klink = offer.subarray(LAYOUTS.Offer.KLINK, LAYOUTS.Offer.COUNTER);
    const keys = m.copyKeys(this.klink.secret, klink, H(offer), head);
    return cat(head, m.enc(keys, { ...this.content, ...change }));
  }
  /** What names this source to a destination. */
  get names(): Bytes {
    return cat(this.id, this.setId);
  }
}
