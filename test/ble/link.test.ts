/** One link to one card at a time, over the air and by wire; and how each ends. */

import assert from "node:assert/strict";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { Central } from "../../host/emulator/air/air.js";
import { CardSession, LinkError, toHex } from "../../host/sdk/core.js";
import { packets, Packets } from "../../host/sdk/links/ble/gatt.js";
import { decodeFrame, decodeRaw, encodeFrame, encodeRaw } from "../../host/sdk/links/line/line.js";
import { GATT, GATT_BYTES, PACKET, SIZES } from "../../host/sdk/wire/generated.js";
import { linkTo, MAKER, needsBundle, TestCard } from "../host/support.js";
import { airTo, airAround, restart } from "./support.js";

const STATUS = Uint8Array.of(0x80, 0x10, 0, 0);
const CERTIFICATE = Uint8Array.of(0x80, 0x16, 0, 0);
/** OPEN with the curve's generator: its answer takes several windows of small packets. */
const LONG = Uint8Array.of(0x80, 0x20, 0, 0, 33, ...secp256k1.Point.BASE.toBytes(true));
const frame = (seq: number, apdu = new Uint8Array(0)) => encodeRaw({ seq, apdu });
const line = (seq: number, apdu: Uint8Array) => encodeFrame({ seq, apdu });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const turns = async (count = 60) => {
  for (let i = 0; i < count; i++) await turn();
};

/** A central by hand: what it heard, by frames. */
class Host {
  readonly central: Central;
  readonly frames: Uint8Array[] = [];
  readonly sizes: number[];
  /** Says that the card may go on, when that waits for word. */
  goesOn = true;
  private readonly came = new Packets();

  constructor(card: TestCard, mtu?: number) {
    this.central = airAround(card.board).connect(mtu);
    this.sizes = this.central.sizes;
    this.central.subscribe(GATT.FROM_CARD);
    this.central.onValue((_, value) => {
      const whole = this.came.push(value);
      if (whole) this.frames.push(whole);
      else if (this.came.windowIsFull && this.goesOn) this.goOn();
    });
  }
  say(bytes: Uint8Array, size = this.central.mtu - 3): void {
    for (const packet of packets(bytes, size)) this.central.command(GATT.TO_CARD, packet);
  }
  goOn(): void {
    this.central.command(GATT.TO_CARD, Uint8Array.of(PACKET.GO_ON));
  }
  /** Sequence numbers of the good frames that came. */
  get answered(): number[] {
    return this.frames.flatMap((raw) => decodeRaw(raw)?.seq ?? []);
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
    const answer = (host: Host) => toHex(decodeRaw(host.frames.at(-1)!)!.apdu);
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

  it("half a frame is forgotten with its connection", async () => {
    const [head, rest] = packets(frame(9, STATUS), 6);
    const first = new Host(card);
    first.central.command(GATT.TO_CARD, head!);
    first.central.disconnect();
    const second = new Host(card);
    second.central.command(GATT.TO_CARD, rest!);
    await turns();
    assert.deepEqual(second.frames, []);
    second.say(frame(9, STATUS));
    await turns();
    assert.deepEqual(second.answered, [9]);
  });

  /** What the wire answers to a frame, nothing said before it. */
  const byWire = ({ board }: TestCard, seq: number, ...apdu: number[]): string => {
    let heard = "";
    board.onData((bytes) => (heard += Buffer.from(bytes).toString("latin1")));
    board.send(line(seq, Uint8Array.from(apdu)));
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
    assert.deepEqual(decodeRaw(host.frames[0]!)?.apdu.slice(256), Uint8Array.of(0x61, 110));
    assert.equal(byWire(source, 1, 0, 0xc0, 0, 0, 0), "6d00");
  });

