/**
 * The air around a virtual board: what a scanner hears of it, and the one central that may connect.
 * The board's own side of it is espruino/nrf/nrf-gatt.ts.
 *
 * A central is what a phone's or a computer's Bluetooth stack is to a program: it exchanges the MTU
 * at once, discovers, writes, subscribes, and confirms each indication by itself. Limits: of
 * pairing only whether it is refused, no distance, no lost packets (below ATT the radio repeats
 * them); time is the board's.
 */

/** ATT's least MTU, and what of a packet its header takes (Core 5.4 Vol 3 Part F 3.2.8, 3.4). */
export const MTU_LEAST = 23;
export const ATT_HEADER = 3;
/** What boards with an nRF52832 are built with (boards/PUCKJS.py). */
export const MTU_BOARD = 53;

export interface AirOptions {
  /** The largest that the board agrees to. */
  readonly mtu?: number;
  /** The address that the chip was made with, as the board would print it. */
  readonly factoryAddress?: string;
}
/** What is on the air while nobody is connected. */
export interface Advertisement {
  readonly address: string;
  readonly data: Uint8Array;
  readonly scanResponse: Uint8Array;
}
export interface Characteristic {
  readonly uuid: string;
  readonly maxLength: number;
  readonly write: boolean;
  readonly indicate: boolean;
  readonly notify?: boolean;
}
export interface Service {
  readonly uuid: string;
  readonly characteristics: readonly Characteristic[];
}
/** The board's side, while its power is on. */
export interface Stack {
  readonly advertisement: Advertisement | undefined;
  readonly services: readonly Service[];
  /** Bonds with whoever asks: each bond is written into the board's flash. */
  readonly pairs: boolean;
  connected(central: Central): void;
  wrote(characteristic: Characteristic, bytes: Uint8Array): void;
  /** A CCCD was written; where a stack has none to keep, the central's word is enough. */
  subscribed?(characteristic: Characteristic): void;
  confirmed(): void;
  /** Until the stack has answered what the central asked; a stack without this does so at once. */
  idle?(): Promise<void>;
  disconnected(reason: number): void;
}
type Listener<T> = (value: T) => void;

/** HCI's reasons, as `disconnect` events carry them (Core 5.4 Vol 1 Part F). */
export const REASON = { SUPERVISION_TIMEOUT: 0x08, REMOTE_USER: 0x13, LOCAL_HOST: 0x16 } as const;

/** ATT's error for a write longer than the characteristic, and for one that does not exist. */
export class AttError extends Error {
  override readonly name = "AttError";
}

export class Air {
  #stack: Stack | undefined;
  #central: Central | undefined;
  #hears = new Set<Listener<Advertisement>>();

  /** `enter` runs work as input of the board. */
  constructor(
    readonly options: AirOptions,
    readonly enter: (work: () => void) => void,
  ) {}

  /** Undefined while the board is off, or connected. */
  get advertisement(): Advertisement | undefined {
    return this.#stack?.advertisement;
  }
  get central(): Central | undefined {
    return this.#central;
  }

  /** Tells every advertisement whenever it changes. Returns how to stop. */
  onAdvertisement(listener: Listener<Advertisement>): () => void {
    this.#hears.add(listener);
    return () => void this.#hears.delete(listener);
  }

  /** As a central with this MTU. Throws when the board can't be heard: off, or taken. */
  connect(mtu = MTU_BOARD, address = "11:22:33:44:55:66 random"): Central {
    const stack = this.#stack;
    if (!stack?.advertisement) throw new Error("the board does not advertise");
    const agreed = Math.max(MTU_LEAST, Math.min(mtu, this.options.mtu ?? MTU_BOARD));
    const central = new Central(this, stack, agreed, address);
    this.#central = central;
    this.enter(() => stack.connected(central));
    return central;
  }

