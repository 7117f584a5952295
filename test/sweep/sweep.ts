/**
 * The power-cut sweep (I4, I6, I7, I8, I10): every step of the ceremony is cut before, inside and
 * after every flash operation that it makes, the card is booted (twice: a weak bit may fall either
 * way), the oracle looks at it, and the relay goes on as it would.
 *
 * The oracle knows two worlds: the step was not done, or it was done whole.
 */
import assert from "node:assert/strict";
import type { CutMode } from "../../host/emulator/flash/nor.js";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import type { Snapshot, TestCard } from "../support/world.js";
import { TestCard as Card } from "../support/world.js";
import { STEPS, type Step, type World } from "./ceremony.js";

const { Bank, Cert, Msg, Rec, SlotAt } = LAYOUTS;

export interface Cut {
  readonly step: Step;
  readonly operation: number;
  readonly mode: CutMode;
  readonly seed: number;
}
export interface SweepOptions {
  /** Seeds for torn operations: so many ways each operation is torn. */
  readonly tears: number;
  /** Every how-manieth cut is taken, from which one on. */
  readonly every: number;
  readonly from?: number;
  /** A second cut, during the boot that follows the first. */
  readonly depth?: 1 | 2;
}

interface Frozen {
  readonly S: Snapshot;
  readonly D: Snapshot;
  readonly rest: Pick<World, "offer" | "transfer" | "receipt" | "key" | "misses">;
}
function freeze({ S, D, offer, transfer, receipt, key, misses }: World): Frozen {
  const rest = { offer, transfer, receipt, key, misses };
  return { S: S.snapshot(), D: D.snapshot(), rest };
}
function thaw(world: World, frozen: Frozen): void {
  world.S.restore(frozen.S);
  world.D.restore(frozen.D);
  Object.assign(world, frozen.rest);
}

/** Where the secrets of the records lie; the bank that is not blank first. */
function records(card: TestCard): Buffer[] {
  const flash = Buffer.from(card.board.dump());
  return [Bank.SIZE, 2 * Bank.SIZE].map((at) => flash.subarray(at, at + Bank.SIZE));
}
const secretsOf = (bank: Buffer) => ({
  wrapped: Buffer.from(bank.subarray(Rec.WRAPPED, Rec.WRAPPED + Rec.WRAPPED_SIZE)),
  klink: Buffer.from(bank.subarray(Rec.KLINK, Rec.KLINK + Rec.KLINK_SIZE)),
  kreceipt: Buffer.from(bank.subarray(Rec.KRECEIPTS, Rec.KRECEIPTS + Rec.KRECEIPTS_SIZE / 2)),
  transfer: Buffer.from(
    bank.subarray(
      Rec.SLOTS + SlotAt.TRANSFER + Msg.ENC,
      Rec.SLOTS + SlotAt.TRANSFER + SlotAt.TRANSFER_SIZE,
    ),
  ),
});
type Part = keyof ReturnType<typeof secretsOf>;
/** What each arrival forgets, by the state that is left. */
const FORGETS: Partial<Record<string, readonly Part[]>> = {
  "OFFERED>EMPTY": ["klink"],
  "OFFERED>COPY": ["klink"],
  "SHARING>SHARED": ["kreceipt", "transfer"],
  "SHARED>EMPTY": ["wrapped"],
};

const real = (bytes: Buffer) => bytes.some((b) => b !== 0) && bytes.some((b) => b !== 255);

export class Sweep {
  cuts = 0;
  readonly world: World;

  constructor(
    readonly options: SweepOptions,
    world: World,
  ) {
    this.world = world;
  }

  /**
   * Runs the whole ceremony, cutting on the way. Throws with the cut's name when a rule is broken.
   */
  run(onStep: (step: Step, cuts: number) => void = () => undefined): void {
    let number = this.options.from ?? 0;
    for (const step of STEPS) {
      const start = freeze(this.world);
      const operations = this.countOperations(step);
      const before = this.cuts;
      for (let operation = 1; operation <= operations; operation++) {
        for (const mode of ["before", "inside", "after"] as const) {
          for (let seed = 0; seed < (mode === "inside" ? this.options.tears : 1); seed++) {
            if (number++ % this.options.every) continue;
            this.cuts++;
            const cut = { step, operation, mode, seed };
            try {
              thaw(this.world, start);
              this.one(cut);
            } catch (error) {
              const where = `${step.name}, cut ${mode} flash operation ${operation}, seed ${seed}`;
              throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
            }
          }
        }
      }
      onStep(step, this.cuts - before);
      thaw(this.world, start);
      this.perform(step);
    }
  }

