/** Packets of a card's GATT link: how they are cut, put together, acknowledged and written. */
import assert from "node:assert/strict";
import { cardDuplex, packets, Packets } from "../../../host/sdk/links/ble/gatt.js";
import { FRAME_MOST } from "../../../host/sdk/links/line/line.js";
import { GATT_BYTES, PACKET } from "../../../host/sdk/wire/generated.js";

const frame = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
const settled = () => new Promise((turn) => setImmediate(turn));

describe("packets of a card's GATT link", () => {
  it("say how many are to come, the first besides that it is the first; and come together again", () => {
    for (const size of [20, 50, 128])
      for (const length of [1, size - 2, size - 1, size, 2 * size, 250, FRAME_MOST]) {
        const all = packets(frame(length), size);
        const heads = all.map(([head]) => head! & 0x7f);
        assert.deepEqual(heads, [...all.keys()].reverse());
        assert.deepEqual(
          all.map(([head]) => head! >= PACKET.FIRST),
          all.map((_, i) => i === 0),
        );
        assert.ok(all.every((packet) => packet.length <= size));
        const came = new Packets();
        const whole = all.map((packet) => came.push(packet));
        assert.deepEqual(whole.pop(), frame(length));
        assert.ok(whole.every((one) => one === undefined));
      }
  });
  it("a frame with a packet lost, doubled or strange is dropped; the next is whole", () => {
    const [a, b, c] = packets(frame(50), 20) as [Uint8Array, Uint8Array, Uint8Array];
    for (const wrong of [[a, c], [a, b, b], [b, c], [c], [a, b, Uint8Array.of(7, 7), c], [a, []]]) {
      const came = new Packets();
      for (const packet of wrong) assert.equal(came.push(Uint8Array.from(packet)), undefined);
      const [, , last] = [a, b, c].map((packet) => came.push(packet));
      assert.deepEqual(last, frame(50));
    }
  });
  it("too much of one frame is dropped", () => {
    const came = new Packets();
    const filler = new Uint8Array(50);
    for (let left = 30; left >= 0; left--) {
      filler[0] = left + (left === 30 ? PACKET.FIRST : 0);
      assert.equal(came.push(filler), undefined);
    }
  });

  /** What was written, each write taking a while; two at a time are an error. */
  function link(options: { mtu?: number; refuses?: number } = {}) {
    const written: { length: number; head: number; command: boolean }[] = [];
    let busy = false;
    const [duplex, feed] = cardDuplex({
      write: async (bytes, command) => {
        assert.ok(!busy, "two writes at a time");
        busy = true;
        await Promise.resolve();
        busy = false;
        if (bytes.length > (options.refuses ?? Infinity)) throw new Error("too long");
        written.push({ length: bytes.length, head: bytes[0]!, command });
      },
      mtu: () => options.mtu,
      close: () => undefined,
    });
    return { duplex, feed, written };
  }
  it("begin with a long one that asks for nothing; refused, they stay at 20 bytes", async () => {
    for (const [options, size] of [
      [{}, GATT_BYTES.TRIED],
      [{ refuses: 20 }, GATT_BYTES.LEAST],
      [{ mtu: 53 }, 50],
      [{ mtu: 23 }, 20],
      [{ mtu: 500 }, GATT_BYTES.MOST],
    ] as const) {
      const { duplex, written } = link(options);
      await duplex.write(frame(200));
      const lengths = written.filter(({ head }) => head !== PACKET.GO_ON).map((one) => one.length);
      assert.equal(Math.max(...lengths), size);
      await duplex.write(frame(10));
      const tries = written.filter(({ head }) => head === PACKET.GO_ON);
      assert.equal(tries.length, "refuses" in options ? 0 : 1);
    }
  });
  it("go without response but for every sixth that is not the last", async () => {
    const { duplex, written } = link({ mtu: 23 });
    await duplex.write(frame(19 * 12));
    const commands = written.slice(1).map(({ command }) => command);
    assert.deepEqual(
      commands,
      commands.map((_, index) => index !== 5),
    );
    assert.equal(commands.length, 12);
  });
  it("are acknowledged six at a time, not the last ones, and never beside another write", async () => {
    const { duplex, feed, written } = link({ mtu: 23 });
    const came: Uint8Array[] = [];
    duplex.onData((bytes) => came.push(bytes));
    await duplex.write(frame(5));
    written.length = 0;
    const writing = duplex.write(frame(300));
    for (const packet of packets(frame(19 * 12), 20)) feed.data(packet);
    await writing;
    await settled();
    assert.deepEqual(came, [frame(19 * 12)]);
    assert.equal(written.filter(({ head }) => head === PACKET.GO_ON).length, 1);
  });
});
