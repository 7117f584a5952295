/**
 * The power-cut sweep to depth 2: every step of a set's life is cut at every flash operation, and
 * so is the boot that follows, at every operation of its own. Of the ways to tear a word or an
 * erase one of each kind is taken; weak bits read as they like, or one way at the first boot and the
 * other way at the next. Flash contents that were seen before are not looked at twice.
 *
 * Judged by what the card shows: its state, its counts, its key by the code, and that what it
 * forgot is nowhere in its flash after a boot.
 */
import { createHash } from "node:crypto";
import type { CutMode, CutOptions, WeakBits } from "../../host/emulator/flash/nor.js";
import { Seeded } from "../../host/emulator/seeded.js";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import type { TestCard } from "../support/world.js";
import { STRETCHED } from "../support/world.js";
import {
  freeze,
  type Forgotten,
  type FrozenSet,
  type LifeStep,
  type Set3,
  type Who,
} from "./life.js";

const { Bank, Key, Msg, Rec, SlotAt } = LAYOUTS;
/** Bytes of a TRANSFER that are sealed, about: what must not outlive it. */
const SEALED = 131;
/** Offset and size of what a record can forget. */
const PLACES: Readonly<Record<Forgotten, readonly [number, number]>> = {
  WRAPPED: [Rec.WRAPPED, Rec.WRAPPED_SIZE],
  KLINK: [Rec.KLINK, Rec.KLINK_SIZE],
  KRECEIPTS: [Rec.KRECEIPTS, Rec.KRECEIPTS_SIZE],
  "TRANSFER 1": [Rec.SLOTS + SlotAt.TRANSFER + Msg.ENC, SEALED],
  "TRANSFER 2": [Rec.SLOTS + SlotAt.SIZE + SlotAt.TRANSFER + Msg.ENC, SEALED],
};
type Flash = ReturnType<TestCard["board"]["flash"]["snapshot"]>;

/**
 * Seeds that tear in each of the ways there are (host/emulator/flash/tearing.ts). Of writes, those
 * whose few weak bits are one in each byte: a word of any value has one then, and seldom many, so
 * that it reads either way.
 */
function seedOf(what: "write" | "erase", kind: number): string {
  for (let seed = 0; ; seed++) {
    const random = new Seeded(`${seed} ${what}`);
    if (what === "erase" && Math.floor(random.below(256) / 86) === kind) return String(seed);
    if (what === "erase") continue;
    const few = random.next32() & random.next32() & random.next32();
    random.next32();
    if (random.below(3) === kind && isSpread(few)) return String(seed);
  }
}
const isSpread = (mask: number): boolean =>
  [0, 8, 16, 24].every((shift) => [1, 2, 4, 8, 16, 32, 64, 128].includes((mask >>> shift) & 255));
const WRITES = [0, 1, 2].map((kind) => seedOf("write", kind));
const ERASES = [0, 1, 2].map((kind) => seedOf("erase", kind));

export interface Tear {
  readonly mode: CutMode;
  readonly options: CutOptions;
  readonly name: string;
}
const BEFORE: Tear = { mode: "before", options: {}, name: "before" };
const AFTER: Tear = { mode: "after", options: {}, name: "after" };
const TORN_ERASES = ERASES.map((seed, kind): Tear => ({
  mode: "inside",
  options: { seed },
  name: `inside, erase ${kind}`,
}));
/** Of a write of `count` words: the first, one in its middle, the last, each torn in each way. */
const tornWrites = (count: number): Tear[] =>
  [...new Set([0, Math.min(60, count - 1), count - 1])].flatMap((words) =>
    WRITES.map((seed, kind): Tear => ({
      mode: "inside",
      options: { words, seed },
      name: `inside, word ${words}, kind ${kind}`,
    })),
  );
const sum = (counts: Uint8Array | Uint16Array | Uint32Array): number => {
  let all = 0;
  for (const count of counts) all += count;
  return all;
};
/** Every way to cut inside the operation that made `after` out of `before`. */
function inside(before: Flash, after: Flash): readonly Tear[] {
  if (sum(after.erases) > sum(before.erases)) return TORN_ERASES;
  const written = ({ blockWrites, wordWrites }: Flash) => sum(blockWrites) + sum(wordWrites);
  return tornWrites(written(after) - written(before));
}

