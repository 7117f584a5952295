/** What a card says on the air to those who only listen: a name that does not last, and no more. */

import assert from "node:assert/strict";
import { GATT } from "../../host/sdk/wire/generated.js";
import { TestCard as World, certified, must } from "../support/world.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { fields, NAME, nameOf, airAround, UUIDS } from "./support.js";

const PACKET = 31;
const QUARTER = 900;
const UART = "6e400001-b5a3-f393-e0a9-e50e24dcca9e";
const FACTORY = "d0:11:22:33:ca:fe";
const NAMED = /^Kincard [0-9a-f]{4}$/;
const air = (board: VirtualBoard) => airAround(board).advertisement!;
const uuidsOf = (board: VirtualBoard) =>
  (fields(air(board).scanResponse).get(UUIDS) ?? Buffer.alloc(0)).reverse().toString("hex");
const plain = (uuid: string) => uuid.replaceAll("-", "");

/** All that was on the air, from before the first power-on. */
function listen(board: VirtualBoard): string[] {
  const heard: string[] = [];
  airAround(board).onAdvertisement(({ address, data, scanResponse }) => {
    const bytes = Buffer.from(address.replaceAll(":", ""), "hex");
    for (const part of [bytes, Buffer.from(bytes).reverse(), data, scanResponse])
      heard.push(Buffer.from(part).toString("hex"));
  });
  return heard;
}

describe("on the air", function () {
  this.timeout(20_000);

  it("the name goes in the packet, the service in the scan response, and both fit", () => {
    const { board } = certified("packets");
    const { data, scanResponse } = air(board);
    assert.ok(data.length <= PACKET && scanResponse.length <= PACKET);
    assert.match(nameOf(board) ?? "", NAMED);
    assert.equal(uuidsOf(board), plain(GATT.SERVICE));
    assert.deepEqual([...fields(data).keys()].sort(), [1, NAME, 255].sort());
  });

  it("the name is new at each boot, after each connection, and every 15 minutes alone", () => {
    const card = certified("names");
    const { board } = card;
    const names = [nameOf(board)];
    const next = (what: string) => {
      const name = nameOf(board);
      assert.match(name ?? "", NAMED, what);
      assert.notEqual(name, names.at(-1), what);
      names.push(name);
    };
    card.reboot();
    next("boot");
    airAround(board).connect().disconnect();
    next("a connection");
    board.advance(QUARTER + 1);
    next("15 minutes");
    board.advance(QUARTER / 2);
    assert.equal(nameOf(board), names.at(-1));
  });

  it("not while somebody is connected", () => {
    const { board } = certified("connected");
    const heard = listen(board);
    const central = airAround(board).connect();
    board.advance(3 * QUARTER);
    assert.deepEqual(heard, []);
    assert.ok(central.connected);
  });

  it("the address is a random static one, new at each boot, none of the factory's", () => {
    const card = certified("addresses");
    const seen = new Set<string>();
    for (let boot = 0; boot < 4; boot++) {
      const { address } = air(card.board);
      assert.ok(parseInt(address.slice(0, 2), 16) >= 0xc0, address);
      seen.add(address);
      card.reboot();
    }
    assert.equal(seen.size, 4);
    assert.ok(!seen.has(FACTORY));
  });

  it("no piece of id, Kcard, certificate or set id, in a whole life", () => {
    const [source, copy] = [new World("life source"), new World("life copy")];
    const heard = listen(source.board);
    const both = listen(copy.board);
    copy.certify();
    source.certify().activate();
    source.nameDestinations(2, copy);
    source.copyTo(copy);
    for (const card of [source, copy]) {
      airAround(card.board).connect().disconnect();
      card.board.advance(QUARTER + 1);
      card.reboot();
      card.publicKey();
      must("RESET", card.secure("RESET"));
      card.reboot();
    }
    for (const said of [heard, both]) assert.ok(said.length > 20, "nothing was on the air");
    heard.push(...both);
    const { setId } = source;
    for (const card of [source, copy])
      for (const secret of [card.id, card.certificate, setId])
        for (let at = 0; at + 4 <= secret.length; at++) {
          const piece = Buffer.from(secret.subarray(at, at + 4)).toString("hex");
          const said = heard.find((packet) => packet.includes(piece));
          assert.equal(said, undefined, `${piece} of ${card.name}`);
        }
  });
});

describe("the interpreter's prompt over the air", () => {
  const services = (board: VirtualBoard) =>
    airAround(board)
      .connect()
      .services.map(({ uuid }) => uuid);

  it("is not there, and connecting does not bring it back", () => {
    for (const card of [new World("no console"), certified("no console 2")]) {
      assert.deepEqual(services(card.board), [GATT.SERVICE]);
      assert.equal(card.board.console, null);
    }
  });

  it("the held button leaves it there on a development image, and Espruino's UART with it", () => {
    const { board } = certified("console button");
    board.powerOff();
    board.press();
    board.powerOn();
    assert.equal(uuidsOf(board), plain(UART));
    assert.match(nameOf(board) ?? "", NAMED);
    assert.deepEqual(services(board), [UART, GATT.SERVICE]);
    assert.equal(board.console, "Bluetooth");
  });
});
