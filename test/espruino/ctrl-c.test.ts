/**
 * Ctrl-C without end on the real interpreter's console while a card with a wallet boots: it must
 * never end at a prompt, and the card must answer. The console is another device than the card's
 * link, as Bluetooth is on a board.
 */
import assert from "node:assert/strict";
import { deadline } from "../../host/sdk/links/clock.js";
import { pause } from "../../host/sdk/links/time/waits.js";
import { Card, closeAll, missing } from "./cards.js";

const reason = missing();
/** Each boot has its own moments, since the machine's time is the board's. */
const BOOTS = 50;
const SUM = "1234567+1\n";
const PRINTED = /1234568/;

describe(`a flood of Ctrl-C at boot${reason ? ` (skipped: ${reason})` : ""}`, function () {
  this.timeout(600_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it(`never opens the prompt of a card with a wallet, in ${BOOTS} boots`, async () => {
    const card = await Card.certified();
    await card.activate();
    const bad: string[] = [];
    let typed = 0;
    for (let boot = 0; boot < BOOTS; boot++) {
      await card.powerOff();
      await card.board.powerOn();
      const flood = setInterval(() => {
        card.board.type(Uint8Array.of(3));
        typed++;
      }, boot % 4);
      try {
        await card.connect();
        if ((await card.state()) !== "WALLET") bad.push(`boot ${boot}: no wallet`);
      } catch (error) {
        bad.push(`boot ${boot}: ${(error as Error).message}`);
      } finally {
        clearInterval(flood);
      }
      const before = card.board.console.length;
      card.board.type(SUM);
      // It answers what came later on another device: by then a prompt would have printed.
      await card.state().catch(() => undefined);
      if (PRINTED.test(card.board.console.slice(before))) bad.push(`boot ${boot}: a prompt`);
    }
    assert.deepEqual(bad, []);
    assert.ok(typed > BOOTS, `${typed} typed`);
  });
  it("is seen by this test where a prompt is open: on a blank card, its button held", async () => {
    const card = await Card.make();
    await card.session.close();
    const { board } = card;
    await board.powerOff();
    board.press();
    await board.powerOn();
    const cable = await board.duplex();
    let said = "";
    cable.onData((bytes) => (said += Buffer.from(bytes).toString("latin1")));
    const over = deadline(20_000);
    while (!PRINTED.test(said + board.console) && !over()) {
      await cable.write(Buffer.from(SUM));
      await pause(50);
    }
    await cable.close();
    assert.match(said + board.console, PRINTED);
  });
});
