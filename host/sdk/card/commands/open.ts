/** OPEN, docs/protocol.md 5: E_h for E_c and the sealed hello (channel.ts opens it). */

import { SIZES } from "../../wire/generated.js";
import { command, sized } from "./command.js";

const size = sized("OPEN", SIZES.POINT + SIZES.HELLO + SIZES.TAG);

export interface OpenAnswer {
  readonly cardPoint: Uint8Array;
  readonly sealedHello: Uint8Array;
}

export const OPEN = command<Uint8Array, OpenAnswer>(
  "OPEN",
  (hostPoint) => ({ data: hostPoint }),
  (answer) => ({
    cardPoint: size(answer).slice(0, SIZES.POINT),
    sealedHello: answer.slice(SIZES.POINT),
  }),
);