  it("what is not out when the connection ends never comes", async () => {
    // Its time passes only where this test lets it.
    const still = await TestCard.empty("unsent", { settle: 0 });
    const first = new Host(still, 23);
    first.goesOn = false;
    first.say(frame(1, LONG));
    still.board.advance(0.02);
    assert.equal(first.sizes.length, PACKET.WINDOW);
    still.board.advance(60);
    assert.equal(first.sizes.length, PACKET.WINDOW, "nobody said that it may go on");
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
      const long = new Uint8Array(GATT_BYTES.TRIED).fill(PACKET.GO_ON);
      host.central.write(GATT.TO_CARD, long);
      host.say(frame(2, CERTIFICATE), 20);
      await turns();
      assert.deepEqual(host.answered, [1, 2]);
      assert.equal(Math.max(...host.sizes), GATT_BYTES.TRIED);
      host.central.disconnect();
    }
  });

  it("the radio's queue is never fuller than it holds: nothing is lost however long the answer", async () => {
    for (const mtu of [23, 53]) {
      const host = new Host(card, mtu);
      host.say(frame(1, LONG));
      await turns();
      assert.deepEqual(host.answered, [1]);
      assert.equal(decodeRaw(host.frames[0]!)!.apdu.length, 33 + SIZES.HELLO + SIZES.TAG + 2);
      host.central.disconnect();
    }
  });
  it("a host that repeats itself gets the answer from its begin", async () => {
    const host = new Host(card, 23);
    host.goesOn = false;
    host.say(frame(5, LONG));
    await turns();
    assert.deepEqual(host.answered, []);
    host.say(frame(5, LONG));
    await turns();
    assert.equal(host.sizes.length, 2 * PACKET.WINDOW);
    host.goesOn = true;
    host.goOn();
    await turns();
    assert.deepEqual(host.answered, [5]);
  });
  it("a new answer takes the place of one that nobody waits for", async () => {
    const host = new Host(card, 23);
    host.goesOn = false;
    for (let seq = 1; seq < 20; seq++) {
      host.say(frame(seq, LONG));
      await turns(20);
    }
    host.goesOn = true;
    host.goOn();
    await turns();
    assert.deepEqual(host.answered, [19]);
  });
  it("word to go on that nobody waited for does nothing", async () => {
    const host = new Host(card, 23);
    for (let i = 0; i < 3; i++) host.goOn();
    host.say(frame(1, STATUS));
    await turns();
    for (let i = 0; i < 3; i++) host.goOn();
    await turns();
    assert.deepEqual(host.answered, [1]);
    assert.equal(host.frames.length, 1);
  });
  it("a frame with a packet too few, twice or out of order is silence, the next is heard", async () => {
    const host = new Host(card, 23);
    const long = Uint8Array.of(0x80, 0x36, 0, 0, 50, ...new Uint8Array(50));
    const [a, b, c, d] = packets(frame(1, long), 20) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    for (const wrong of [[d], [a, b, d], [a, b, b, c, d], [a, c, b, d], [b, c, d], [a, b, c]]) {
      for (const packet of wrong) host.central.command(GATT.TO_CARD, packet);
      await turns(20);
      assert.deepEqual(host.frames, []);
    }
    host.say(frame(2, STATUS));
    await turns();
    assert.deepEqual(host.answered, [2]);
  });
  it("a frame without end costs no memory: what is too long is dropped", async () => {
    const host = new Host(card, 53);
    const filler = new Uint8Array(50).fill(0x55);
    for (let head = 0x80 + 0x7e; head >= 0; head--) {
      filler[0] = head === 0x80 + 0x7e ? head : head & 0x7f;
      if (head < 0x80) break;
      host.central.command(GATT.TO_CARD, filler);
    }
    host.say(frame(3, STATUS));
    await turns();
    assert.deepEqual(host.answered, [3]);
  });
  it("asks for a connection interval that every central grants, and may slow down when idle", () => {
    new Host(card);
    assert.deepEqual(airAround(card.board).wishes.slice(-2), [15, "auto"]);
  });

  it("nobody subscribed: the answer is lost, the next one comes", async () => {
    const central = airAround(card.board).connect();
    const [packet] = packets(frame(3, STATUS), 20);
    central.write(GATT.TO_CARD, packet!);
    await turns();
    const values: Uint8Array[] = [];
    central.onValue((_, value) => values.push(value));
    central.subscribe(GATT.FROM_CARD);
    central.write(GATT.TO_CARD, packet!);
    await turns();
    const came = new Packets();
    assert.equal(decodeRaw(values.map((value) => came.push(value)).at(-1)!)?.seq, 3);
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
