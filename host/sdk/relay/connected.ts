/**
 * `present` for cards that are all connected: finds out who is the source, hands over the link that
 * is asked for, and opens a lost one again. Browser-safe.
 */

import { CardSession } from "../card/session.js";
import type { Status } from "../card/commands/index.js";
import type { Transport } from "../links/link.js";
import { BackupError } from "./errors.js";
import type { Present, PresentRequest, Role } from "./events.js";
import { copyRole, roleKey, SOURCE } from "./visits/role.js";

/** One card's place: how to reach it, now and again after a loss. */
export interface Place {
  /** For people: the link's URI. */
  readonly name: string;
  readonly open: () => Promise<Transport>;
}

interface OpenPlace {
  readonly place: Place;
  transport: Transport | undefined;
}

/** Open links to a set of cards. */
export class ConnectedCards {
  readonly #places: OpenPlace[];
  readonly #lost = new WeakSet<Transport>();
  readonly #roles = new Map<string, OpenPlace>();

  constructor(places: readonly Place[]) {
    this.#places = places.map((place) => ({ place, transport: undefined }));
  }

  /** Every card's status, in the order of the places. */
  async survey(): Promise<{ name: string; status: Status }[]> {
    const found: { name: string; status: Status }[] = [];
    for (const open of this.#places) {
      const status = await new CardSession(await this.#connect(open)).greet();
      found.push({ name: open.place.name, status });
    }
    return found;
  }

  /** Finds the one card that holds a wallet to be copied. */
  async arrange(): Promise<{ source: number; copies: number[] }> {
    const found = await this.survey();
    const giving = found.flatMap(({ status }, index) =>
      /^(WALLET|SHARING|SHARED)$/.test(status.state) ? [index] : [],
    );
    const cards = found.map(({ name, status: { state } }) => ({ card: name, state }));
    const [source] = giving;
    if (source === undefined) throw new BackupError("backup/no-source", {}, { cards });
    if (giving.length > 1) throw new BackupError("backup/many-sources", {}, { cards });
    this.#assign(SOURCE, source);
    const copies = found.map((_, index) => index).filter((index) => index !== source);
    copies.forEach((place, index) => this.#assign(copyRole(index), place));
    return { source, copies };
  }

  /** For `backup`. */
  readonly present: Present = async (request) => {
    const open = this.#placeFor(request);
    // Asked again for the same role: whatever went wrong, the old link is not trusted.
    if (request.attempt > 1 && open.transport && !request.wrong.includes(open.transport)) {
      this.#lost.add(open.transport);
    }
    return this.#connect(open);
  };

  async close(): Promise<void> {
    for (const { transport } of this.#places) await transport?.close();
  }

  #assign(role: Role, place: number): void {
    this.#roles.set(roleKey(role), this.#places[place] as OpenPlace);
  }

  /** The role's own place; where that led to another card, the two copies may be the other way. */
  #placeFor({ role, wrong, problem }: PresentRequest): OpenPlace {
    const isWrong = ({ transport }: OpenPlace) =>
      transport !== undefined && wrong.includes(transport);
    const own = this.#roles.get(roleKey(role));
    if (own && !isWrong(own)) return own;
    const source = this.#roles.get(roleKey(SOURCE));
    const other = this.#places.find((place) => place !== source && !isWrong(place));
    if (role.kind === "source" || !other) {
      throw new BackupError("backup/absent", { why: problem });
    }
    for (const [key, place] of this.#roles) if (place === other && own) this.#roles.set(key, own);
    this.#roles.set(roleKey(role), other);
    return other;
  }

  async #connect(open: OpenPlace): Promise<Transport> {
    const { transport } = open;
    if (transport && !this.#lost.has(transport)) return transport;
    if (transport) await transport.close().catch(() => undefined);
    const opened = await open.place.open();
    open.transport = opened;
    opened.onDisconnect(() => this.#lost.add(opened));
    return opened;
  }
}