  /** The board's power came (a stack) or went. */
  switched(stack: Stack | undefined): void {
    this.#stack = stack;
    if (!stack) this.#central?.ended(REASON.SUPERVISION_TIMEOUT);
  }
  heard(advertisement: Advertisement): void {
    for (const listener of [...this.#hears]) listener(advertisement);
  }
  free(central: Central): void {
    if (this.#central === central) this.#central = undefined;
  }
}

export class Central {
  /** Confirms indications by itself, as stacks do; false: they wait for `confirm`. */
  confirms = true;
  /** Sizes of the values that came. */
  readonly sizes: number[] = [];
  readonly #values = new Set<(uuid: string, value: Uint8Array) => void>();
  readonly #ends = new Set<Listener<number>>();
  readonly #subscribed = new Set<string>();
  #end: number | undefined;
  #waiting = false;

  constructor(
    private readonly air: Air,
    private readonly stack: Stack,
    readonly mtu: number,
    readonly address: string,
  ) {}

  get connected(): boolean {
    return this.#end === undefined;
  }
  get services(): readonly Service[] {
    return this.connected ? this.stack.services : [];
  }

  onValue(listener: (uuid: string, value: Uint8Array) => void): void {
    this.#values.add(listener);
  }
  onDisconnect(listener: Listener<number>): void {
    if (this.#end === undefined) this.#ends.add(listener);
    else listener(this.#end);
  }

  /** A write with response: one packet, or ATT's error. */
  write(uuid: string, bytes: Uint8Array): void {
    const to = this.#find(uuid);
    if (!to.write) throw new AttError("write not permitted");
    if (bytes.length > to.maxLength) throw new AttError("invalid attribute value length");
    if (bytes.length > this.mtu - ATT_HEADER) throw new AttError("prepared writes are refused");
    const copy = bytes.slice();
    this.air.enter(() => this.connected && this.stack.wrote(to, copy));
  }
  /** Until all that was written or subscribed to has its answer. */
  async answered(): Promise<void> {
    if (this.connected) await this.stack.idle?.();
  }
  /** Whether the board took part. */
  pair(): boolean {
    return this.connected && this.stack.pairs;
  }
  subscribe(uuid: string): void {
    const to = this.#find(uuid);
    if (!to.indicate && !to.notify) throw new AttError("nothing to subscribe to");
    this.#subscribed.add(uuid);
    this.air.enter(() => this.connected && this.stack.subscribed?.(to));
  }
  subscribed(uuid: string): boolean {
    return this.#subscribed.has(uuid);
  }

  /** An indication from the board. */
  indicated(uuid: string, value: Uint8Array): void {
    this.sizes.push(value.length);
    this.#waiting = true;
    for (const listener of [...this.#values]) listener(uuid, value);
  }
  /** A notification: nobody confirms it. */
  notified(uuid: string, value: Uint8Array): void {
    for (const listener of [...this.#values]) listener(uuid, value);
  }
  confirm(): void {
    if (!this.#waiting || !this.connected) return;
    this.#waiting = false;
    this.air.enter(() => this.connected && this.stack.confirmed());
  }

  disconnect(): void {
    this.#lose(REASON.REMOTE_USER);
  }
  /** Gone out of range. */
  vanish(): void {
    this.#lose(REASON.SUPERVISION_TIMEOUT);
  }
  #lose(reason: number): void {
    if (!this.connected) return;
    this.ended(reason);
    this.air.enter(() => this.stack.disconnected(reason));
  }
  /** It is over, by whichever side. */
  ended(reason: number): void {
    if (!this.connected) return;
    this.#end = reason;
    this.air.free(this);
    for (const listener of [...this.#ends]) listener(reason);
  }

  #find(uuid: string): Characteristic {
    if (!this.connected) throw new Error("not connected");
    for (const service of this.stack.services)
      for (const characteristic of service.characteristics)
        if (characteristic.uuid === uuid) return characteristic;
    throw new AttError(`no characteristic ${uuid}`);
  }
}