/** Cells and weak bits of the vault, as a key. */
function keyOf(flash: Flash): string {
  const part = (bytes: Uint8Array) => bytes.subarray(Bank.SIZE, 3 * Bank.SIZE);
  return createHash("sha1").update(part(flash.cells)).update(part(flash.weak)).digest("base64");
}
/** How weak bits read at the first boot; at the one after it they read the other way. */
const readingsOf = (flash: Flash): readonly WeakBits[] =>
  flash.weak.some((mask) => mask !== 0) ? ["any", "ones", "zeros"] : ["any"];
const OTHER: Readonly<Record<WeakBits, WeakBits>> = {
  ...{ any: "any", alike: "alike", ones: "zeros", zeros: "ones" },
};
/** Boots of a flash with a bank that is blank at one read and not at the next. */
const MOODS = 12;
const hasMoods = ({ cells, weak }: Flash): boolean =>
  [Bank.SIZE, 2 * Bank.SIZE].some((at) => {
    const mask = weak.subarray(at, at + Bank.SIZE);
    if (mask.every((bits) => bits === 0)) return false;
    return mask.every((bits, index) => (cells[at + index]! | bits) === 255);
  });

export class Violation extends Error {}

interface Before {
  readonly misses: number;
  readonly key: string;
  readonly secrets: readonly (readonly [string, Buffer])[];
}

export class DeepSweep {
  cuts = 0;
  boots = 0;
  private seen = new Set<string>();
  private judged = new Set<string>();

  constructor(
    readonly set: Set3,
    readonly depth: 1 | 2,
  ) {}

  /** Cuts the step everywhere; leaves the set as the step leaves it. */
  step(step: LifeStep): void {
    const { set } = this;
    const start = freeze(set);
    const card = set.cards[step.card];
    this.seen = new Set();
    this.judged = new Set();
    const before = this.look(step, start);
    const operations = this.ready(step, start, () => {
      const from = card.board.flash.operations;
      step.run(set);
      return card.board.flash.operations - from;
    });
    const cut = (n: number, tear: Tear) =>
      this.ready(step, start, () => this.cut(card, n, tear, () => step.run(set)));
    this.everywhere(operations, cut, (flash, where) =>
      this.after(step, before, flash, `${step.name}, operation ${where}`, this.depth),
    );
    this.ready(step, start, () => step.run(set));
  }

  private thaw({ cards, carried }: FrozenSet): void {
    for (const who of Object.keys(cards) as Who[]) {
      this.set.cards[who].board.flash.weakBits = "any";
      this.set.cards[who].restore(cards[who]);
    }
    Object.assign(this.set.carried, carried);
  }
  private ready<T>(step: LifeStep, start: FrozenSet, act: () => T): T {
    this.thaw(start);
    step.before?.(this.set);
    return act();
  }
  /** The flash that the cut leaves; the power is off. */
  private cut(card: TestCard, n: number, { mode, options }: Tear, act: () => void): Flash {
    this.cuts++;
    card.cutDuring(n, mode, options, act);
    card.board.flash.cancelCut();
    card.board.powerOff();
    return card.board.flash.snapshot();
  }
  /** Cuts each of so many operations in every way. */
  private everywhere(
    operations: number,
    cut: (n: number, tear: Tear) => Flash,
    see: (flash: Flash, where: string) => void,
  ): void {
    for (let n = 1; n <= operations; n++) {
      const [before, after] = [cut(n, BEFORE), cut(n, AFTER)];
      see(before, `${n} before`);
      for (const tear of inside(before, after)) see(cut(n, tear), `${n} ${tear.name}`);
      see(after, `${n} after`);
    }
  }

