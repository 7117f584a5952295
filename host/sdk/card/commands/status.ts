/** STATUS, docs/protocol.md 4: anybody may ask; it names nobody. */

import { Reader } from "../../crypto/bytes.js";
import { Failure } from "../../failures/failure.js";
import { FLAGS, PROTOCOL_VERSION, SUITE } from "../../wire/generated.js";
import type { SlotStateName, StateName } from "../../wire/generated.js";
import { slotStateName, stateName } from "../ledger.js";
import { command, nothing } from "./command.js";

export interface Status {
  readonly state: StateName;
  /** The image holds the published demo maker's key: it protects nothing. */
  readonly demo: boolean;
  readonly button: boolean;
  readonly noVault: boolean;
  readonly rngFailed: boolean;
  /** It waits for a gesture on its button. */
  readonly armed: boolean;
  /** It says that it gives its key only with on-card consent; its certificate proves it. */
  readonly consent: boolean;
  /** Cards in the set; 0 before the first copy. */
  readonly setSize: number;
  /** Source 1, destinations 2..n; 0 without a key. */
  readonly copy: number;
  readonly slots: readonly [SlotStateName, SlotStateName];
  /** Wrong access codes since the last right one. */
  readonly misses: number;
  /** Dropped offers that count (boards without a button). */
  readonly drops: number;
  /** Seconds until the next access code (when OFFERED: the next drop) is taken. */
  readonly waitSeconds: number;
  /** "1.2.3" */
  readonly firmware: string;
  readonly kernelAbi: number;
}

function decode(answer: Uint8Array): Status {
  const reader = new Reader(answer, "the card's status");
  if (reader.byte() !== PROTOCOL_VERSION || reader.byte() !== SUITE) {
    throw new Failure("format/version", {});
  }
  const state = stateName(reader.byte());
  const flags = reader.byte();
  const [setSize, copy] = [reader.byte(), reader.byte()];
  const slots = [slotStateName(reader.byte()), slotStateName(reader.byte())] as const;
  const [misses, drops] = [reader.byte(), reader.byte()];
  const waitSeconds = reader.uint16();
  const firmware = reader.take(3).join(".");
  const kernelAbi = reader.byte();
  reader.end();
  if (!state || !slots[0] || !slots[1]) throw new Failure("format/state", {});
  return {
    state,
    demo: (flags & FLAGS.DEMO) !== 0,
    button: (flags & FLAGS.BUTTON) !== 0,
    noVault: (flags & FLAGS.NO_VAULT) !== 0,
    rngFailed: (flags & FLAGS.RNG_FAILED) !== 0,
    armed: (flags & FLAGS.ARMED) !== 0,
    consent: (flags & FLAGS.CONSENT) !== 0,
    ...{ setSize, copy, slots: [slots[0], slots[1]] },
    ...{ misses, drops, waitSeconds, firmware, kernelAbi },
  };
}

export const STATUS = command<void, Status>("STATUS", nothing, decode);
