/**
 * I4 copies, I6 no loss: a relay in a process of its own, killed with SIGKILL before and after
 * every APDU of a backup. Whatever is left of it, the run file or nothing, the cards come to the
 * same end.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../../host/emulator/entropy.js";
import { listenCard, type Listening } from "../../host/emulator/board/listen.js";
import type { NorFlash } from "../../host/emulator/flash/nor.js";
import { fromRoot } from "../../firmware/build/paths.js";
import { equal, Recorder, toHex, type BackupResult } from "../../host/sdk/core.js";
import { runFile } from "../../host/sdk/relay/run/file.js";
import { CODE, MAKER, needsBundle, type TestCard } from "../host/support.js";
import { cardsFor, connected, run } from "../host/relay/cards.js";
import { compiled } from "../support/compiled.js";
import type { Orders } from "./child.js";
import { PART, someOf, times } from "../support/full.js";
import { SEED } from "../support/seed.js";

/** Ceremonies of three cards killed at random points: some in `npm test`, many in the sweep. */
const FULL = process.env.KINCARD_SWEEP === "full";
const CHILD = fromRoot("test/relay/child.ts");
const SAMPLES = FULL ? 100 : 1;

type NorState = ReturnType<NorFlash["snapshot"]>;

interface End {
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

class Rig {
  private constructor(
    readonly cards: TestCard[],
    private readonly listening: Listening[],
    private readonly fresh: NorState[],
    readonly folder: string,
    private readonly child: string,
  ) {}

