/**
 * A board as other programs reach it besides TCP: a pseudo terminal, its air, a reader's coil; each
 * by the link that people use.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { listenCard, type Listening } from "../../host/emulator/board/listen.js";
import { listenAir } from "../../host/emulator/reach/air.js";
import { listenCoil } from "../../host/emulator/reach/coil.js";
import { BUSY, Plug } from "../../host/emulator/reach/plug.js";
import { EmulatedRadio, readAdvertising } from "../../host/emulator/reach/radio.js";
import { emulatedReaders } from "../../host/emulator/reach/reader.js";
import { listenSerial } from "../../host/emulator/reach/serial.js";
import { CardSession, LineTransport, LinkError } from "../../host/sdk/core.js";
import { listBle, openBle } from "../../host/sdk/links/ble/ble.js";
import { openPcsc } from "../../host/sdk/links/pcsc/pcsc.js";
import { openSerial } from "../../host/sdk/links/line/serial.js";
import { openTcp } from "../../host/sdk/links/line/tcp.js";
import { TestCard, MAKER, needsBundle } from "../host/support.js";
import { nameOf } from "../ble/support.js";
import { LineClient } from "../support/virtual-process.js";

const ANY = "tcp:127.0.0.1:0";

describe("a board that other programs reach", function () {
  needsBundle(this);
  this.timeout(30_000);
  const open: Listening[] = [];
  const opened = async (opening: Promise<Listening>) => {
    const listening = await opening;
    open.push(listening);
    return listening.uri;
  };
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  /** A certified card that nobody holds. */
  async function card(name: string): Promise<VirtualBoard> {
    const { board, session } = await TestCard.empty(name, { clock: "real" });
    await session.close();
    board.powerOff();
    board.powerOn();
    return board;
  }
  const overSerial = async (uri: string) => {
    const duplex = await openSerial(uri.replace("serial:", ""), 115200);
    return new CardSession(await LineTransport.connect(duplex, { name: uri }));
  };

  it("on a serial port, and again after it was closed", async () => {
    const board = await card("pty");
    const uri = await opened(listenSerial(board));
    const first = await overSerial(uri);
    await first.openChannel({ maker: MAKER });
    await first.close();
    const second = await overSerial(uri);
    assert.equal((await second.status()).state, "EMPTY");
    await second.close();
    board.powerOff();
  });

  it("on a serial port and over TCP, one after the other: the cable has one plug", async () => {
    const board = await card("plug");
    const plug = new Plug(board);
    const tcp = await opened(listenCard(board, ANY, plug));
    const serial = await opened(listenSerial(board, plug));
    const [, host, port] = tcp.split(":");
    const held = new CardSession(
      await LineTransport.connect(await openTcp(host!, Number(port)), { name: tcp }),
    );
    assert.equal((await held.status()).state, "EMPTY");
    const second = await openSerial(serial.replace("serial:", ""), 115200);
    const said = await new Promise<Uint8Array>((resolve) => second.onData(resolve));
    assert.equal(Buffer.from(said).toString(), BUSY);
    await second.close();
    await held.close();
    const now = await overSerial(serial);
    assert.equal((await now.status()).state, "EMPTY");
    const client = new LineClient(tcp);
    assert.match((await client.next()) ?? "", /^busy/);
    client.close();
    await now.close();
    board.powerOff();
  });

  it("over its air: listed by its name, then a card like any other", async () => {
    const board = await card("air");
    const radio = new EmulatedRadio([await opened(listenAir(board.air!, ANY))]);
    const load = async () => radio;
    const [found] = await listBle({ load, listenMs: 200 });
    assert.equal(found!.name, nameOf(board));
    const name = found!.name.split(" ").at(-1)!;
    const duplex = await openBle(name, { load });
    const session = new CardSession(await LineTransport.connect(duplex, { name: "air" }));
    await session.openChannel({ maker: MAKER });
    assert.equal((await session.status()).state, "EMPTY");
    await session.close();
    board.powerOff();
    const late = openBle(name, { load, connectMs: 300 });
    await assert.rejects(late, (error: LinkError) => error.code === "link/not-heard");
  });

  it("over a coil: a tag on a contactless reader, in one visit and in the next", async () => {
    const board = await card("coil");
    const load = emulatedReaders([await opened(listenCoil(board.nfc, ANY))]);
    for (let visit = 1; visit <= 2; visit++) {
      const session = new CardSession(await openPcsc("coil", { load }));
      await session.greet();
      await session.openChannel({ maker: MAKER });
      assert.equal((await session.status()).state, "EMPTY", `visit ${visit}`);
      await session.close();
    }
    board.powerOff();
    const away = openPcsc("coil", { load, connectMs: 300 });
    await assert.rejects(away, (error: LinkError) => error.code === "link/no-card");
  });

  it("over a coil, to one host at a time, whichever program the next one is in", async () => {
    const board = await card("one host");
    const uri = await opened(listenCoil(board.nfc, ANY));
    const [load, elsewhere] = [emulatedReaders([uri]), emulatedReaders([uri])];
    const first = new CardSession(await openPcsc("coil", { load }));
    await first.greet();
    await first.openChannel({ maker: MAKER });
    for (const other of [load, elsewhere])
      await assert.rejects(
        openPcsc("coil", { load: other, connectMs: 300 }),
        (error: LinkError) => error.code === "link/card-in-use",
      );
    await first.prove();
    await first.close();
    const second = new CardSession(await openPcsc("coil", { load: elsewhere }));
    await second.greet();
    assert.equal((await second.status()).state, "EMPTY");
    await second.close();
    board.powerOff();
  });

  it("takes its field along when the reader's program ends", async () => {
    const board = await card("field");
    const client = new LineClient(await opened(listenCoil(board.nfc, ANY)));
    await client.ask(JSON.stringify({ id: 1, do: "field", on: true }));
    assert.equal(board.nfc.on, true);
    client.close();
    while (board.nfc.on) await new Promise((resolve) => setImmediate(resolve));
    board.powerOff();
  });

  it("refuses what it does not know, and browsers, with nothing changed", async () => {
    const board = await card("refuses");
    const uri = await opened(listenCoil(board.nfc, ANY));
    const client = new LineClient(uri);
    const ask = async (line: object) =>
      JSON.parse((await client.ask(JSON.stringify(line)))!) as { error?: string };
    assert.match((await ask({ id: 1, do: "burn" })).error!, /there are field, select, frame/);
    assert.match((await ask({ id: 2, do: "toString" })).error!, /no such word/);
    assert.match((await ask({ id: 3, do: "frame", bytes: "" })).error!, /no frame/);
    client.send("no JSON");
    assert.equal(await client.next(), undefined, "the connection stays");
    const [, host, port] = uri.split(":");
    const browser = connect(Number(port), host);
    browser.end(`POST / HTTP/1.1\r\n\r\n${JSON.stringify({ id: 1, do: "field", on: true })}\n`);
    await once(browser, "close");
    assert.equal(board.nfc.on, false);
    board.powerOff();
  });

  it("reads names and services out of advertising, however it is cut", () => {
    const name = [5, 9, ...Buffer.from("Puck")];
    const uuid = [3, 3, 0x0f, 0x18];
    const read = readAdvertising(Uint8Array.from([2, 1, 6, ...name]), Uint8Array.from(uuid));
    assert.deepEqual(read, { localName: "Puck", serviceUuids: ["180f"] });
    assert.deepEqual(readAdvertising(Uint8Array.of(9, 9)), { localName: "", serviceUuids: [] });
    assert.deepEqual(readAdvertising(Uint8Array.of(0, 0, 0)), { serviceUuids: [] });
  });
});
