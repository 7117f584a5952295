import assert from "node:assert/strict";
import { AttError, type Central } from "../../../host/emulator/air/air.js";
import { ADDRESS, Phone, RAM } from "./support.js";

const SERVICE = "e9aa6e34-0001-4c3e-9a0f-6f1c5e4c0000";
const bytesOf = (uuid: string): number[] => [
  ...Buffer.from(uuid.replaceAll("-", ""), "hex").reverse(),
];
const WRITE = 8;
const NOTIFY = 16;
const INDICATE = 32;

/** The stack enabled, one service with a characteristic to write and one that indicates. */
class Card extends Phone {
  to = 0;
  from = 0;
  cccd = 0;

  constructor(mtu = 53) {
    super();
    this.enabled();
    const enable = this.put32(RAM, 10, 0, 0x00000101, 0, mtu, 0);
    assert.equal(this.svc(96, enable, this.put32(RAM + 0x100, 0x20003000)), 0);
    assert.equal(this.svc(99, this.put(RAM, ...bytesOf(SERVICE)), RAM + 0x20), 0);
    assert.deepEqual(this.get(RAM + 0x20, 1), [2]);
    const uuid = (short: number) => this.put(RAM + 0x40, short & 255, short >> 8, 2, 0);
    assert.equal(this.svc(160, 1, uuid(0x6e34), RAM + 0x50), 0);
    [this.to] = this.add(0x6e35, WRITE) as [number, number];
    [this.from, this.cccd] = this.add(0x6e36, INDICATE) as [number, number];
  }
  add(short: number, properties: number): number[] {
    const at = RAM + 0x400;
    this.put(at, short & 255, short >> 8, 2, 0);
    this.put(at + 0x10, 0x11, properties & WRITE ? 0x11 : 0, 3, 0);
    this.put32(at + 0x20, at, at + 0x10, 1, 128, 0);
    this.put32(at + 0x40, properties, 0, 0, 0, 0, 0, 0);
    assert.equal(this.svc(162, 0xffff, at + 0x40, at + 0x20, at + 0x60), 0);
    return [this.bus.read(at + 0x60, 2), this.bus.read(at + 0x64, 2)];
  }
  advertise(): void {
    this.put(RAM, 2, 1, 6);
    this.put(RAM + 4, 3, 9, 0x4b, 0x43);
    assert.equal(this.svc(114, RAM, 3, RAM + 4, 4), 0);
    this.put32(RAM + 0x20, 0, 0, 0x02580000, 0);
    assert.equal(this.svc(115, RAM + 0x20), 0);
  }
  connect(mtu?: number): Central {
    this.advertise();
    return this.air.connect(mtu);
  }
  hvx(length: number, type = 2): number {
    this.put(RAM + 0x200, length, 0);
    this.put32(RAM + 0x220, this.from | (type << 16), 0, RAM + 0x200, RAM + 0x300);
    return this.svc(166, 0, RAM + 0x220);
  }
  ids(): number[] {
    const ids = [];
    for (let event = this.event(); event; event = this.event()) ids.push(event[0]!);
    return ids;
  }
  ready(mtu?: number): Central {
    const central = this.connect(mtu);
    central.subscribe(central.services.at(-1)!.characteristics[1]!.uuid);
    this.pass(100);
    this.svc(173, 0, 53);
    this.svc(169, 0, 0, 0, 0);
    this.pass(100);
    this.ids();
    return central;
  }
}
const own = (card: Card) => card.air.central!.services.at(-1)!.characteristics.map((c) => c.uuid);

