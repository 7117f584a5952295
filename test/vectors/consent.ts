/**
 * On-card consent (docs/protocol.md 14) for `consent.json`: runs with what they hash, the digits of
 * the pattern and the flashes; a certificate with the option; and openings that a destination
 * refuses.
 */
import { signCertificate, certificateBody } from "./messages.js";
import { H, Source, byte, flip, hex, label, type Bytes } from "./suite.js";

/** Digits of a pattern, and values of each. */
const DIGITS = 8;
const VALUES = 3;
/** Of a tick each: light by number (0: none), as a round goes. */
const GAP = "0000";
const FLASHES = ["1000", "202000", "40404000"];

export const commitment = (ns: Bytes, hOffer: Bytes): Bytes =>
  H(label("kincard/consent/1"), ns, hOffer);
export const patternHash = (ns: Bytes, hOffer: Bytes, nd: Bytes): Bytes =>
  H(label("kincard/pattern/1"), ns, hOffer, nd);
/** Eight digits of 0..2. */
export function digitsOf(hash: Bytes): number[] {
  let v = new DataView(hash.buffer, hash.byteOffset).getUint32(0) & 0x7fffffff;
  return Array.from({ length: DIGITS }, () => {
    const digit = v % VALUES;
    v = Math.floor(v / VALUES);
    return digit;
  });
}
/** A round, a character for each fifth of a second: 0 dark, 1 red, 2 green, 4 blue. */
const round = (digits: readonly number[]): string =>
  GAP + digits.map((digit) => FLASHES[digit]).join("");

function run(source: Source, comment: string) {
  const [ns, nd, hOffer] = ["N_S", "N_D", "H(OFFER)"].map((name) =>
    source.bytes(`${comment} ${name}`),
  ) as [Bytes, Bytes, Bytes];
  return { comment, ns, nd, hOffer };
}

export function consentFile(seed: string) {
  const source = new Source(seed);
  const maker = source.key("Kmaker");
  const card = source.key("Kcard");
  const runs = ["a run", "another run", "a third"].map((comment) => run(source, comment));
  const valid = runs.map(({ comment, ns, nd, hOffer }) => {
    const hash = patternHash(ns, hOffer, nd);
    const digits = digitsOf(hash);
    return {
      ...{ comment, ns, hOffer, nd, c: commitment(ns, hOffer), opens: true },
      ...{ pattern: hash, digits: digits.join(""), round: round(digits) },
    };
  });
  const { ns, nd, hOffer, c } = valid[0]!;
  const invalid = [
    { comment: "another N_S than c fixed", ns: flip(ns, 31), hOffer, nd, c },
    { comment: "another OFFER than c fixed", ns, hOffer: flip(hOffer, 0), nd, c },
    { comment: "c with one bit flipped", ns, hOffer, nd, c: flip(c, 16) },
  ].map((one) => ({ ...one, opens: false }));
  const runsOf = [...valid, ...invalid].map((one, index) => ({
    tcId: index + 1,
    ...Object.fromEntries(
      Object.entries(one).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? hex(value) : value,
      ]),
    ),
  }));
  const body = certificateBody(maker.public, card.public, byte(1, 0x81));
  return {
    protocol: "kincard/1",
    schema: "consent.schema.json",
    source: "docs/protocol.md",
    seed,
    numberOfTests: runsOf.length,
    certificate: {
      ...{ kmaker: hex(maker.secret), kmakerPublic: hex(maker.public) },
      ...{ kcardPublic: hex(card.public), certCard: hex(signCertificate(maker.secret, body)) },
    },
    tests: runsOf,
  };
}
