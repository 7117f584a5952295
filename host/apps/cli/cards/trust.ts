/**
 * Whose cards are genuine: the maker that the user names, or, for virtual boards on this machine
 * that say DEMO, the published demo maker, with a warning.
 *
 * A card's own word is not enough anywhere else: a stranger's card could say DEMO too, and would
 * then be given the access code.
 */

import { isLocalLink } from "../../../sdk/links/registry.js";
import { DEMO_MAKER } from "../../../sdk/maker/demo.js";
import { MakerStore } from "../../../sdk/maker/store.js";
import { usageError } from "../failure.js";
import type { TrustOptions } from "../options.js";
import type { Output } from "../output.js";

export const DEMO_WARNING =
  "these are DEMO cards. Their maker's private key is published: they protect nothing.";

export interface CardOnLink {
  readonly uri: string;
  readonly demo: boolean;
}

/** Kmaker to trust; undefined = the demo maker may be used, for it was named or is harmless. */
export async function trustedMaker(
  options: TrustOptions,
  cards: readonly CardOnLink[],
  out: Output,
): Promise<Uint8Array> {
  const { maker, makerKey } = options;
  if (maker !== undefined && makerKey !== undefined) {
    throw usageError("--maker and --maker-key both name the maker: give one of them");
  }
  if (maker !== undefined) return (await MakerStore.open(maker)).publicKey;
  if (makerKey !== undefined && makerKey !== "demo") return makerKey;
  if (makerKey === undefined) assertHarmless(cards);
  out.warn(DEMO_WARNING);
  return DEMO_MAKER;
}

function assertHarmless(cards: readonly CardOnLink[]): void {
  const real = cards.find(({ demo }) => !demo);
  if (real) {
    throw usageError(
      `${real.uri} is not a demo card: say whose cards are genuine with --maker FOLDER or --maker-key HEX`,
    );
  }
  const far = cards.find(({ uri }) => !isLocalLink(uri));
  if (far) {
    throw usageError(
      `${far.uri} says that it is a demo card: to trust it as one, add --maker-key demo`,
    );
  }
}
