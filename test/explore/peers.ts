/**
 * The explored card's peers: two destinations with two OFFERs each, two sources. They are keys in
 * the test's hands, and make what messages a state calls for.
 */
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import { Forger } from "../support/forger.js";
import { bankOf, recordAt, recordOf } from "../support/record.js";
import { COST, MAKER, STRETCHED, type TestCard } from "../support/world.js";
import * as m from "../vectors/messages.js";
import { H, byte, flip, fromHex, hex, put, type Bytes, type Source } from "../vectors/suite.js";
import { ITS_OWN, NOTHING, type HalfArgument } from "./consent.js";
import type { OfferArgument } from "./rules.js";

const { Offer, Rec, SlotAt } = LAYOUTS;
/** What every source gives: a key under the code that the explorer gives. */
const SALT = new Uint8Array(16).fill(0x5a);
const [KPRIV, CHAIN] = [new Uint8Array(32).fill(0x11), new Uint8Array(32).fill(0xcc)];
const KEY = { wrapped: m.wrap(STRETCHED, SALT, KPRIV, CHAIN), salt: SALT, cost: COST };

export class Peers {
  readonly sources: readonly [Forger, Forger];

  constructor(
    private readonly card: TestCard,
    private readonly source: Source,
    seed: string,
  ) {
    this.sources = [new Forger(`${seed} source 0`), new Forger(`${seed} source 1`)];
  }

  kcard = (peer: number) => this.source.key(`Kcard ${peer}`);
  private klink = (peer: number, link: number) => this.source.key(`Klink ${peer} ${link}`);
  private get setId(): Bytes {
    return fromHex(recordOf(this.card.board)?.setId ?? "00".repeat(16));
  }
  offer({ peer, link, fault }: OfferArgument): Bytes {
    const kcard = this.kcard(peer);
    const parts = {
      header: fault === "header" ? m.TRANSFER_HEADER : m.OFFER_HEADER,
      certificate: fault === "own" ? this.card.certificate : m.certificate(MAKER, kcard.public),
      klink: this.klink(peer, link).public,
      counter: byte(0, 0, 0, link + 1),
      sourceId: this.card.id.length ? this.card.id : new Uint8Array(16),
      setId: fault === "set" ? new Uint8Array(16).fill(9) : this.setId,
    };
    const bytes = m.attest(kcard.secret, m.offerBody(parts), m.OFFER_LABEL);
    return fault === "signature" ? flip(bytes, 238) : bytes;
  }
  private part(at: number, size: number): Bytes {
    const { bytes } = this.card.board.flash;
    return recordAt(bytes, bankOf(bytes)).slice(at, at + size);
  }
  /** What the destination in this slot answers to what the card sealed for it. */
  receipt(index: number): Bytes {
    const slot = recordOf(this.card.board)?.slots[index as 0 | 1];
    const at = Rec.SLOTS + index * SlotAt.SIZE + SlotAt.TRANSFER;
    if (slot?.state !== "SEALED") return new Uint8Array(32).fill(index);
    const transfer = this.part(at, SlotAt.TRANSFER_SIZE);
    const { peer, link } = this.slotOf(slot.kcard, slot.klink);
    const { secret } = this.klink(peer, link);
    const offerHash = H(this.offer({ peer, link }));
    const keys = m.copyKeys(secret, transfer.slice(106, 139), offerHash, transfer.slice(0, 235));
    return m.receipt(keys.kreceipt, transfer);
  }
  transfer(source: number, fault?: "seal" | "header"): Bytes {
    const record = recordOf(this.card.board);
    if (record?.state === "COPY" && !fault)
      return this.taken.get(`${source} ${record.hTransfer}`) ?? new Uint8Array(366);
    const stored = this.part(Rec.OFFER, 239);
    // Without an offer of the card's: one of a peer's, so that the sizes are right.
    const offer = record?.state === "OFFERED" ? stored : this.offer({ peer: 0, link: 0 });
    const setId = offer.slice(Offer.SET_ID, Offer.SIGNATURE);
    const bytes = this.sources[source as 0 | 1].transfer(offer, { ...KEY, setId });
    this.taken.set(`${source} ${hex(H(bytes))}`, bytes);
    if (fault === "header") return put(bytes, 0, m.OFFER_HEADER);
    return fault === "seal" ? flip(bytes, 365) : bytes;
  }
  private readonly taken = new Map<string, Bytes>();

  /** The OFFER that a half is about. */
  offerOf({ about }: HalfArgument): Bytes | undefined {
    if (about === NOTHING) return undefined;
    if (about === ITS_OWN) return this.part(Rec.OFFER, Offer.SIZE);
    const [peer, link, fault] = about.split(" ");
    return this.offer({
      peer: Number(peer),
      link: Number(link),
      ...(fault && { fault }),
    } as OfferArgument);
  }
  slotOf(kcard: string, klink: string): { peer: number; link: number } {
    for (const peer of [0, 1])
      for (const link of [0, 1])
        if (hex(this.kcard(peer).public) === kcard && hex(this.klink(peer, link).public) === klink)
          return { peer, link };
    return { peer: -1, link: -1 };
  }
}
