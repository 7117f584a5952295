/** One link to one card at a time, over the air and by wire; and how each ends. */

import assert from "node:assert/strict";
import type { Central } from "../../host/emulator/air/air.js";
import { CardSession, LinkError, toHex } from "../../host/sdk/core.js";
import { encodeFrame, decodeFrame, LineSplitter } from "../../host/sdk/links/line.js";
import { GATT, GATT_BYTES, SIZES } from "../../host/sdk/wire/generated.js";
import { linkTo, MAKER, needsBundle, TestCard } from "../host/support.js";
import { airTo, airAround, restart } from "./support.js";

const STATUS = Uint8Array.of(0x80, 0x10, 0, 0);
const CERTIFICATE = Uint8Array.of(0x80, 0x16, 0, 0);
const frame = (seq: number, apdu = new Uint8Array(0)) => encodeFrame({ seq, apdu });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const turns = async (count = 60) => {
  for (let i = 0; i < count; i++) await turn();
};

/** A central by hand: what it heard, by lines. */
class Host {
  readonly central: Central;
  readonly lines: string[] = [];
  readonly sizes: number[];
  private readonly splitter = new LineSplitter();

  constructor(card: TestCard, mtu?: number) {
    this.central = airAround(card.board).connect(mtu);
    this.sizes = this.central.sizes;
    this.central.subscribe(GATT.FROM_CARD);
    this.central.onValue((_, value) => this.lines.push(...this.splitter.push(value)));
  }
  say(bytes: Uint8Array, size = this.central.mtu - 3): void {
    for (let at = 0; at < bytes.length; at += size)
      this.central.write(GATT.TO_CARD, bytes.slice(at, at + size));
  }
  /** Sequence numbers of the good frames that came. */
  get answered(): number[] {
    return this.lines.flatMap((line) => decodeFrame(line)?.seq ?? []);
  }
}

async function unlocked(session: CardSession): Promise<void> {
  const card = { session } as TestCard;
  await TestCard.prototype.unlock.call(card);
}
const heard = (card: TestCard) => linkTo(card.board, "the wire", [], 600);

