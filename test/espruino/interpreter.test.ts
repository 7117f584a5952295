/**
 * The bundle on the real Espruino interpreter (ESPRUINO_BIN), over a pseudo terminal: what an
 * emulation can't prove.
 */
import assert from "node:assert/strict";
import { failingRandom } from "../../host/emulator/entropy.js";
import { KERNEL_ABI } from "../../firmware/kernel/abi.js";
import { VAULT_SPAN } from "../../hw/images/storage-names.js";
import { CardError } from "../../host/sdk/card/words.js";
import { LAYOUTS, STATUS_WORDS as SW } from "../../host/sdk/wire/generated.js";
import { bankOf } from "../support/record.js";
import { backUp, Card, closeAll, missing } from "./cards.js";

const { Bank, Rec } = LAYOUTS;
const reason = missing();

/** The vault's two banks, from the flash file. */
function vaultBanks(card: Card): Uint8Array {
  return card.board.dump().slice(Bank.SIZE, VAULT_SPAN);
}
async function refused(word: number, action: Promise<unknown>): Promise<void> {
  await assert.rejects(action, (error) => error instanceof CardError && error.sw === word);
}

describe(`on the real interpreter${reason ? ` (skipped: ${reason})` : ""}`, function () {
  this.timeout(120_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("answers STATUS: a blank card", async () => {
    const card = await Card.make();
    const { state, noVault, rngFailed, kernelAbi } = await card.session.status();
    assert.deepEqual(
      { state, noVault, rngFailed, kernelAbi },
      { state: "BLANK", noVault: false, rngFailed: false, kernelAbi: KERNEL_ABI },
    );
  });

  it("answers after noise: all byte values, bad base64, half frames, endless lines", async () => {
    const card = await Card.make();
    await card.session.close();
    const duplex = await card.board.duplex();
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const lines = [
      "",
      "=",
      "==",
      "=  =",
      "==  ",
      "====",
      "A",
      "AQ==x",
      "!!!!",
      "\u00ff\u00fe",
      "A".repeat(3000),
    ];
    for (const line of lines) await duplex.write(Buffer.from(`${line}\n`, "latin1"));
    await duplex.write(all);
    await duplex.write(Buffer.from("B".repeat(700), "latin1"));
    await duplex.close();
    await card.connect();
    assert.equal(await card.state(), "BLANK");
    assert.doesNotMatch(card.board.console, /Uncaught|Interrupted|New interpreter error/);
  });

  it("backs up to two cards; all three sign with one key, also after a power cut", async () => {
    const cards = [await Card.certified(), await Card.certified(), await Card.certified()] as const;
    const [source, ...destinations] = cards;
    const { setId, publicKey } = await source.activate();
    await backUp(source, destinations, setId);
    assert.deepEqual(await Promise.all(cards.map((card) => card.state())), [
      "SHARED",
      "COPY",
      "COPY",
    ]);
    for (const card of cards) {
      await card.reboot();
      await card.unlock();
      await card.session.sign([], new Uint8Array(32).fill(7), publicKey);
    }
  });

  for (const radio of [20, 50])
    it(`backs up over a radio that takes ${radio} bytes at a time`, async () => {
      const cards = [await Card.certified({ radio }), await Card.certified({ radio })] as const;
      const { setId } = await cards[0].activate();
      await backUp(cards[0], [cards[1]], setId);
      assert.deepEqual(await Promise.all(cards.map((card) => card.state())), ["SHARED", "COPY"]);
      for (const { board } of cards) assert.doesNotMatch(board.console, /Uncaught|Interrupted/);
    });

  it("keeps its vault while other files come and go, over compaction and newer code", async () => {
    const card = await Card.certified();
    const { publicKey } = await card.activate();
    await card.powerOff();
    const said = card.board.run(`
      var S = require("Storage"), i;
      S.write("a", "x".repeat(3000)); S.write("b", "y".repeat(5000)); S.erase("a");
      S.write("c", "z".repeat(2000)); S.erase("b"); S.compact();
      S.write(".bootcde", S.read(".bootcde") + "\\n"); S.erase("c"); S.compact();
      print("FILES " + S.list().join());`);
    assert.match(said, /FILES .*kcvault.*\.bootcde/);
    await card.powerOn();
    assert.equal(await card.state(), "WALLET");
    await card.unlock();
    assert.deepEqual((await card.session.publicKey([])).publicKey, publicKey);
  });

  it("after eraseAll it is BLANK, says that the vault is gone; no old byte is left", async () => {
    const card = await Card.certified();
    await card.activate();
    await card.powerOff();
    assert.ok(!vaultBanks(card).every((byte) => byte === 255));
    assert.match(card.board.run('require("Storage").eraseAll(); print("DONE");'), /DONE/);
    assert.ok(card.board.dump().every((byte) => byte === 255));
    // Code comes back, but the vault's file has another name.
    card.board.flash("other");
    await card.powerOn();
    const status = await card.session.status();
    assert.deepEqual([status.state, status.noVault], ["BLANK", true]);
    await refused(SW.NO_VAULT.value, card.session.personalise());
    await card.powerOff();
    card.board.flash();
    await card.powerOn();
    const fresh = await card.session.status();
    assert.deepEqual([fresh.state, fresh.noVault], ["BLANK", false]);
  });

  it("a reset leaves no byte of the old key in the flash file", async () => {
    const card = await Card.certified();
    await card.activate();
    const first = card.board.dump();
    const record = bankOf(first);
    const wrapped = first.slice(record + Rec.WRAPPED, record + Rec.WRAPPED + Rec.WRAPPED_SIZE);
    await card.unlock();
    await card.session.reset();
    assert.equal(await card.state(), "EMPTY");
    const flash = Buffer.from(card.board.dump());
    for (let at = 0; at < 80; at += 8) {
      assert.equal(flash.indexOf(wrapped.subarray(at, at + 8)), -1, `byte ${at} is still there`);
    }
    await card.activate();
    assert.equal(await card.state(), "WALLET");
  });

  it("makes no key when its entropy fails", async () => {
    const card = await Card.make({ random: failingRandom(256) });
    assert.equal((await card.session.status()).rngFailed, false);
    await refused(SW.RANDOM.value, card.session.personalise());
    assert.equal((await card.session.status()).rngFailed, true);
  });
});