  /** What the card showed before the step, and what it had that it will forget. */
  private look(step: LifeStep, start: FrozenSet): Before {
    const card = this.set.cards[step.card];
    const key = this.keyOf(card);
    const misses = this.ready(step, start, () => card.status().misses);
    const flash = Buffer.from(card.board.dump());
    const secrets = [Bank.SIZE, 2 * Bank.SIZE].flatMap((at) =>
      (step.forgets ?? []).map((part) => {
        const [place, size] = PLACES[part];
        return [part, Buffer.from(flash.subarray(at + place, at + place + size))] as const;
      }),
    );
    this.thaw(start);
    return { misses, key, secrets };
  }
  /** The master key by the code; "" for a card without one. */
  private keyOf(card: TestCard): string {
    if (!["WALLET", "SHARING", "SHARED", "COPY"].includes(card.state)) return "";
    card.wait();
    card.unlock(STRETCHED);
    const { data } = card.secure("PUBLIC_KEY", Uint8Array.of(0));
    return Buffer.from(data.subarray(0, Key.PARENT)).toString("hex");
  }

  /** Boots from such flash in every reading, looks, and cuts the boot itself. */
  private after(step: LifeStep, before: Before, flash: Flash, where: string, depth: number): void {
    const key = `${depth} ${keyOf(flash)}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const card = this.set.cards[step.card];
    const moods = hasMoods(flash) ? MOODS : 0;
    for (let boot = 0; boot < moods; boot++) {
      this.boot(card, flash, "alike");
      this.judge(step, before, card, where);
    }
    for (const reading of readingsOf(flash)) {
      const operations = this.boot(card, flash, reading);
      this.judge(step, before, card, where);
      if (depth < 2) continue;
      const cut = (n: number, tear: Tear) => {
        card.board.powerOff();
        this.put(card, flash, reading);
        return this.cut(card, n, tear, () => card.board.powerOn());
      };
      this.everywhere(operations, cut, (again, there) =>
        this.after(step, before, again, `${where}; boot ${there}`, 1),
      );
    }
  }
  /** Flash operations of the boot. */
  private boot(card: TestCard, flash: Flash, reading: WeakBits): number {
    this.boots++;
    card.board.powerOff();
    this.put(card, flash, reading);
    const from = card.board.flash.operations;
    card.boot();
    return card.board.flash.operations - from;
  }

  private put({ board }: TestCard, flash: Flash, reading: WeakBits): void {
    board.flash.restore(flash);
    board.flash.weakBits = reading;
    board.flash.shake();
  }

  private judge(step: LifeStep, before: Before, card: TestCard, where: string): void {
    const fail = (text: string): never => {
      throw new Violation(`${where}: ${text}`);
    };
    const { state, misses, slots } = card.status();
    if (state !== step.from && state !== step.to) fail(`I6: the card is ${state}`);
    if (!step.clears && misses < before.misses)
      fail(`I8: ${before.misses} misses became ${misses}`);
    const done = step.taken?.(slots) ?? (state === step.to && step.from !== step.to);
    const now = card.board.flash.snapshot();
    const { flash } = card.board;
    const seen = `${flash.weakBits} ${keyOf(now)}`;
    if (this.judged.has(seen)) return;
    this.judged.add(seen);
    const cells = Buffer.from(now.cells);
    for (const [part, secret] of done ? before.secrets : []) this.gone(cells, part, secret, fail);
    flash.weakBits = OTHER[flash.weakBits];
    card.reboot();
    const again = card.status();
    if (again.state !== state) fail(`two boots, two states: ${state}, ${again.state}`);
    if (again.misses < misses && !step.clears) fail("I8: a boot took misses away");
    const key = this.keyOf(card);
    if (key && before.key && key !== before.key) fail("I6: another key");
  }
  /** Not 8 bytes of what is forgotten are left. */
  private gone(cells: Buffer, part: string, secret: Buffer, fail: (text: string) => never): void {
    const real = (piece: Buffer) => piece.some((b) => b !== 0) && piece.some((b) => b !== 255);
    for (let at = 0; at + 8 <= secret.length; at += 8) {
      const piece = secret.subarray(at, at + 8);
      if (real(piece) && cells.includes(piece)) fail(`I7: a piece of ${part} is left`);
    }
  }
}
