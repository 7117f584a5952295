/** The conformance suite on virtual boards over the emulated radio. */
import { conforms } from "../conformance/mocha.js";
import { VIRTUAL, airRack } from "../conformance/racks.js";
import { missingBundle } from "../support/boards.js";
import { PART } from "../support/full.js";

const SEEDS = ["air 1", "air 2"];

conforms(
  `two virtual boards over the air${PART}`,
  SEEDS.map(() => VIRTUAL),
  async () => airRack(SEEDS, { mtu: 53 }),
  missingBundle(),
  { part: true },
);
