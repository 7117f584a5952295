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
}

export const OPEN_SLOT: SlotState = { state: "OPEN", peer: -1, link: -1 };
export const BLANK: State = {
  ...{ state: "BLANK", born: false, n: 0, slots: [OPEN_SLOT, OPEN_SLOT], source: -1 },
  ...{ level: 0, salt: false, named: undefined },
};
/** The channel is gone. */
export const closed = (s: State): State => ({ ...s, level: 0, salt: false, named: undefined });
/** Without the channel: what a power cut leaves. */
export const recordKey = (s: State): string => JSON.stringify(closed(s));
export const keyOf = (s: State): string => JSON.stringify(s);
export const holds = ({ state }: State): boolean =>
  ["WALLET", "SHARING", "SHARED", "COPY"].includes(state);
