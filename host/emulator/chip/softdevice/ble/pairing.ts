/**
 * Pairing as the program takes part in it (ble_gap.h, message sequence charts of legacy pairing):
 * the peer asks, the program answers with its parameters or refuses, keys are laid into its memory.
 *
 * Legacy pairing only, and no cryptography: what is shown is who says yes, and what is kept. A
 * stranger has no eyes: a passkey that the program displays is never entered right.
 */

import type { BlePort, PairingPort, Peer } from "../port.js";
import { Seeded } from "../../../seeded.js";
import { NRF } from "../calls.js";
import { EVENT, event, le16 } from "./events.js";

export const PHONE: Peer = { bond: true, mitm: true, io: 4 };

const STATUS = { SUCCESS: 0, CONFIRM_VALUE: 0x84 } as const;
const LOCAL = 0;
const REMOTE = 1;
const NO_IO = 3;
const DISPLAY_ONLY = 0;
const KEYS = 3;

/** Where the program wants the keys of one side; 0: nowhere. */
interface Places {
  readonly encryption: number;
  readonly identity: number;
}

export class Pairing implements PairingPort {
  /** ble_gap_conn_sec_t: mode and level, size of the key. */
  security: Uint8Array = Uint8Array.of(0x11, 0);
  /** What became of the last request; undefined while it is open or none was made. */
  outcome: "paired" | "bonded" | "refused" | "failed" | undefined;
  #open: Peer | undefined;

  constructor(private readonly ble: BlePort) {}

  get level(): number {
    return this.security[0]! >> 4;
  }
  reset(): void {
    this.security = Uint8Array.of(0x11, 0);
    this.#open = undefined;
    this.outcome = undefined;
  }

  /** The peer asks for it. */
  request(peer: Peer): void {
    this.#open = peer;
    this.outcome = undefined;
    const flags = (peer.bond ? 1 : 0) | (peer.mitm ? 2 : 0) | (peer.io << 4);
    this.#tell(EVENT.SEC_PARAMS_REQUEST, [flags, 7, 16, KEYS, KEYS]);
  }

  /** sd_ble_gap_sec_params_reply. */
  reply(status: number, at: number, keys: number): number {
    const peer = this.#open;
    if (!peer) return NRF.INVALID_STATE;
    this.#open = undefined;
    if (status !== STATUS.SUCCESS) {
      this.#later(2, () => this.#failed(status, LOCAL, "refused"));
      return NRF.SUCCESS;
    }
    if (!at) return NRF.INVALID_PARAM;
    const own = this.ble.sd.guest.bytes(at, 5);
    const io = (own[0]! >> 4) & 7;
    const mitm = peer.mitm || (own[0]! & 2) !== 0;
    const passkey = mitm && io !== NO_IO && peer.io !== NO_IO && io !== peer.io;
    if (passkey) {
      const digits = [..."000000"].map((digit) => digit.charCodeAt(0));
      if (io === DISPLAY_ONLY) this.#tell(EVENT.PASSKEY_DISPLAY, [...digits, 0]);
      this.#later(4, () => this.#failed(STATUS.CONFIRM_VALUE, REMOTE, "failed"));
      return NRF.SUCCESS;
    }
    const bond = peer.bond && (own[0]! & 1) !== 0;
    // The structure is the caller's and may be gone by then, what its pointers name is not.
    const places = keys ? this.#places(keys) : [];
    this.#later(4, () => this.#finish(bond, places));
    return NRF.SUCCESS;
  }

  #finish(bond: boolean, places: readonly Places[]): void {
    this.security = Uint8Array.of(0x21, 16);
    this.#tell(EVENT.CONN_SEC_UPDATE, [...this.security]);
    if (bond) this.#lay(places);
    const kept = bond ? KEYS : 0;
    const levels = 0b11;
    this.outcome = bond ? "bonded" : "paired";
    const flags = (LOCAL & 3) | (bond ? 4 : 0);
    this.#tell(EVENT.AUTH_STATUS, [STATUS.SUCCESS, flags, levels, 0, kept, kept]);
  }
  #failed(status: number, source: number, outcome: "refused" | "failed"): void {
    this.outcome = outcome;
    this.#tell(EVENT.AUTH_STATUS, [status, source, 0, 0, 0, 0]);
  }
  /** A ble_gap_sec_keyset_t: own keys, then the peer's; null where the program wants none. */
  #places(keyset: number): Places[] {
    const { guest } = this.ble.sd;
    return [0, 16].map((side) => ({
      encryption: guest.u32(keyset + side),
      identity: guest.u32(keyset + side + 4),
    }));
  }
  #lay(places: readonly Places[]): void {
    const { guest } = this.ble.sd;
    // Each central has keys of its own: with the same ones it is known for the same peer.
    const random = new Seeded(`keys of bond ${this.ble.link.connection}`);
    const bytes = (count: number) => Array.from({ length: count }, () => random.below(256));
    const LTK_16 = 16 << 2;
    for (const { encryption, identity } of places) {
      const key = [...bytes(16), LTK_16, 0, ...le16(random.below(65536)), ...bytes(8)];
      if (encryption) guest.put(encryption, Uint8Array.from(key));
      if (identity) guest.put(identity, Uint8Array.from([...bytes(16), 0, ...bytes(6)]));
    }
  }
  #later(events: number, act: () => void): void {
    const { link } = this.ble;
    const { connection } = link;
    this.ble.sd.cpu.scheduler.after(events * link.intervalCycles, () => {
      if (link.connection === connection && link.connected) act();
    });
  }
  #tell(id: (typeof EVENT)[keyof typeof EVENT], part: number[]): void {
    this.ble.push(event(id, this.ble.link.handle, part));
  }
}
