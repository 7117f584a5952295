/**
 * kill -9 on the real interpreter: at chosen kernel calls (between two flash operations) and at
 * random moments. The card boots cleanly and holds either the old state or the new one.
 */
import assert from "node:assert/strict";
import { listenCard, listenControl } from "../../host/emulator/board/listen.js";
import { CardSession } from "../../host/sdk/card/session.js";
import { openLink } from "../../host/sdk/links/registry.js";
import "../../host/sdk/links/node.js";
import { SEED } from "../support/seed.js";
import { LineClient } from "../support/virtual-process.js";
import { Card, closeAll, CODE, COST, missing } from "./cards.js";

const reason = missing();

/** Activation, during which the power goes; nothing else may come of it than a lost answer. */
async function activateAndDie(card: Card): Promise<void> {
  const ended = card.board.ended();
  const lost = card.session.activate(CODE, { cost: COST }).catch(() => undefined);
  await ended;
  await card.powerOff();
  await lost;
}

/** What a command answers, or nothing when the power went; the board is on again then. */
async function unlessCut<T>(card: Card, command: Promise<T>): Promise<T | undefined> {
  const answer = await Promise.race([
    command.catch(() => undefined),
    card.board.ended().then(() => undefined),
  ]);
  if (!card.board.on) {
    await card.powerOff();
    await card.powerOn();
  }
  return answer;
}

describe(`a board of the real interpreter${reason ? ` (skipped: ${reason})` : ""}`, function () {
  this.timeout(60_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("is reached and steered over the network like any other", async () => {
    const { board, session } = await Card.certified();
    await session.close();
    const card = await listenCard(board, "tcp:127.0.0.1:0");
    const steering = await listenControl(board, "tcp:127.0.0.1:0");
    const power: boolean[] = [];
    board.onPower((on) => power.push(on));
    const lines = new LineClient(steering.uri);
    const stateThere = async () => {
      const link = await openLink(card.uri);
      const { state } = await new CardSession(link).status();
      await link.close();
      return state;
    };
    try {
      assert.equal(await stateThere(), "EMPTY");
      assert.equal(await lines.ask("off"), "ok");
      assert.equal(await lines.ask("status"), JSON.stringify({ power: "off", button: true }));
      assert.equal(await lines.ask("on"), "ok");
      assert.equal(await stateThere(), "EMPTY");
      assert.match((await lines.ask("cut 1")) ?? "", /^error: cut: only a board whose flash/);
      assert.deepEqual(power, [false, true]);
    } finally {
      lines.close();
      await card.close();
      await steering.close();
    }
  });
});

describe(`kill -9 on the real interpreter${reason ? ` (skipped: ${reason})` : ""}`, function () {
  this.timeout(180_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("at kernel calls all over an activation: EMPTY or WALLET, and whole", async function () {
    const card = await Card.certified();
    if (card.board.interpreter.native) this.skip();
    const seen: string[] = [];
    // SALT comes first, then what ACTIVATE asks of the kernel; each try goes on where it got to.
    for (let n = 12; n <= 120 && !seen.includes("WALLET"); n += 4) {
      await card.openChannel();
      card.board.cutAtCall(n);
      await activateAndDie(card);
      await card.powerOn();
      seen.push(await card.state());
    }
    assert.equal(seen[0], "EMPTY");
    assert.equal(seen.at(-1), "WALLET", `never got through: ${seen.join()}`);
    assert.ok(
      seen.slice(0, -1).every((state) => state === "EMPTY"),
      seen.join(),
    );
    await card.unlock();
    assert.equal((await card.session.publicKey([])).publicKey.length, 33);
  });

  it("at kernel calls of SEAL and ACCEPT: the copy is made all the same, once", async function () {
    const [source, copy] = [await Card.certified(), await Card.certified()];
    if (source.board.interpreter.native) this.skip();
    const { setId, publicKey } = await source.activate();
    const id = (await source.openChannel()).certificate.id;
    const ids = [(await copy.openChannel()).certificate.id];
    await copy.session.nameSource({ id, setId });
    const offer = await copy.session.offer();
    const transfers = new Set<string>();
    let transfer: Uint8Array | undefined;
    for (let n = 30; !transfer; n += 20) {
      await source.unlock();
      await source.session.nameDestinations({ setSize: 2, ids });
      source.board.cutAtCall(n);
      transfer = await unlessCut(source, source.session.seal(offer));
    }
    transfers.add(transfer.toString());
    let receipt: Uint8Array | undefined;
    for (let n = 25; !receipt; n += 20) {
      copy.board.cutAtCall(n);
      receipt = await unlessCut(copy, copy.session.accept(transfer));
    }
    for (const { board } of [source, copy]) assert.ok(board.powerOns > 1, "no cut happened");
    for (const card of [source, copy]) await card.reboot();
    transfers.add((await source.session.seal(offer)).toString());
    assert.equal(transfers.size, 1, "two TRANSFERs for one OFFER");
    assert.deepEqual(await copy.session.accept(transfer), receipt);
    await source.session.confirm(receipt);
    assert.deepEqual([await source.state(), await copy.state()], ["SHARED", "COPY"]);
    await copy.unlock();
    assert.deepEqual((await copy.session.publicKey([])).publicKey, publicKey);
  });

  it(`at random moments of code changes: the wallet stays whole (KINCARD_SEED=${SEED})`, async () => {
    const card = await Card.certified();
    const { publicKey } = await card.activate();
    let random = SEED;
    for (let i = 0; i < 6; i++) {
      random = (random * 1103515245 + 12345) % 2 ** 31;
      await card.unlock();
      const lost = card.session.changeCode(CODE, { cost: COST }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, random % 500));
      await card.board.powerOff();
      await card.powerOff();
      await lost;
      await card.powerOn();
      assert.equal(await card.state(), "WALLET");
      await card.unlock();
      assert.deepEqual((await card.session.publicKey([])).publicKey, publicKey);
    }
  });
});
