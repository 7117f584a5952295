/**
 * The attribute table (ble_gatts.h): handles in order, values in the stack's memory or in the
 * program's, permissions.
 *
 * Limits: no authorised reads or writes, no long writes; the table's size is not counted.
 */

import { missing } from "../../soc/base/trap.js";
import type { Guest } from "../guest.js";
import type { Uuid, Uuids } from "./uuids.js";

export const SHORT = {
  PRIMARY: 0x2800,
  CHARACTERISTIC: 0x2803,
  DESCRIPTION: 0x2901,
  CCCD: 0x2902,
} as const;
const SIG = 1;

/** A mode of security and its level; mode 0 = never. */
export interface Permission {
  readonly mode: number;
  readonly level: number;
}
const permission = (byte: number): Permission => ({ mode: byte & 15, level: byte >> 4 });
const OPEN: Permission = { mode: 1, level: 1 };
const NEVER: Permission = { mode: 0, level: 0 };

export interface Properties {
  readonly read: boolean;
  readonly writeCommand: boolean;
  readonly write: boolean;
  readonly notify: boolean;
  readonly indicate: boolean;
}

export interface Attribute {
  readonly handle: number;
  readonly uuid: Uuid;
  readonly read: Permission;
  readonly write: Permission;
  readonly most: number;
  readonly variable: boolean;
  /** Address of the value in the program's memory; undefined: it is `value`. */
  readonly user?: number;
  value: Uint8Array;
  length: number;
  /** A characteristic's value: what can be done with it, and where its CCCD is. */
  readonly properties?: Properties;
  cccd?: number;
}

export class Attributes {
  readonly #all: Attribute[] = [];
  /** The first handle behind the stack's own services. */
  firstUser = 1;

  constructor(
    private readonly guest: Guest,
    private readonly uuids: Uuids,
  ) {}

  get last(): number {
    return this.#all.length;
  }
  find(handle: number): Attribute | undefined {
    return this.#all[handle - 1];
  }
  clear(): void {
    this.#all.length = 0;
  }

  /** The stack's own services come first: GAP with name, appearance and parameters, then GATT. */
  begin(serviceChanged: boolean): void {
    this.clear();
    this.service({ short: 0x1800, type: SIG });
    for (const short of [0x2a00, 0x2a01, 0x2a04]) {
      this.#add({ uuid: { short: SHORT.CHARACTERISTIC, type: SIG } });
      this.#add({ uuid: { short, type: SIG } });
    }
    this.service({ short: 0x1801, type: SIG });
    for (const short of serviceChanged ? [SHORT.CHARACTERISTIC, 0x2a05, SHORT.CCCD] : []) {
      this.#add({ uuid: { short, type: SIG } });
    }
    this.firstUser = this.#all.length + 1;
  }

  service(uuid: Uuid): number {
    const value = this.uuids.encode(uuid);
    return this.#add({ uuid: { short: SHORT.PRIMARY, type: SIG }, value }).handle;
  }

  /**
   * From a ble_gatts_char_md_t and a ble_gatts_attr_t: declaration, value, and the descriptors
   * asked for.
   */
  characteristic(md: number, attribute: number): { value: number; text: number; cccd: number } {
    const { guest } = this;
    const bits = guest.u8(md);
    const properties: Properties = {
      read: (bits & 2) !== 0,
      writeCommand: (bits & 4) !== 0,
      write: (bits & 8) !== 0,
      notify: (bits & 16) !== 0,
      indicate: (bits & 32) !== 0,
    };
    this.#add({ uuid: { short: SHORT.CHARACTERISTIC, type: SIG } });
    const value = this.#fromProgram(attribute, properties);
    let text = 0;
    const description = guest.u32(md + 4);
    if (description) {
      const bytes = guest.bytes(description, guest.u16(md + 10));
      text = this.#add({ uuid: { short: SHORT.DESCRIPTION, type: SIG }, value: bytes }).handle;
    }
    if (properties.notify || properties.indicate) {
      const cccdMd = guest.u32(md + 20);
      const write = cccdMd ? permission(guest.u8(cccdMd + 1)) : OPEN;
      const uuid = { short: SHORT.CCCD, type: SIG };
      value.cccd = this.#add({ uuid, value: new Uint8Array(2), write }).handle;
    }
    return { value: value.handle, text, cccd: value.cccd ?? 0 };
  }

  descriptor(attribute: number): number {
    return this.#fromProgram(attribute).handle;
  }

  valueOf(attribute: Attribute): Uint8Array {
    const { user, length } = attribute;
    return user === undefined ? attribute.value.slice(0, length) : this.guest.bytes(user, length);
  }
  set(attribute: Attribute, offset: number, bytes: Uint8Array): void {
    if (attribute.user === undefined) attribute.value.set(bytes, offset);
    else this.guest.put(attribute.user + offset, bytes);
    if (attribute.variable) attribute.length = offset + bytes.length;
  }

  /** Services with their characteristics' values, as a client discovers them. */
  discover(): { uuid: Uuid; characteristics: Attribute[] }[] {
    const services: { uuid: Uuid; characteristics: Attribute[] }[] = [];
    for (const one of this.#all) {
      if (one.uuid.type === SIG && one.uuid.short === SHORT.PRIMARY) {
        services.push({ uuid: this.uuids.decode(one.value)!, characteristics: [] });
      }
      if (one.properties) services.at(-1)!.characteristics.push(one);
    }
    return services;
  }

  #fromProgram(at: number, properties?: Properties): Attribute {
    const { guest } = this;
    const md = guest.u32(at + 4);
    const flags = guest.u8(md + 2);
    if (flags & 0x18) missing("an authorised attribute of the SoftDevice");
    const length = guest.u16(at + 8);
    const most = guest.u16(at + 12);
    const from = guest.u32(at + 16);
    const inUser = ((flags >> 1) & 3) === 2;
    const value = new Uint8Array(inUser ? 0 : most);
    if (!inUser && from) value.set(guest.bytes(from, length));
    return this.#add({
      uuid: this.uuids.read(guest.u32(at)),
      read: permission(guest.u8(md)),
      write: permission(guest.u8(md + 1)),
      most,
      variable: (flags & 1) !== 0,
      value,
      length,
      ...(inUser ? { user: from } : {}),
      ...(properties ? { properties } : {}),
    });
  }
  #add(part: Partial<Attribute> & { uuid: Uuid }): Attribute {
    const value = part.value ?? new Uint8Array(0);
    const one = {
      handle: this.#all.length + 1,
      read: OPEN,
      write: NEVER,
      most: value.length,
      variable: false,
      length: value.length,
      ...part,
      value,
    };
    this.#all.push(one);
    return one;
  }
}
