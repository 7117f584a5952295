/** Where peripherals are plugged in: the bus keeps its map, a reset puts others in their places. */

import { BusFault, type Bus, type Peripheral, type Size } from "./bus.js";

class Socket implements Peripheral {
  holds: Peripheral | undefined;

  constructor(
    private readonly base: number,
    private readonly watch: (address: number) => void,
  ) {}
  get name(): string {
    return this.holds?.name ?? "an empty socket";
  }
  read(offset: number, size: Size): number {
    return this.#there(offset, "read").read(offset, size);
  }
  write(offset: number, value: number, size: Size): void {
    this.watch(this.base + offset);
    this.#there(offset, "write").write(offset, value, size);
  }
  #there(offset: number, what: string): Peripheral {
    if (!this.holds) throw new BusFault(this.base + offset, what);
    return this.holds;
  }
}

export class Sockets {
  readonly #sockets = new Map<number, Socket>();

  /** `watch` is told of each write before it is carried out. */
  constructor(
    private readonly bus: Bus,
    private readonly watch: (address: number) => void,
  ) {}

  put(base: number, size: number, peripheral: Peripheral): void {
    let socket = this.#sockets.get(base);
    if (!socket) {
      socket = new Socket(base, this.watch);
      this.#sockets.set(base, socket);
      this.bus.attach(base, size, socket);
    }
    socket.holds = peripheral;
  }
  empty(): void {
    for (const socket of this.#sockets.values()) socket.holds = undefined;
  }
}
