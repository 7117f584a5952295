/**
 * Strangers who ask the card to pair, on a chip: what Espruino's peer manager makes of it and what
 * ends up in its two pages of flash (fds.c: a tag of two words a page, then records whose key is 0
 * once they are deleted).
 */
import assert from "node:assert/strict";
import type { Central } from "../../../host/emulator/air/air.js";
import { ChipBoard } from "../../../host/emulator/board/chip.js";
import { MS } from "../../../host/emulator/chip/soc/base/time.js";
import type { Peer } from "../../../host/emulator/chip/softdevice/port.js";
import { CardSession } from "../../../host/sdk/card/session.js";
import { LineTransport } from "../../../host/sdk/links/line/transport.js";
import { duplexOf } from "../../ble/support.js";
import { closeAll, CODE, COST, makeChip, maker, missing, title } from "./support.js";

const reason = missing();
const full = process.env.KINCARD_SWEEP === "full";
const PAGES = [0x76000, 0x77000] as const;
const PAGE = 4096;
const HEAD = 12;
const EMPTY = 0xffff;
const PHONE: Peer = { bond: true, mitm: true, io: 4 };
/** Neither keys nor a display: nothing to compare, nothing to enter. */
const DUMB: Peer = { bond: true, mitm: false, io: 3 };

/** Records that are not deleted, in words with their heads. */
function bonds({ flash }: ChipBoard): number {
  let words = 0;
  for (const page of PAGES) {
    const view = new DataView(flash.bytes.buffer, flash.bytes.byteOffset + page, PAGE);
    for (let at = 8; at + HEAD < PAGE && view.getUint32(at, true) !== 0xffffffff;) {
      const length = HEAD / 4 + view.getUint16(at + 2, true);
      const key = view.getUint16(at, true);
      if (key !== 0 && key !== EMPTY) words += length;
      at += 4 * length;
    }
  }
  return words;
}
const address = (i: number) => `c1:22:33:44:55:${i.toString(16).padStart(2, "0")} random`;

