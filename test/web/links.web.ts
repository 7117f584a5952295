/**
 * The page's links and its life without a network. A browser without a screen has no chooser for
 * serial ports, so Web Serial is a fake with the API's shape over a virtual card's WebSocket; so is
 * Web Bluetooth, and once it is the browser's own with an emulated radio. No test goes on the air.
 */

import assert from "node:assert/strict";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { GATT } from "../../host/sdk/wire/generated.js";
import { PACKETS } from "./packets.js";
import { EmulatedBluetooth, KEEP_CHARACTERISTIC } from "./emulated-bluetooth.js";
import { heading, look, makeWallet, PHONE, press } from "./support.js";
import { startBackup, until, visit, withBrowser } from "./support.js";

const NO_BOARDS = { maker: DEMO_MAKER_PUBLIC, demo: true };

const SOCKET = `
  const openSocket = async () => {
    const socket = new WebSocket("ws://" + location.host + "/board/1");
    socket.binaryType = "arraybuffer";
    await new Promise((done) => (socket.onopen = done));
    window.cable = socket;
    return socket;
  };
  const define = (name, value) =>
    Object.defineProperty(Navigator.prototype, name, { configurable: true, get: () => value });
`;
const SERIAL = `${SOCKET}
  const port = {
    async open({ baudRate }) {
      if (baudRate !== 115200) throw new Error("wrong rate");
      const socket = await openSocket();
      port.readable = new ReadableStream({
        start(controller) {
          socket.onmessage = ({ data }) => controller.enqueue(new Uint8Array(data));
          socket.onclose = () => controller.error(new DOMException("lost", "NetworkError"));
        },
      });
      const write = (chunk) => socket.send(chunk);
      port.writable = new WritableStream({ write }, { highWaterMark: 16 });
    },
    async setSignals() {},
    async close() { window.cable.close(); },
  };
  window.cancels = 0;
  define("serial", {
    async requestPort() {
      if (window.cancels-- > 0) throw new DOMException("none chosen", "NotFoundError");
      sessionStorage.setItem("granted", "1");
      return port;
    },
    getPorts: async () => (sessionStorage.getItem("granted") ? [port] : []),
  });
`;
const BLUETOOTH = `${SOCKET}${PACKETS}
  const SERVICE = "6b696e63-6172-4400-8000-000000000001";
  const device = new EventTarget();
  const fromCard = new EventTarget();
  window.longest = 0;
  let busy = false;
  const toCard = { async writeValueWithResponse(bytes) {
    if (busy) throw new DOMException("GATT operation already in progress.", "NetworkError");
    if (bytes.length > 20) throw new DOMException("too long", "InvalidModificationError");
    busy = true;
    window.longest = Math.max(window.longest, bytes.length);
    await new Promise((done) => setTimeout(done, 1));
    busy = false;
    toCable(bytes);
  } };
  const notify = (packet) => {
    fromCard.value = new DataView(packet.buffer);
    fromCard.dispatchEvent(new Event("characteristicvaluechanged"));
  };
  fromCard.startNotifications = async () => void (window.cable.onmessage = fromCable(notify));
  device.name = "Kincard";
  device.gatt = {
    async connect() {
      const socket = await openSocket();
      socket.onclose = () => device.dispatchEvent(new Event("gattserverdisconnected"));
      const getCharacteristic = async (uuid) => (uuid.endsWith("2") ? toCard : fromCard);
      return { getPrimaryService: async () => ({ getCharacteristic }) };
    },
    disconnect() { window.cable?.close(); },
  };
  define("bluetooth", { async requestDevice({ filters }) {
    if (filters[0].services[0] !== SERVICE) throw new Error("another service");
    return device;
  } });
`;

