/** The card's image on the chip: boots, speaks, keeps what it was told. */
import assert from "node:assert/strict";
import { encodeFrame } from "../../../host/sdk/links/line/line.js";
import { CLA, COMMANDS } from "../../../host/sdk/wire/generated.js";
import { ChipCard, CODE, closeAll, makeChip, missing, title } from "./support.js";

const reason = missing();
const STATUS = encodeFrame({ seq: 8, apdu: Uint8Array.of(CLA.PLAIN, COMMANDS[0].ins, 0, 0) });

describe(title("the card's image on a chip", reason), function () {
  this.timeout(180_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("answers STATUS", async () => {
    const card = await ChipCard.make();
    const status = await card.session.status();
    assert.deepEqual([status.state, status.rngFailed, status.noVault], ["BLANK", false, false]);
    assert.deepEqual(card.board.failures, []);
    const ICACHECNF = 0x4001e540;
    assert.equal(card.board.chip.bus.read(ICACHECNF, 4), 1, "the instruction cache is off");
  });
  it("is the same run each time for the same lines", () => {
    const ran = () => {
      const board = makeChip({ seed: "lines" });
      const said: number[] = [];
      board.onData((bytes) => said.push(...bytes));
      board.powerOn();
      board.advance(0.6);
      board.send(Buffer.concat([encodeFrame({ seq: 7, apdu: new Uint8Array(0) }), STATUS]));
      board.advance(0.3);
      return [Buffer.from(said).toString("latin1"), board.chip.cpu.instructions];
    };
    const first = ran();
    assert.match(first[0] as string, /\n[A-Za-z0-9+/=]{8}\n[A-Za-z0-9+/=]{20,}\n$/);
    assert.deepEqual(ran(), first);
  });
  it("is made, activated, signs, and is the same card after the power was gone", async () => {
    const card = await ChipCard.certified();
    await card.activate();
    const { publicKey } = await card.session.ledger();
    await card.session.sign([], new Uint8Array(32).fill(5), publicKey);
    await card.reboot();
    assert.equal((await card.session.status()).state, "WALLET");
    await card.unlock();
    const again = await card.session.ledger();
    assert.deepEqual(again.publicKey, publicKey);
    await card.session.sign([], new Uint8Array(32).fill(6), publicKey);
  });
  it("counts a wrong code over a cut in the middle of the commit's erase", async () => {
    const card = await ChipCard.certified();
    await card.activate();
    await card.reboot();
    await card.openChannel();
    const { flashUnit, scheduler } = card.board.chip;
    const before = flashUnit.writes;
    card.board.cut(1, "inside", { seed: 3 });
    await assert.rejects(card.session.enterCode(CODE));
    assert.equal(card.board.on, false);
    assert.match(card.board.lastEnd!.message, /power cut inside flash operation/);
    assert.ok(flashUnit.writes + flashUnit.erases > before, `at ${scheduler.now}`);
    await card.powerOn();
    const { state, misses } = await card.session.status();
    assert.equal(state, "WALLET");
    assert.ok(misses <= 1, `${misses} misses`);
    await card.unlock();
  });
  it("is cut at a microsecond, wherever that falls", async () => {
    const card = await ChipCard.certified();
    await card.openChannel();
    card.board.cutAfterMicroseconds(60_000);
    await assert.rejects(card.session.activate(CODE, { cost: 10 }));
    assert.equal(card.board.on, false);
    await card.powerOn();
    assert.ok(["EMPTY", "WALLET"].includes((await card.session.status()).state));
  });
  it("sleeps when there is nothing to do", async () => {
    const card = await ChipCard.make();
    const { cpu } = card.board.chip;
    card.board.advance(5);
    const before = cpu.instructions;
    card.board.advance(10);
    const rate = (cpu.instructions - before) / 10;
    assert.ok(rate < 50_000, `${rate} instructions a second`);
  });
  it("traps nowhere in a minute without anybody", () => {
    const board = makeChip();
    board.powerOn();
    board.advance(60);
    assert.deepEqual(board.failures, []);
    assert.equal(board.on, true);
  });
});