describe("the link over the air", function () {
  this.timeout(30_000);
  needsBundle(this);
  let card: TestCard;
  before(async () => {
    card = await TestCard.wallet("link");
  });
  beforeEach(() => restart(card));

  it("takes one central; the next one when that is gone", async () => {
    const first = await airTo(card.board);
    assert.throws(() => airAround(card.board).connect(), /does not advertise/);
    await new CardSession(first).status();
    await first.close();
    await (await airTo(card.board)).close();
  });

  it("a disconnect ends the channel: the wire is heard at once", async () => {
    const link = await airTo(card.board);
    await unlocked(new CardSession(link));
    await assert.rejects(heard(card), LinkError);
    await link.close();
    await (await heard(card)).close();
  });

  it("going out of range ends it too", async () => {
    await unlocked(new CardSession(await airTo(card.board)));
    airAround(card.board).central?.vanish();
    await (await heard(card)).close();
  });

  it("is not heard while the wire has a channel, and is heard after", async () => {
    const session = new CardSession(await linkTo(card.board, "the wire"));
    await unlocked(session);
    const refused = airTo(card.board, {}, { connectMs: 600 });
    await assert.rejects(refused, /nothing that speaks Kincard's lines/);
    // The channel on the wire took no harm.
    await session.publicKey([]);
    card.board.advance(61);
    await session.status();
    await (await airTo(card.board)).close();
  });

  it("a disconnect ends a chain: the next central's command is its own", async () => {
    const zeros = (count: number) => new Array<number>(count).fill(0);
    const answer = (host: Host) => toHex(decodeFrame(host.lines.at(-1) ?? "")!.apdu);
    const first = new Host(card);
    first.say(frame(1, Uint8Array.of(0x90, 0x36, 0, 0, 200, ...zeros(200))));
    await turns();
    assert.equal(answer(first), "9000");
    first.central.disconnect();
    const second = new Host(card);
    // With the first part it would have an OFFER's length, and be refused for its content.
    const rest = SIZES.OFFER - 200;
    second.say(frame(2, Uint8Array.of(0x80, 0x36, 0, 0, rest, ...zeros(rest))));
    await turns();
    assert.equal(answer(second), "6700");
  });
  it("a disconnect while the wire has a channel leaves that alone", async () => {
    const host = new Host(card);
    const session = new CardSession(await linkTo(card.board, "the wire"));
    await unlocked(session);
    host.central.disconnect();
    await session.publicKey([]);
  });

  it("half a line is forgotten with its connection", async () => {
    const line = frame(9, STATUS);
    const first = new Host(card);
    first.say(line.slice(0, 6));
    first.central.disconnect();
    const second = new Host(card);
    second.say(line.slice(6));
    await turns();
    assert.deepEqual(second.lines, []);
    second.say(line);
    await turns();
    assert.deepEqual(second.answered, [9]);
  });

  /** What the wire answers to a frame, nothing said before it. */
  const byWire = ({ board }: TestCard, seq: number, ...apdu: number[]): string => {
    let heard = "";
    board.onData((bytes) => (heard += Buffer.from(bytes).toString("latin1")));
    board.send(frame(seq, Uint8Array.from(apdu)));
    const answer = decodeFrame(heard.trim());
    return Buffer.from(answer?.apdu ?? []).toString("hex");
  };
  const zeros = (count: number) => new Array<number>(count).fill(0);
  /** The first part of an OFFER for SEAL, and the rest of it. */
  const [FIRST, REST] = [
    [0x90, 0x36, 0, 0, 200, ...zeros(200)],
    [0x80, 0x36, 0, 0, 35, ...zeros(35)],
  ];

  it("parts that came by another link are not put before the wire's", async () => {
    const host = new Host(card);
    host.say(frame(1, Uint8Array.from(FIRST)));
    await turns();
    assert.deepEqual(host.answered, [1]);
    assert.equal(byWire(card, 1, ...REST), "6700");
  });

  it("parts from before a sync are not put before those after it", () => {
    assert.equal(byWire(card, 1, ...FIRST), "9000");
    byWire(card, 2);
    assert.equal(byWire(card, 3, ...REST), "6700");
  });

  it("the rest of an answer is not another link's to fetch", async () => {
    const [source, copy] = [await TestCard.wallet("rest"), await TestCard.empty("rest copy")];
    await source.unlock();
    const { ownId: id, setId } = await source.session.ledger();
    const { cardId } = await copy.session.openChannel({ maker: MAKER });
    await copy.session.nameSource({ id, setId });
    const offer = await copy.session.offer();
    await source.session.nameDestinations({ setSize: 2, ids: [cardId] });
    await source.session.seal(offer);
    restart(source);
    const host = new Host(source);
    host.say(frame(1, Uint8Array.of(0x80, 0x36, 0, 0, offer.length, ...offer)));
    await turns();
    // 366 bytes: 256, and 61 6E for the rest.
    assert.deepEqual(decodeFrame(host.lines.join(""))?.apdu.slice(256), Uint8Array.of(0x61, 110));
    assert.equal(byWire(source, 1, 0, 0xc0, 0, 0, 0), "6d00");
  });

  it("what is not out when the connection ends never comes", async () => {
    // Its time passes only where this test lets it.
    const still = await TestCard.empty("unsent", { settle: 0 });
    const first = new Host(still);
    first.central.confirms = false;
    first.say(frame(1, CERTIFICATE));
    assert.equal(first.sizes.length, 1);
    first.central.disconnect();
    const second = new Host(still);
    still.board.advance(1);
    assert.deepEqual(second.sizes, []);
  });

  it("sends 20 bytes at a time until a longer write came, and again in the next connection", async () => {
    for (let round = 0; round < 2; round++) {
      const host = new Host(card, 53);
      host.say(frame(1, STATUS), 20);
      await turns();
      assert.equal(Math.max(...host.sizes), GATT_BYTES.LEAST);
      host.say(Buffer.from(`${"A".repeat(49)}\n`));
      host.say(frame(2, STATUS));
      await turns();
      assert.deepEqual(host.answered, [1, 2]);
      // An answer to STATUS is 32 characters: two packets before, one now.
      assert.ok(Math.max(...host.sizes) > GATT_BYTES.LEAST, String(host.sizes));
      host.central.disconnect();
    }
  });

  it("a host that repeats itself meanwhile gets the answer once", async () => {
    const host = new Host(card, 23);
    host.central.confirms = false;
    host.say(frame(5, STATUS));
    for (let i = 0; i < 5; i++) host.say(frame(5, STATUS));
    host.central.confirms = true;
    host.central.confirm();
    await turns();
    assert.deepEqual(host.answered, [5]);
    assert.equal(host.lines.length, 1);
  });

  it("a new answer takes the place of one that nobody waits for", async () => {
    const host = new Host(card, 23);
    host.central.confirms = false;
    for (let seq = 1; seq < 20; seq++) host.say(frame(seq, STATUS));
    host.central.confirms = true;
    host.central.confirm();
    await turns();
    assert.deepEqual(host.answered, [19]);
  });

  it("a central that confirms nothing loses the connection after 30 s", async () => {
    const host = new Host(card);
    host.central.confirms = false;
    host.say(frame(1, STATUS));
    card.board.advance(29);
    assert.ok(host.central.connected);
    card.board.advance(2);
    assert.ok(!host.central.connected);
    await (await airTo(card.board)).close();
  });

  it("nobody subscribed: the answer is lost, the next one comes", async () => {
    const central = airAround(card.board).connect();
    central.write(GATT.TO_CARD, frame(3, STATUS));
    await turns();
    const values: Uint8Array[] = [];
    central.onValue((_, value) => values.push(value));
    central.subscribe(GATT.FROM_CARD);
    central.write(GATT.TO_CARD, frame(3, STATUS));
    await turns();
    assert.equal(decodeFrame(Buffer.concat(values).toString().trim())?.seq, 3);
  });

  it("no stranger can pair: each bond would be written into the board's flash", () => {
    assert.equal(new Host(card).central.pair(), false);
  });

  it("the power going ends the connection", async () => {
    const host = new Host(card);
    card.board.powerOff();
    assert.ok(!host.central.connected);
    card.board.powerOn();
    await (await airTo(card.board)).close();
  });

  it("a write longer than the packet is refused by the board's stack", () => {
    const { central } = new Host(card, 53);
    assert.throws(() => central.write(GATT.TO_CARD, new Uint8Array(51)), /prepared writes/);
    assert.throws(() => central.write(GATT.TO_CARD, new Uint8Array(129)), /length/);
  });
});