describe("the page: links", function () {
  const { browser } = withBrowser(this, ["--enable-features=WebBluetooth"]);

  it("reaches a card on Web Serial; a chooser that is closed is no fault", async () => {
    const options = { cards: 1, before: SERIAL, config: NO_BOARDS };
    await visit(browser(), options, async ({ page, cards }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await page.evaluate("window.cancels = 1");
      await press(page, "Connect by USB");
      await until(page, "window.cancels < 1");
      await page.locator('.tap:not([aria-busy="true"])').waitFor();
      assert.equal(await page.locator(".tap .fault").innerText(), "");
      await press(page, "Connect by USB");
      await heading(page, "This card is genuine");
      const shown = await page.locator(".biglabel span").allInnerTexts();
      assert.equal(shown.join("-"), cards[0]?.label);
    });
  });

  it("opens the same port again after the cable was out", async () => {
    const options = { cards: 1, before: SERIAL, config: NO_BOARDS };
    await visit(browser(), options, async ({ page }) => {
      for (const way of ["Connect by USB", "USB card 1"]) {
        await page.getByRole("link", { name: "Kincard" }).click();
        await page.getByRole("link", { name: /Check a card/ }).click();
        await press(page, way);
        await heading(page, "This card is genuine");
        await page.evaluate("window.cable.close()");
      }
    });
  });

  it("knows a port again that was chosen before a reload", async () => {
    const options = { cards: 1, before: SERIAL, config: NO_BOARDS };
    await visit(browser(), options, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await press(page, "Connect by USB");
      await heading(page, "This card is genuine");
      await page.reload();
      await press(page, "USB card 1");
      await heading(page, "This card is genuine");
    });
  });

  it("reaches a card on Web Bluetooth, 20 bytes a write, one at a time", async () => {
    const options = { cards: 1, before: BLUETOOTH, config: NO_BOARDS };
    await visit(browser(), options, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await press(page, "Connect by Bluetooth");
      await heading(page, "This card is genuine");
      assert.equal(await page.evaluate("window.longest"), 20);
    });
  });

  it("backs up to a card on the browser's own Web Bluetooth, as far as it is emulated", async () => {
    const options = { cards: 2, before: KEEP_CHARACTERISTIC };
    await visit(browser(), options, async ({ page, cards }) => {
      const [a, b] = cards as [(typeof cards)[0], (typeof cards)[0]];
      const emulated = await EmulatedBluetooth.start(browser(), page, b.board, GATT);
      await makeWallet(page, a);
      await startBackup(page, [b]);
      await press(page, "Connect by Bluetooth");
      await heading(page, "Your backup is done");
      assert.equal(Math.max(...emulated.writes), 20);
      await emulated.stop();
    });
  });

  it("says so and offers a way on where the browser has neither", async () => {
    const before = "delete Navigator.prototype.serial; delete Navigator.prototype.bluetooth;";
    const options = { cards: 1, before, config: NO_BOARDS, viewport: PHONE };
    await visit(browser(), options, async ({ page }) => {
      await page.getByText("It can't reach cards over Bluetooth").waitFor();
      await look(page, "40-no-way");
      await page.getByRole("link", { name: /Verify a message/ }).click();
      await heading(page, "Verify a message");
    });
  });

  it("says so where the file of its host is broken, and goes on without it", async () => {
    for (const boards of [5, [{ name: "Card A" }], [null]]) {
      const config = { ...NO_BOARDS, boards };
      await visit(browser(), { cards: 1, config, viewport: PHONE }, async ({ page }) => {
        const told = await page.getByRole("alert").innerText();
        assert.match(told, /kincard\.json has "boards" that are no list of name, url and label/);
        if (boards === 5) await look(page, "41-broken-config");
        await page.getByRole("link", { name: /Verify a message/ }).click();
        await heading(page, "Verify a message");
      });
    }
  });

  it("opens without a network after the first load", async () => {
    await visit(browser(), { cards: 1, serviceWorkers: "allow" }, async ({ page, served }) => {
      await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
      await served.close();
      await page.reload();
      await page.getByRole("link", { name: /Verify a message/ }).click();
      await heading(page, "Verify a message");
    });
  });

  it("keeps other sites away from the boards", async () => {
    await visit(browser(), { cards: 1 }, async ({ served }) => {
      const { host } = new URL(served.url);
      const ask = async (headers: Record<string, string>) => {
        const { request } = await import("node:http");
        return new Promise<number>((resolve) => {
          const sent = request(`http://${host}/kincard.json`, { headers }, (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          });
          sent.end();
        });
      };
      assert.equal(await ask({ host }), 200);
      assert.equal(await ask({ host: "evil.example" }), 421);
      const { WebSocket } = await import("ws");
      const opened = await new Promise((resolve) => {
        const socket = new WebSocket(`ws://${host}/board/1`, { origin: "http://evil.example" });
        socket.on("open", () => resolve(true));
        socket.on("error", () => resolve(false));
      });
      assert.equal(opened, false, "another site's page reached a board");
    });
  });
});
