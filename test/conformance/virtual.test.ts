/** The conformance suite on virtual boards, reached over TCP as those of other processes are. */
import { missingBundle } from "../support/boards.js";
import { conforms, onePair } from "./mocha.js";
import { VIRTUAL, virtualRack } from "./racks.js";
import { PART } from "../support/full.js";

const SEEDS = ["rack 1", "rack 2", "rack 3"];

conforms(
  `three virtual boards${PART}`,
  SEEDS.map(() => VIRTUAL),
  () => virtualRack(SEEDS),
  missingBundle(),
  true,
  onePair(SEEDS.length),
);