  static async make(setSize: number, child: string): Promise<Rig> {
    const cards = await cardsFor(setSize, "kill");
    const listening: Listening[] = [];
    for (const { board } of cards) listening.push(await listenCard(board, "tcp:127.0.0.1:0"));
    const fresh = cards.map(({ board }) => board.flash.snapshot());
    const folder = await mkdtemp(join(tmpdir(), "kincard-kill-"));
    return new Rig(cards, listening, fresh, folder, child);
  }
  get file(): string {
    return join(this.folder, "run.json");
  }
  snapshot(): NorState[] {
    return this.cards.map(({ board }) => board.flash.snapshot());
  }
  /** All cards as they were, powered on anew. */
  restore(states = this.fresh): void {
    this.cards.forEach(({ board }, index) => {
      board.powerOff();
      board.flash.restore(states[index] as NorState);
      board.powerOn();
    });
  }
  /** What the cards' own STATUS says, as a key. */
  async states(): Promise<string> {
    const found = await connected(this.cards).survey();
    return found.map(({ status }) => [status.state, ...status.slots].join()).join("/");
  }
  /** The relay's process, to its end. */
  relay(kill?: Orders["kill"]): Promise<End> {
    const orders: Orders = {
      uris: this.listening.map(({ uri }) => uri),
      ...{ maker: toHex(MAKER), code: CODE, runFile: this.file },
      ...(kill ? { kill } : {}),
    };
    const env = { ...process.env, KINCARD_TEST_RELAY: JSON.stringify(orders) };
    const child = spawn(process.execPath, [this.child], { env });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (out += data.toString()));
    child.stderr.on("data", (data: Buffer) => (err += data.toString()));
    return new Promise((resolve) => {
      child.on("close", (_, signal) => resolve({ signal, out, err }));
    });
  }
  async end(): Promise<void> {
    for (const { close } of this.listening) await close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** One wallet, each copy in its own slot, nobody sealed to beside them. */
function isWhole(result: BackupResult, setSize: number, where: string): void {
  const { source, copies } = result;
  assert.ok(result.complete, `${where}: not complete`);
  assert.equal(source?.ledger.state, "SHARED");
  const slots = source.ledger.slots.slice(0, setSize - 1);
  assert.deepEqual(
    slots.map(({ id }) => toHex(id)).sort(),
    copies.map(({ id }) => toHex(id)).sort(),
  );
  assert.deepEqual(
    copies.map(({ ledger }) => ledger.copy).sort(),
    copies.map((_, index) => index + 2),
  );
  for (const { ledger } of copies) assert.ok(equal(ledger.publicKey, source.ledger.publicKey));
}

describe("a relay killed by SIGKILL", function () {
  this.timeout(PART ? 120_000 : 1_800_000);
  needsBundle(this);
  let child: string;
  let rig: Rig;
  before(async () => void (child = await compiled(CHILD)));

  describe("before and after every APDU of two cards", () => {
    let apdus = 0;
    const ends = new Set<string>();
    before(async () => (rig = await Rig.make(2, child)));
    after(() => rig?.end());
    beforeEach(() => rig.restore());

    it("ends by itself when nobody kills it, and clears its run file", async () => {
      const end = await rig.relay();
      assert.equal(end.err, "");
      const said = JSON.parse(end.out) as { apdus: number; complete: boolean };
      assert.ok(said.complete);
      assert.ok(!existsSync(rig.file));
      apdus = said.apdus;
    });

    // After one is nearly before the next: a part takes fewer of these.
    const most = { before: 1, after: 1 };
    for (const when of ["before", "after"] as const) {
      it(`goes on where it stopped: ${when} each${PART}`, async () => {
        assert.ok(apdus > 10);
        // the first and the last are always among them: their states differ
        const drawn = someOf(`killed ${when}`, apdus, most[when]);
        const all = new Set(when === "before" ? [0, ...drawn, apdus - 1] : drawn);
        for (const at of [...all].sort((a, b) => b - a)) {
          const apdu = at + 1;
          rig.restore();
          await rm(rig.file, { force: true });
          const end = await rig.relay({ when, apdu });
          assert.equal(end.signal, "SIGKILL", `APDU ${apdu}: ${end.out}${end.err}`);
          const left = rig.snapshot();
          const state = await rig.states();
          await resumes(rig, `killed ${when} APDU ${apdu}`);
          // Without the file only the cards' states count: each different one once.
          if (ends.has(state)) continue;
          ends.add(state);
          rig.restore(left);
          await resumesWithoutFile(rig, `killed ${when} APDU ${apdu}`);
        }
        assert.ok(ends.size >= (PART ? 2 : 5), "the ceremony's states: " + [...ends].join(" "));
      });
    }
  });

  describe("again and again, three cards", () => {
    before(async () => (rig = await Rig.make(3, child)));
    after(() => rig?.end());
    beforeEach(() => rig.restore());

    it(`and its run file lost, at random points of ${SAMPLES} ceremonies`, async () => {
      const first = await rig.relay();
      const { apdus } = JSON.parse(first.out) as { apdus: number };
      const random = seededRandom(`${SEED}`);
      const roll = (sides: number) => (random.next32() >>> 0) % sides;
      let resent = 0;
      for (let sample = 0; sample < SAMPLES; sample++) {
        rig.restore();
        await rm(rig.file, { force: true });
        let where = `ceremony ${sample}, KINCARD_SEED=${SEED}:`;
        for (let lives = 1 + roll(3); lives > 0; lives--) {
          const kill = { when: roll(2) ? "after" : "before", apdu: 1 + roll(apdus) } as const;
          const { signal, err } = await rig.relay(kill);
          if (signal === null) assert.equal(err, "", where);
          const lost = roll(2) === 1;
          if (lost) await rm(rig.file, { force: true });
          where += ` killed ${kill.when} APDU ${kill.apdu}${lost ? " and its file lost" : ""};`;
        }
        const recorder = new Recorder();
        await resumes(rig, where, [recorder]);
        if (recorder.apdus.some(({ name }) => name === "RESEND")) resent++;
      }
      console.log(`        ${resent} of ${SAMPLES} needed RESEND at the end, KINCARD_SEED=${SEED}`);
    });
    it(`comes to an end when its lives grow by ${times(1, 5)} APDUs each`, async () => {
      const { apdus } = JSON.parse((await rig.relay()).out) as { apdus: number };
      rig.restore();
      for (let apdu = 10; apdu <= apdus; apdu += times(1, 5)) {
        const end = await rig.relay({ when: apdu % 2 ? "after" : "before", apdu });
        const where = `a life of ${apdu} APDUs`;
        if (end.signal === null) {
          assert.equal(end.err, "", where);
          isWhole(await run(rig.cards), 3, where);
          return;
        }
        assert.equal(end.signal, "SIGKILL", where + end.err);
      }
      // What the earlier lives did the later ones need not do again.
      assert.fail(`no end though a life of ${apdus} APDUs does it all at once`);
    });
  });
});

async function resumes(rig: Rig, where: string, observers: Recorder[] = []): Promise<void> {
  const options = { store: runFile(rig.file) };
  const result = await run(rig.cards, options, observers).catch((error: Error) => {
    throw new Error(`${where}: ${error.message}`);
  });
  isWhole(result, rig.cards.length, where);
  assert.ok(
    result.copies.every(({ confirmed }) => confirmed),
    `${where}: a receipt is lost`,
  );
}

/** The cards alone suffice: what a copy took, its source says once more. */
async function resumesWithoutFile(rig: Rig, where: string): Promise<void> {
  await rm(rig.file, { force: true });
  await resumes(rig, `${where}, its run file lost`);
}