  private card(step: Step): TestCard {
    return this.world[step.card];
  }
  private perform(step: Step): void {
    const { world } = this;
    step.before?.(world);
    this.runAndRest(step);
    this.settle(step);
  }
  /** The command, and what the card does when nothing comes for a while: it erases a bank. */
  private runAndRest(step: Step): void {
    step.run(this.world);
    this.card(step).rest();
  }
  /** What the whole step leaves known: the key, the set id, the misses. */
  private settle(step: Step): void {
    const { world } = this;
    const card = this.card(step);
    card.live.sync();
    assert.equal(card.state, step.to);
    if (step.to === "WALLET" && step.from === "EMPTY") {
      world.misses = 0;
      world.key = card.publicKey();
    }
    if (step.to === "EMPTY" && step.card === "S") world.key = undefined;
    if (step.name.includes("wrong code")) world.misses = card.status().misses;
    if (step.name.includes("right code")) world.misses = 0;
  }
  private countOperations(step: Step): number {
    const { world } = this;
    step.before?.(world);
    const { flash } = this.card(step).board;
    const start = flash.operations;
    this.runAndRest(step);
    return flash.operations - start;
  }

  private one(cut: Cut): void {
    const { step, operation, mode, seed } = cut;
    const { world } = this;
    const card = this.card(step);
    step.before?.(world);
    const key = world.key;
    const secrets = records(card).map(secretsOf);
    const misses = card.status().misses;
    const came = card.cutDuring(operation, mode, { seed: `${operation}/${seed}` }, () =>
      this.runAndRest(step),
    );
    assert.ok(came, "the cut did not come");
    world.key = key;
    if (this.options.depth === 2) this.cutBoot(card, seed);
    card.boot();
    const first = card.status();
    card.reboot();
    const status = card.status();
    assert.equal(status.state, first.state, "two boots, two states");
    assert.ok([step.from, step.to].includes(status.state), `neither world: ${status.state}`);

    // I8: nothing but the right code takes misses away.
    const cleared = step.name.includes("right code") || step.from !== step.to;
    if (!cleared) assert.ok(first.misses >= misses, `I8: ${misses} misses became ${first.misses}`);
    assert.ok(cleared || status.misses >= first.misses, "I8: a reboot took misses away");

    const done = step.from === step.to ? (step.taken?.(world) ?? false) : status.state === step.to;
    if (done && step.from !== step.to) this.noResidue(`${step.from}>${step.to}`, card, secrets);
    this.oneRecord(card);
    this.keepsKey(step, card, done);
    this.copies();

    // The relay goes on: the old world runs the step again, the new one asks what it missed.
    card.wait();
    if (!done) {
      step.before?.(world);
      step.run(world);
    } else step.again?.(world);
    assert.equal(card.state, step.to, "going on");
  }

  /** Cuts the boot after the cut as well, at whatever flash operation it makes. */
  private cutBoot(card: TestCard, seed: number): void {
    card.board.cut(1 + (seed % 4), "inside", { seed: `boot ${seed}` });
    card.board.powerOn();
    card.board.powerOff();
  }

  /** I6: who held the key holds it still, unless its own reset was done. */
  private keepsKey(step: Step, card: TestCard, done: boolean): void {
    const holds = ["WALLET", "SHARING", "SHARED", "COPY"].includes(card.state);
    if (!holds) return;
    card.wait();
    const key = card.publicKey();
    const fresh = done && step.from === "EMPTY";
    if (this.world.key && !fresh) assert.deepEqual(key, this.world.key, "I6: another key");
  }
  /** I4: S never sealed to more than one Kcard, nor to another. */
  private copies(): void {
    const { S, D } = this.world;
    const kcards = new Set<string>();
    for (const bank of records(S)) {
      for (const slot of [0, 1]) {
        const at = Rec.SLOTS + slot * SlotAt.SIZE;
        if (bank[at] && bank[at] !== 255) {
          kcards.add(
            bank.subarray(at + SlotAt.KCARD, at + SlotAt.KCARD + SlotAt.KCARD_SIZE).toString("hex"),
          );
        }
      }
    }
    assert.ok(kcards.size <= 1, "I4: sealed to more cards than the set has places");
    for (const kcard of kcards) {
      assert.equal(
        kcard,
        Buffer.from(D.certificate.subarray(Cert.KCARD, Cert.SIGNATURE)).toString("hex"),
        "I4",
      );
    }
  }
  /** At rest exactly one bank holds a record and the other is blank, not one bit of it. */
  private oneRecord(card: TestCard): void {
    const used = records(card).filter((bank) => bank.some((value) => value !== 255));
    assert.ok(used.length <= 1, "both banks are in use after a boot");
  }
  /** I7, I10: what the transition forgets is in no bank any more, not even 8 bytes of it. */
  private noResidue(change: string, card: TestCard, before: ReturnType<typeof secretsOf>[]): void {
    const flash = Buffer.from(card.board.dump());
    for (const part of FORGETS[change] ?? []) {
      for (const secret of before.map((secrets) => secrets[part]).filter(real)) {
        for (let at = 0; at + 8 <= secret.length; at += 8) {
          const piece = secret.subarray(at, at + 8);
          assert.ok(!real(piece) || !flash.includes(piece), `I7: a piece of ${part} is left`);
        }
      }
    }
  }
}

/**
 * Two blank cards; the stand-in kernel, since what is swept is the vault and not the arithmetic.
 */
export function blankCards(seed: string, options: object = {}): { S: TestCard; D: TestCard } {
  const S = new Card(`${seed} S`, { standIn: true, keepRam: false, ...options });
  const D = new Card(`${seed} D`, { standIn: true, keepRam: false, ...options });
  return { S, D };
}