describe("the SoftDevice's Bluetooth stack", () => {
  it("advertises its own address, and what the program laid down", () => {
    const card = new Card();
    assert.equal(card.air.advertisement, undefined);
    card.advertise();
    const heard = card.air.advertisement!;
    assert.equal(heard.address, "c6:05:04:03:02:01");
    assert.deepEqual([...heard.data], [2, 1, 6]);
    assert.deepEqual([...heard.scanResponse], [3, 9, 0x4b, 0x43]);
    assert.equal(card.svc(116), 0);
    assert.equal(card.air.advertisement, undefined);
    card.put(RAM, 2, ...ADDRESS.map((byte) => byte ^ 1));
    assert.equal(card.svc(108, RAM), 0);
    card.put(RAM, 2, 1, 2, 3, 4, 5, 0x46);
    assert.equal(card.svc(108, RAM), 0x3202, "no random static address");
  });
  it("encodes and decodes UUIDs of the program's base and of Bluetooth's", () => {
    const card = new Card();
    card.put(RAM, 0x35, 0x6e, 2, 0);
    assert.equal(card.svc(101, RAM, RAM + 8, RAM + 16), 0);
    assert.equal(card.get(RAM + 8, 1)[0], 16);
    assert.equal(card.svc(100, 16, RAM + 16, RAM + 40), 0);
    assert.deepEqual(card.get(RAM + 40, 3), [0x35, 0x6e, 2]);
    card.put(RAM + 16, 0x0a, 0x18);
    assert.equal(card.svc(100, 2, RAM + 16, RAM + 40), 0);
    assert.deepEqual(card.get(RAM + 40, 3), [0x0a, 0x18, 1]);
    card.put(RAM + 16, ...bytesOf("00000000-0000-0000-0000-000000000001"));
    assert.equal(card.svc(100, 16, RAM + 16, RAM + 40), 5);
  });
  it("shows its services, and past the last attribute says NOT_FOUND", () => {
    const card = new Card();
    const central = card.connect();
    const uuids = central.services.map((service) => service.uuid.slice(4, 8));
    assert.deepEqual(uuids, ["1800", "1801", "6e34"]);
    const [to, from] = central.services.at(-1)!.characteristics;
    assert.deepEqual([to?.write, to?.indicate, to?.maxLength], [true, false, 128]);
    assert.deepEqual([from?.write, from?.indicate], [false, true]);
    assert.equal(card.svc(172, card.cccd, RAM, 0), 0);
    assert.deepEqual(card.get(RAM, 3), [0x02, 0x29, 1]);
    assert.equal(card.svc(172, card.cccd + 1, RAM, 0), 5);
    assert.equal(card.svc(171, RAM), 0);
    assert.equal(card.bus.read(RAM, 2), 9, "behind the stack's own two services");
  });
  it("tells of a connection, its MTU and its end", () => {
    const card = new Card();
    const central = card.connect();
    const connected = card.event()!;
    assert.deepEqual([connected[0], connected[2], connected[4]], [0x10, 24, 0]);
    assert.deepEqual(connected.slice(9, 15), [0x66, 0x55, 0x44, 0x33, 0x22, 0x11]);
    assert.equal(connected[15], 1, "as peripheral");
    card.pass(20);
    const mtu = card.event()!;
    assert.deepEqual([mtu[0], mtu[6]], [0x55, 53]);
    assert.equal(card.svc(173, 0, 53), 0);
    assert.equal(card.svc(173, 0, 53), 8, "a second reply");
    central.disconnect();
    card.pass(20);
    const gone = card.event()!;
    assert.deepEqual([gone[0], gone[8]], [0x11, 0x13]);
    assert.equal(card.svc(118, 0, 0x13), 0x3002);
  });
  it("takes writes in order, one a connection event", () => {
    const card = new Card();
    const central = card.ready();
    const [to] = own(card);
    central.write(to!, Uint8Array.of(7, 8));
    central.write(to!, Uint8Array.of(9));
    card.pass(16);
    const first = card.event()!;
    assert.equal(first[0], 0x50);
    assert.deepEqual(first.slice(6, 13), [card.to, 0, 0x35, 0x6e, 2, 0, 1]);
    assert.deepEqual([first[16], ...first.slice(18)], [2, 7, 8]);
    assert.equal(card.event(), undefined);
    card.pass(15);
    assert.deepEqual(card.event()!.slice(18), [9]);
  });
  it("takes six writes without response a connection event", () => {
    const card = new Card();
    const central = card.ready();
    const [to] = own(card);
    for (let i = 0; i < 8; i++) central.command(to!, Uint8Array.of(i));
    central.command(to!, new Uint8Array(51));
    card.pass(16);
    const heard = () => {
      const values: number[] = [];
      for (let event = card.event(); event; event = card.event()) {
        assert.equal(event[12], 2, "the operation");
        values.push(event[18]!);
      }
      return values;
    };
    assert.deepEqual(heard(), [0, 1, 2, 3, 4, 5]);
    card.pass(15);
    assert.deepEqual(heard(), [6, 7]);
  });
  it("notifies as many as its buffers hold, six an event; the next one finds none", () => {
    const card = new Card();
    [card.from, card.cccd] = card.add(0x6e37, NOTIFY) as [number, number];
    const central = card.connect();
    central.subscribe(own(card)[2]!);
    card.pass(100);
    card.svc(169, 0, 0, 0, 0);
    card.pass(100);
    card.ids();
    const values: Uint8Array[] = [];
    central.onValue((_, value) => values.push(value));
    const sent = Array.from({ length: 9 }, () => card.hvx(5, 1));
    assert.deepEqual(sent, [0, 0, 0, 0, 0, 0, 0, 0x3004, 0x3004]);
    assert.equal(card.sd.ble.link.lost, 2);
    card.pass(16);
    assert.equal(values.length, 6);
    const complete = card.event()!;
    assert.deepEqual([complete[0], complete[8]], [1, 6]);
    assert.equal(card.hvx(5, 1), 0);
    card.pass(15);
    assert.equal(values.length, 8);
  });
  it("indicates once at a time, cut to the MTU, and tells the confirmation", () => {
    const card = new Card();
    const central = card.ready();
    const values: Uint8Array[] = [];
    central.onValue((_, value) => values.push(value));
    assert.equal(card.hvx(60), 0);
    assert.equal(card.bus.read(RAM + 0x200, 2), 50, "the length that goes out");
    assert.equal(card.hvx(5), 17, "while one waits");
    card.pass(16);
    assert.deepEqual([values.length, values[0]?.length, card.event()], [1, 50, undefined]);
    card.pass(15);
    assert.deepEqual(card.event()!.slice(0, 8), [0x53, 0, 8, 0, 0, 0, card.from, 0]);
    assert.equal(card.hvx(5), 0);
  });
  it("sends nothing to who did not subscribe", () => {
    const card = new Card();
    card.connect();
    assert.equal(card.hvx(5), 0x3401, "before its system attributes are set");
    card.svc(169, 0, 0, 0, 0);
    assert.equal(card.hvx(5), 8);
    assert.equal(card.svc(166, 1, RAM), 0x3002);
  });
  it("asks for the system attributes before a CCCD is written", () => {
    const card = new Card();
    const central = card.connect(23);
    central.subscribe(own(card)[1]!);
    card.pass(50);
    assert.deepEqual(card.ids(), [0x10, 0x52]);
    card.svc(169, 0, 0, 0, 0);
    card.pass(16);
    assert.deepEqual(card.ids(), [0x50]);
    card.put(RAM, 20, 0);
    assert.equal(card.svc(170, 0, RAM + 4, RAM), 0);
    assert.deepEqual(card.get(RAM + 4, 4), [card.cccd, 0, 2, 0]);
  });
  it("says how a stranger's pairing went: refused, or bonded", () => {
    const card = new Card();
    const central = card.ready();
    card.sd.ble.drive = (until) => {
      while (!until()) {
        if (card.event()?.[0] === 0x13) assert.equal(card.svc(127, 0, 0x85, 0, 0), 0);
        card.pass(15);
      }
    };
    assert.equal(central.pair(), false);
    card.pass(50);
    assert.deepEqual(card.ids(), [0x19]);
    card.sd.ble.drive = (until) => {
      while (!until()) {
        if (card.event()?.[0] === 0x13) {
          card.put(RAM, 0x31, 7, 16, 3, 3);
          card.put32(RAM + 0x20, RAM + 0x80, 0, 0, 0, 0, 0, 0, 0);
          assert.equal(card.svc(127, 0, 0, RAM, RAM + 0x20), 0);
          assert.equal(card.svc(127, 0, 0, RAM, RAM + 0x20), 8, "the second time");
        }
        card.pass(15);
      }
    };
    assert.equal(central.pair(), true);
    assert.equal(card.sd.ble.link.pairing.outcome, "bonded");
    assert.notDeepEqual(card.get(RAM + 0x80, 16), Array(16).fill(0), "a key");
  });
  it("refuses a write that wants an encrypted link", () => {
    const card = new Card();
    card.put(RAM + 0x410, 0x11, 0x31, 3, 0);
    card.put32(RAM + 0x420, RAM + 0x400, RAM + 0x410, 1, 20, 0);
    card.put32(RAM + 0x440, WRITE, 0, 0, 0, 0, 0, 0);
    assert.equal(card.svc(162, 0xffff, RAM + 0x440, RAM + 0x420, 0), 0);
    const central = card.ready();
    const uuid = own(card).at(-1)!;
    assert.throws(() => central.write(uuid, Uint8Array.of(1)), AttError);
  });
  it("loses everything when the SoftDevice is disabled", () => {
    const card = new Card();
    const central = card.ready();
    let reason = 0;
    central.onDisconnect((why) => (reason = why));
    card.svc(17);
    assert.deepEqual([reason, card.air.advertisement], [8, undefined]);
    card.enabled();
    assert.equal(card.svc(172, 1, RAM, 0), 5);
  });
});
