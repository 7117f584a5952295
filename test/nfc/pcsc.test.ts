/** Boards on PC/SC readers: pcsc: links that drive a storage card's pages. */
import assert from "node:assert/strict";
import { CardSession, LinkError, type Present, type Transport } from "../../host/sdk/core.js";
import { openPcsc, type PcscOptions } from "../../host/sdk/links/pcsc/pcsc.js";
import { run, roleName } from "../host/relay/cards.js";
import { needsBundle } from "../host/support.js";
import { cardOf, cardsOff } from "./cards.js";
import { PcscReader } from "./smartcard.js";
import { PART, some } from "../support/full.js";

const STATUS = Uint8Array.of(0x80, 0x10, 0, 0);
/** The reader that holds a card has the time; an empty one has its own. */
function open(at: PcscReader, options: PcscOptions = {}): Promise<Transport> {
  const clock = {
    now: () => at.reader?.clock.now() ?? 0,
    sleep: async (ms: number) => at.reader?.clock.sleep(ms),
  };
  return openPcsc("contactless", { clock, connectMs: 3000, ...options, load: at.load });
}
const fails = (failure: LinkError["failure"], text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LinkError, String(error));
  assert.equal(error.failure, failure);
  assert.match(error.message, text);
  return true;
};

describe("nfc: PC/SC readers", function () {
  needsBundle(this);

  const sets = [
    [2, "S D1 S D1 S"],
    [3, "S D1 D2 S D1 D2 S"],
  ] as const;
  for (const [size, order] of some("sets", sets, 1))
    it(`a backup of ${size} cards, held to one reader in turn${PART}`, async () => {
      const cards = await cardsOff(size, `pcsc ${size}`);
      const at = new PcscReader({ overheadMs: 10 });
      const taps: string[] = [];
      let link: Transport | undefined;
      const present: Present = async ({ role }) => {
        await link?.close();
        at.hold(cardOf(cards, role).board);
        taps.push(roleName(role));
        return (link = await open(at));
      };
      const result = await run(cards, { present });
      assert.equal(result.complete, true);
      assert.equal(taps.join(" "), order);
    });
  it("goes on with a card that was taken away and is back", async () => {
    const [card] = await cardsOff(2, "pcsc away");
    const at = new PcscReader();
    at.hold(card!.board);
    const link = await open(at);
    assert.equal((await link.transmit(STATUS)).length, 18);
    const { reader } = at;
    reader!.field(false);
    let looks = 0;
    const exchange = reader!.clock.sleep;
    Object.assign(reader!.clock, {
      sleep: async (ms: number) => {
        if (++looks === 5) reader!.field(true);
        await exchange(ms);
      },
    });
    assert.equal((await link.transmit(STATUS)).length, 18);
    assert.ok(at.done.filter((what) => what === "connect").length >= 2, at.done.join());
  });
  const quirks = [
    ["says 6300 after writes that were done", { deniesWrites: true }],
    ["reads one page in place of four", { readsSingly: true }],
    ["does both", { deniesWrites: true, readsSingly: true }],
  ] as const;
  for (const [what, quirk] of some("quirks", quirks, 1))
    it(`backs up on a reader that ${what}${PART}`, async () => {
      const cards = await cardsOff(2, `pcsc ${what}`);
      const at = Object.assign(new PcscReader(), quirk);
      let link: Transport | undefined;
      const present: Present = async ({ role }) => {
        await link?.close();
        at.hold(cardOf(cards, role).board);
        return (link = await open(at));
      };
      assert.equal((await run(cards, { present })).complete, true);
      assert.ok(at.failed > 0 || !("deniesWrites" in quirk), "the reader denied nothing");
    });
  it("tells what the reader said when nothing goes through", async () => {
    const [card] = await cardsOff(2, "pcsc reason");
    const at = new PcscReader();
    at.hold(card!.board);
    const link = await open(at, { timeoutMs: 500 });
    at.reader!.exchange = () => {
      at.reader!.advance(5);
      return 0;
    };
    await assert.rejects(link.transmit(STATUS), fails("timeout", /\(the reader says 6300\)/));
  });
  it("resets the card and closes the context at the end, once", async () => {
    const [card] = await cardsOff(2, "pcsc close");
    const at = new PcscReader();
    at.hold(card!.board);
    const link = await open(at);
    await new CardSession(link).greet();
    await link.close();
    await link.close();
    assert.deepEqual(at.done, ["connect", "disconnect", "close"]);
    await assert.rejects(link.transmit(STATUS), fails("closed", /the link was closed/));
  });
  it("knows a storage card without an ATR by its capability container", async () => {
    const [card] = await cardsOff(2, "pcsc no atr");
    const at = new PcscReader();
    at.atr = null;
    at.hold(card!.board);
    const link = await open(at);
    assert.equal((await link.transmit(STATUS)).length, 18);
  });
  it("says that a foreign tag is none of Kincard's, and closes", async () => {
    const [card] = await cardsOff(2, "pcsc foreign");
    const classic = new PcscReader();
    classic.atr = "3b8f8001804f0ca000000306030001000000006a";
    classic.hold(card!.board);
    await assert.rejects(open(classic), fails("open", /MIFARE Classic, not a Kincard card/));
    assert.equal(classic.done.at(-1), "close");
    const other = new PcscReader();
    other.hold(card!.board);
    const { exchange } = other.reader!;
    // Another maker's tag: pages like any NDEF tag's, and nothing beyond the sixteenth.
    other.reader!.exchange = (frame) => (frame[1]! < 16 ? exchange.call(other.reader!, frame) : 0);
    await assert.rejects(open(other), fails("open", /not a Kincard card/));
    assert.equal(other.done.at(-1), "close");
  });
  it("ends when the driver does not answer, and closes without calling into it", async () => {
    const [card] = await cardsOff(2, "pcsc hangs");
    const at = new PcscReader();
    at.hold(card!.board);
    const link = await open(at, { timeoutMs: 50 });
    at.hangs = true;
    await assert.rejects(link.transmit(STATUS), fails("closed", /driver does not answer/));
    await link.close();
    assert.deepEqual(at.done, ["connect"]);
  });
});