/** A card that only the air reaches, and strangers, each with an address of his own. */
class Place {
  readonly board: ChipBoard;
  #count = 0;
  /** `startMs`: from a flash call to its operation's begin, as when the radio is busy. */
  constructor(
    seed: string,
    private readonly startMs?: number,
  ) {
    this.board = makeChip({ seed, cable: false });
    this.on();
  }
  on(): void {
    this.board.powerOn();
    const { startMs } = this;
    if (startMs) this.board.chip.softdevice!.flashQueue.start = startMs * MS;
    this.board.advance(1);
  }
  /** What became of who asked last; a card whose flash was busy under its commit starts again. */
  get outcome(): string | undefined {
    const { softdevice } = this.board.chip;
    return softdevice ? softdevice.ble.link.pairing.outcome : "starting again";
  }
  stranger(): Central {
    const central = this.board.air.connect(53, address(this.#count++));
    this.board.advance(0.2);
    return central;
  }
  ask(peer: Peer): void {
    this.board.chip.softdevice!.ble.link.pairing.request(peer);
  }
  /** Asks after so many milliseconds, whatever the card is at then. */
  askLater(peer: Peer, ms: number): void {
    this.board.chip.scheduler.after(ms * MS, () => this.ask(peer));
  }
  async session(central: Central): Promise<CardSession> {
    const duplex = { ...duplexOf(central, { mtu: 53 }), clock: this.board.drive.clock };
    return new CardSession(await LineTransport.connect(duplex, { name: "air", timeoutMs: 3000 }));
  }
  async certified(): Promise<this> {
    const session = await this.session(this.stranger());
    await session.certify(maker.certify(await session.personalise()).bytes);
    await session.close();
    this.board.advance(1);
    return this;
  }
}

describe(title("a stranger who asks to pair, on a chip", reason), function () {
  this.timeout(full ? 1_800_000 : 300_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  for (const [who, peer] of Object.entries({ "a phone": PHONE, "one without keys": DUMB })) {
    it(`${who} is sent away, and nothing is written`, () => {
      const here = new Place(who);
      const { words } = here.board.chip.flashUnit;
      const central = here.stranger();
      here.ask(peer);
      here.board.advance(1);
      assert.deepEqual([central.connected, here.outcome], [false, undefined]);
      assert.equal(here.board.chip.flashUnit.words, words);
      assert.ok(here.board.air.advertisement, "the next one is welcome");
      assert.deepEqual(here.board.failures, []);
    });
  }
  it("who asks while the card computes may be bonded with, and is forgotten at once", async () => {
    const here = await new Place("busy").certified();
    const { flashUnit } = here.board.chip;
    let won = 0;
    // Somewhere in there an OPEN's two packets are in, and it computes.
    for (let ms = 10; ms < 130; ms += 4) {
      const { words, erases } = flashUnit;
      const central = here.stranger();
      const session = await here.session(central);
      here.askLater(DUMB, ms);
      await session.openChannel({ maker: maker.publicKey }).catch(() => undefined);
      const { outcome } = here;
      here.board.advance(1);
      if (outcome === "bonded") won++;
      assert.equal(central.connected, false, `asked after ${ms} ms`);
      assert.equal(bonds(here.board), 0, `asked after ${ms} ms: a bond stays`);
      // 27 of a bond, 3 that delete it and its rank; the first writes the rank as well.
      assert.ok(flashUnit.words - words <= 40, `${flashUnit.words - words} words`);
      assert.equal(flashUnit.erases, erases);
    }
    assert.ok(won > 0, "none won the race: nothing was tested");
    assert.deepEqual(here.board.failures, []);
  });
  const commitWith = async (startMs: number) => {
    const here = await new Place("commit", startMs).certified();
    const { flash } = here.board;
    here.board.powerOff();
    const certified = flash.snapshot();
    const seen = new Set<string>();
    for (let ms = 20; ms < 500; ms += full ? 10 : 25) {
      flash.restore(certified);
      here.on();
      const session = await here.session(here.stranger());
      await session.openChannel({ maker: maker.publicKey });
      here.askLater(DUMB, ms);
      const sent = session.activate(CODE, { cost: COST });
      const done = await sent.then(() => true).catch(() => false);
      const { outcome } = here;
      // At once after the answer: what it says must be in flash.
      here.board.powerOff();
      here.on();
      const again = await here.session(here.stranger());
      const { state } = await again.status();
      assert.ok(["EMPTY", "WALLET"].includes(state), `${state} after ${ms} ms`);
      if (done) assert.equal(state, "WALLET", `an answer after ${ms} ms whose commit was lost`);
      if (state === "WALLET") {
        await again.openChannel({ maker: maker.publicKey });
        await again.enterCode(CODE);
        await again.ledger();
      }
      seen.add(`${state} ${outcome ?? "sent away"}`);
      await again.close();
      here.board.powerOff();
    }
    assert.ok(seen.has("WALLET bonded"), [...seen].join(", "));
    assert.deepEqual(here.board.failures, []);
  };
  // The bond's operations and the commit's meet: BUSY, and Espruino takes any operation's end for
  // that of its own.
  for (const ms of [0.1, 15]) {
    const what = `costs nothing that was committed, flash beginning after ${ms} ms`;
    it(`who asks in the middle of a commit ${what}`, () => commitWith(ms));
  }
  it("sixty of them fill the page that keeps bonds, and the card lives", async function () {
    if (!full) this.skip();
    const here = await new Place("sixty").certified();
    for (let i = 0; i < 60; i++) {
      const session = await here.session(here.stranger());
      here.askLater(DUMB, 26 + ((7 * i) % 40));
      await session.openChannel({ maker: maker.publicKey }).catch(() => undefined);
      here.board.advance(1);
      here.board.air.central?.disconnect();
      here.board.advance(1);
    }
    assert.equal((await (await here.session(here.stranger())).status()).state, "EMPTY");
  });
});
