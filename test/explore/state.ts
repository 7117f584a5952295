/**
 * A card's state as the explorer tells it: what its record says, in numbers of peers and link keys,
 * and how far the channel has come. Two cards with the same state answer everything alike.
 */
import type { StateName } from "../../host/sdk/wire/generated.js";
import type { SlotName } from "../support/record.js";

export interface SlotState {
  readonly state: SlotName;
  /** Number of the peer and of its OFFER; -1: none. */
  readonly peer: number;
  readonly link: number;
}
export interface Named {
  readonly n: number;
  readonly peers: readonly number[];
}
/** A run of CONSENT (docs/protocol.md 14), and what is left of one. */
export interface Run {
  /** The card's certificate has the option: SEAL asks for a run. */
  readonly asks: boolean;
  /** Until it is over, or the seconds after power-up are, no other begins. */
  readonly lasts: boolean;
  /** What lasts are the seconds after power-up. */
  readonly boot: boolean;
  /** The board blinks the run's pattern. */
  readonly lit: boolean;
  /** Goes with the channel. 0: none; 1: begun; 2: both halves are told. */
  readonly stage: 0 | 1 | 2;
  /** Of a stage: the part the card played. */
  readonly part: "source" | "destination" | "none";
  /** Source: the OFFER that it is for. Destination: "its own", if c was made for that. */
  readonly about: string;
}
export interface State {
  readonly state: StateName;
  /** BLANK only: Kcard was made. */
  readonly born: boolean;
  readonly n: number;
  readonly slots: readonly [SlotState, SlotState];
  /** OFFERED: the source that was told; COPY: the one whose key it took; -1: none. */
  readonly source: number;
  /** 0: no channel; 1: open; 2: with the code. */
  readonly level: 0 | 1 | 2;
  /** SALT was answered in this channel, and not spent. */
  readonly salt: boolean;
  readonly named: Named | undefined;
  /** Where the clock counts: `--consent`. */
  readonly run?: Run;
}

export const OPEN_SLOT: SlotState = { state: "OPEN", peer: -1, link: -1 };
export const BLANK: State = {
  ...{ state: "BLANK", born: false, n: 0, slots: [OPEN_SLOT, OPEN_SLOT], source: -1 },
  ...{ level: 0, salt: false, named: undefined },
};
/** No stage of a run: what the channel's end leaves of it. */
export const outside = (run: Run): Run => ({ ...run, stage: 0, part: "none", about: "" });
/** Just powered on. */
export const booted = (asks: boolean): Run =>
  outside({ asks, lasts: true, boot: true, lit: false, stage: 0, part: "none", about: "" });
/** The channel is gone. */
export const closed = (s: State): State => ({
  ...{ ...s, level: 0, salt: false, named: undefined },
  ...(s.run && { run: outside(s.run) }),
});
/** Without the channel, a run and its light: what a power cut leaves. */
export const recordKey = (s: State): string => JSON.stringify({ ...closed(s), run: undefined });
export const keyOf = (s: State): string => JSON.stringify(s);
export const holds = ({ state }: State): boolean =>
  ["WALLET", "SHARING", "SHARED", "COPY"].includes(state);
