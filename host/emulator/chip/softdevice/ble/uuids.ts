/**
 * UUIDs as the stack knows them (ble.h, ble_types.h): 16 bits with a type, where type 1 is
 * Bluetooth's own base and 2 + i the i-th base that the program added.
 */

import type { Guest } from "../guest.js";

const SIG = "00000000-0000-1000-8000-00805f9b34fb";
const TYPE_SIG = 1;
const TYPE_VENDOR = 2;
/** Bytes 12 and 13 of a little-endian UUID are the 16 bits. */
const AT = 12;

export interface Uuid {
  readonly short: number;
  readonly type: number;
}

export class Uuids {
  readonly #bases: Uint8Array[] = [];
  /** How many bases there is room for; set by ble_enable. */
  room = 10;

  constructor(private readonly guest: Guest) {}

  clear(): void {
    this.#bases.length = 0;
  }

  /** The type of a base; undefined when there is no room. */
  add(base: Uint8Array): number | undefined {
    const known = this.#find(base);
    if (known >= 0) return TYPE_VENDOR + known;
    if (this.#bases.length >= this.room) return undefined;
    this.#bases.push(base.slice());
    return TYPE_VENDOR + this.#bases.length - 1;
  }

  /** A ble_uuid_t of the program. */
  read(at: number): Uuid {
    return { short: this.guest.u16(at), type: this.guest.u8(at + 2) };
  }
  put(at: number, { short, type }: Uuid): void {
    this.guest.put16(at, short);
    this.guest.put8(at + 2, type);
  }
  known({ type }: Uuid): boolean {
    return type === TYPE_SIG || (type >= TYPE_VENDOR && type < TYPE_VENDOR + this.#bases.length);
  }

  /** From the air's bytes, little-endian, 2 or 16 of them. */
  decode(bytes: Uint8Array): Uuid | undefined {
    const short = (at: number) => bytes[at]! | (bytes[at + 1]! << 8);
    if (bytes.length === 2) return { short: short(0), type: TYPE_SIG };
    const known = this.#find(bytes);
    return known < 0 ? undefined : { short: short(AT), type: TYPE_VENDOR + known };
  }
  encode(uuid: Uuid): Uint8Array {
    if (uuid.type === TYPE_SIG) return Uint8Array.of(uuid.short & 255, uuid.short >> 8);
    const bytes = this.#bases[uuid.type - TYPE_VENDOR]!.slice();
    bytes.set([uuid.short & 255, uuid.short >> 8], AT);
    return bytes;
  }
  /** As people write it. */
  text(uuid: Uuid): string {
    if (uuid.type === TYPE_SIG) return uuid.short.toString(16).padStart(8, "0") + SIG.slice(8);
    const hex = Buffer.from(this.encode(uuid)).reverse().toString("hex");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  #find(base: Uint8Array): number {
    const same = (a: Uint8Array) =>
      a.every((byte, i) => i === AT || i === AT + 1 || byte === base[i]);
    return this.#bases.findIndex(same);
  }
}
