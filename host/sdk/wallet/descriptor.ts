/**
 * Output descriptors of an account (bips/bip-0380, 0389: checksum, key origin, two paths in one) as
 * Bitcoin Core and Sparrow take them, and its extended key with SLIP-132's version bytes, as
 * Electrum does. Browser-safe.
 */

import { formatPath, formatXpub } from "../crypto/bip32.js";
import type { Account } from "./account.js";
import { KINDS, NETWORKS } from "./kinds.js";

const INPUT =
  "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
const CHECKSUM = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn];

function polymod(sum: bigint, value: number): bigint {
  const top = sum >> 35n;
  let next = ((sum & 0x7ffffffffn) << 5n) ^ BigInt(value);
  GENERATORS.forEach((generator, bit) => {
    if ((top >> BigInt(bit)) & 1n) next ^= generator;
  });
  return next;
}

/** Its eight characters. Throws RangeError for what no descriptor holds. */
export function descriptorChecksum(descriptor: string): string {
  let sum = 1n;
  let groups: number[] = [];
  const flush = () => {
    sum = polymod(
      sum,
      groups.reduce((all, group) => all * 3 + group, 0),
    );
    groups = [];
  };
  for (const character of descriptor) {
    const at = INPUT.indexOf(character);
    if (at < 0) throw new RangeError("no descriptor holds such a character");
    sum = polymod(sum, at & 31);
    groups.push(at >> 5);
    if (groups.length === 3) flush();
  }
  if (groups.length) flush();
  for (let i = 0; i < 8; i++) sum = polymod(sum, 0);
  sum ^= 1n;
  return Array.from({ length: 8 }, (_, i) =>
    CHECKSUM.charAt(Number((sum >> BigInt(5 * (7 - i))) & 31n)),
  ).join("");
}

const withChecksum = (descriptor: string) => `${descriptor}#${descriptorChecksum(descriptor)}`;

export interface Exported {
  /** The account's path. */
  readonly path: string;
  /** Of the master key, in hex. */
  readonly fingerprint: string;
  /** xpub or tpub, as descriptors hold it. */
  readonly xpub: string;
  /** zpub, ypub, ... (SLIP-132), as Electrum takes it. */
  readonly slip132: string;
  /** For receiving and for change: Bitcoin Core's `importdescriptors` takes these. */
  readonly receive: string;
  readonly change: string;
  /** Both in one (bips/bip-0389): Sparrow, and Bitcoin Core from version 29 on. */
  readonly descriptor: string;
}

export function exportAccount({ kind, network, key, fingerprint }: Account): Exported {
  const { descriptor, versions } = KINDS[kind];
  const isMain = NETWORKS[network].coin === 0;
  const xpub = formatXpub(key, isMain ? "xpub" : "tpub");
  const path = formatPath(key.path);
  const origin = `[${fingerprint}${path.slice(1).replaceAll("'", "h")}]${xpub}`;
  const of = (below: string) => withChecksum(descriptor(`${origin}/${below}/*`));
  return {
    ...{ path, fingerprint, xpub, slip132: formatXpub(key, versions[isMain ? 0 : 1]) },
    ...{ receive: of("0"), change: of("1"), descriptor: of("<0;1>") },
  };
}
