/** `ble:` links through a stand-in for the package, over the emulated radio. */

import assert from "node:assert/strict";
import {
  backup,
  ConnectedCards,
  LineTransport,
  LinkError,
  type Transport,
} from "../../host/sdk/core.js";
import { listBle, openBle, type BleOptions } from "../../host/sdk/links/ble/ble.js";
import { loadBle } from "../../host/sdk/links/ble/package.js";
import "../../host/sdk/links/node.js";
import { openLink } from "../../host/sdk/links/registry.js";
import { accessCode, MAKER, needsBundle, TestCard } from "../host/support.js";
import { nameOf, airAround, restart } from "./support.js";
import { boardInRange, StandIn, UartInRange } from "./noble.js";

const STATUS = Uint8Array.of(0x80, 0x10, 0, 0);
const says =
  (words: RegExp, failure: LinkError["failure"] = "open") =>
  (error: unknown) => {
    assert.ok(error instanceof LinkError, String(error));
    assert.equal(error.failure, failure);
    assert.match(error.message, words);
    return true;
  };

describe("ble: links", function () {
  this.timeout(30_000);
  needsBundle(this);
  let cards: TestCard[];
  let package_: StandIn;
  const open = async (device: string, options: BleOptions = {}): Promise<Transport> => {
    const duplex = await openBle(device, { load: package_.load, connectMs: 300, ...options });
    return LineTransport.connect(duplex, { name: `ble:${device}`, timeoutMs: 8000 });
  };

  before(async () => {
    cards = [await TestCard.wallet("ble source")];
    for (const name of ["ble copy 1", "ble copy 2"]) cards.push(await TestCard.empty(name));
  });
  beforeEach(() => {
    restart(...cards);
    package_ = new StandIn(cards.map(({ board }, i) => boardInRange(board, `id-${i}`)));
  });
  afterEach(() => {
    assert.equal(package_.scanning, 0, "a search goes on");
    assert.equal(package_.listenerCount("discover"), 0);
  });

  it("back up three cards, found by their addresses", async () => {
    const places = cards.map(({ board, name }) => {
      const { address } = airAround(board).advertisement!;
      return { name, open: () => open(address) };
    });
    const set = new ConnectedCards(places);
    await set.arrange();
    const result = await backup({
      ...{ maker: MAKER, code: accessCode(), setSize: 3, present: set.present },
    });
    assert.ok(result.complete);
  });

  it("find a card by name, by the name's digits, by address and by id", async () => {
    const { board } = cards[1]!;
    for (const device of [
      () => nameOf(board)!,
      () => nameOf(board)!.split(" ")[1]!,
      () => nameOf(board)!.toUpperCase(),
      () => airAround(board).advertisement!.address.toUpperCase(),
      () => "id-1",
    ]) {
      const link = await open(device());
      assert.equal((await link.transmit(STATUS)).length, 18, device.toString());
      assert.ok(airAround(board).central, "another card was found");
      await link.close();
    }
  });

  it("find a card again that took another name meanwhile", async () => {
    const name = nameOf(cards[2]!.board)!;
    await (await open(name)).close();
    assert.notEqual(nameOf(cards[2]!.board), name);
    await (await open(name)).close();
  });

  it("write as much as the connection carries, whether the package says how much or not", async () => {
    for (const [tells, most] of [
      [true, 50],
      [false, 50],
      [false, 20],
    ] as const) {
      package_ = new StandIn([boardInRange(cards[0]!.board, "id", most + 3, tells)]);
      const link = await open("id");
      const { sizes } = airAround(cards[0]!.board).central!;
      await link.transmit(Uint8Array.of(0x80, 0x20, 0, 0, 33, 2, ...new Uint8Array(32).fill(255)));
      await link.transmit(Uint8Array.of(0x80, 0x16, 0, 0));
      assert.equal(Math.max(...sizes), most);
      await link.close();
    }
  });

  it("say who else is in range when a card is not", () =>
    assert.rejects(
      open("Kincard zzzz"),
      says(/no such board.*0\.3 s.*in range: Kincard [0-9a-f]/),
    ));

  it("let no stranger's name steer the terminal", async () => {
    const [inRange] = package_.inRange;
    const stranger = {
      ...inRange!,
      heard: () => ({ ...inRange!.heard()!, name: "\x1b[2J\r\u202eKincard" }),
    };
    package_ = new StandIn([stranger]);
    await assert.rejects(open("Kincard zzzz"), says(/in range: \?\[2J\?\?Kincard$/));
    const [found] = await listBle({ load: package_.load, listenMs: 30 });
    assert.equal(found?.name, "?[2J??Kincard");
  });

  it("don't hear a card that somebody else holds", async () => {
    const central = airAround(cards[0]!.board).connect();
    await assert.rejects(open("id-0"), says(/connected to another client/));
    central.disconnect();
    await (await open("id-0")).close();
  });

  it("say so when the card goes away", async () => {
    const link = await open("id-0");
    const lost = new Promise<LinkError>((resolve) => link.onDisconnect(resolve));
    airAround(cards[0]!.board).central!.vanish();
    assert.match((await lost).message, /the other side closed the link/);
    await assert.rejects(link.transmit(STATUS), says(/closed the link/, "closed"));
  });

  it("stop on request: in the search, and while connecting", async () => {
    for (const deaf of [false, true]) {
      package_.deaf = deaf;
      const stop = new AbortController();
      package_.begun = (what) => {
        if (what === (deaf ? "connect" : "search")) setImmediate(() => stop.abort());
      };
      const opening = open(deaf ? "id-0" : "nobody", { connectMs: 20_000, signal: stop.signal });
      await assert.rejects(opening, says(/stopped on request/, "aborted"));
    }
  });

  it("end when the package never says that it stopped listening", async () => {
    package_.stuck = true;
    await assert.rejects(open("nobody", { connectMs: 60 }), says(/no such board was heard/));
  });

  it("end when the other side never answers", async () => {
    package_.deaf = true;
    await assert.rejects(open("id-0", { connectMs: 60 }), says(/waited too long for the connect/));
  });

  it("take turns", async () => {
    const links = await Promise.all([open("id-0"), open("id-1"), open("id-2")]);
    for (const link of links) await link.close();
  });

  it("refuse a board without the service, and let go of it", async () => {
    let ended = 0;
    const other = {
      id: "other",
      heard: () => ({
        name: "other",
        address: "",
        services: ["6b696e63617244008000000000000001"],
      }),
      connect: () => ({
        ...{ mtu: 23, characteristics: [], onEnd: () => undefined },
        end: () => void ended++,
      }),
    };
    package_ = new StandIn([other]);
    await assert.rejects(open("other"), says(/not a Kincard card/));
    assert.equal(ended, 1);
  });

  it("list the cards in range, and no other board", async () => {
    const uart = new UartInRange(() => Promise.reject(new Error("not asked for")));
    package_ = new StandIn([...package_.inRange, uart]);
    const found = await listBle({ load: package_.load, listenMs: 30 });
    assert.deepEqual(
      found,
      cards.map(({ board }) => ({
        name: nameOf(board),
        device: airAround(board).advertisement!.address,
      })),
    );
  });

  it("say what this computer's Bluetooth is when it can't be used", async () => {
    package_.state = "unauthorized";
    await assert.rejects(open("id-0"), says(/can't be used \(unauthorized\)/));
  });

  it("need a package, and say which", async () => {
    const absent = Object.assign(new Error("no"), { code: "ERR_MODULE_NOT_FOUND" });
    const load = (error: Error) => () => loadBle(() => Promise.reject(error));
    await assert.rejects(open("x", { load: load(absent) }), says(/npm install .*noble/, "missing"));
    await assert.rejects(
      open("x", { load: load(new Error("bad ELF")) }),
      says(/not load: bad ELF/, "missing"),
    );
  });

  it("are links like any other", async function () {
    const installed = await loadBle().then(
      () => true,
      () => false,
    );
    if (installed) return this.skip();
    await assert.rejects(
      openLink("ble:Kincard 1a2b"),
      says(/needs the @stoprocent\/noble package/, "missing"),
    );
  });
});
