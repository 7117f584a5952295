/**
 * Web NFC tells which card lies here; Bluetooth carries the rest. Both are fakes over a virtual
 * card's WebSocket: no browser on a desk has Web NFC. Not on the air.
 */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { PACKETS } from "./packets.js";
import { heading, home, look, PHONE, press, until, visit, withBrowser } from "./support.js";

const config = { maker: DEMO_MAKER_PUBLIC, demo: true };

/** Chooses the card only by the name that it advertises. */
const BLUETOOTH = `${PACKETS}
  const define = (name, value) =>
    Object.defineProperty(Navigator.prototype, name, { configurable: true, get: () => value });
  const device = new EventTarget();
  const fromCard = new EventTarget();
  const toCard = { async writeValueWithResponse(bytes) { toCable(bytes); } };
  fromCard.startNotifications = async () => {
    window.cable.onmessage = fromCable((packet) => {
      fromCard.value = new DataView(packet.buffer);
      fromCard.dispatchEvent(new Event("characteristicvaluechanged"));
    });
  };
  device.name = "Kincard 1a2b";
  device.gatt = {
    async connect() {
      const socket = (window.cable = new WebSocket("ws://" + location.host + "/board/1"));
      socket.binaryType = "arraybuffer";
      await new Promise((done) => (socket.onopen = done));
      socket.onclose = () => device.dispatchEvent(new Event("gattserverdisconnected"));
      const getCharacteristic = async (uuid) => (uuid.endsWith("2") ? toCard : fromCard);
      return { getPrimaryService: async () => ({ getCharacteristic }) };
    },
    disconnect() { window.cable?.close(); },
  };
  define("bluetooth", { async requestDevice(options) {
    if (!navigator.userActivation.isActive) throw new DOMException("no click", "SecurityError");
    window.asked = options;
    const { filters } = options;
    if (filters.some(({ name, services }) => services || name === device.name)) return device;
    throw new DOMException("none there", "NotFoundError");
  } });
  delete Navigator.prototype.serial;
`;

/** window.hold(records) is a tag that comes near; window.scans counts who listens. */
const NFC = `
  window.scans = 0;
  const readers = new Set();
  window.NDEFReader = class extends EventTarget {
    async scan({ signal }) {
      if (window.nfcFault) throw new DOMException("no", window.nfcFault);
      readers.add(this);
      window.scans = readers.size;
      signal.addEventListener("abort", () => {
        readers.delete(this);
        window.scans = readers.size;
      });
    }
  };
  window.hold = (records) => {
    for (const reader of [...readers]) {
      const event = new Event(records ? "reading" : "readingerror");
      event.message = { records: (records ?? []).map(([recordType, text]) => ({
        recordType, data: new DataView(new TextEncoder().encode(text).buffer),
      })) };
      reader.dispatchEvent(event);
    }
  };
`;

describe("the page: Web NFC", function () {
  const { browser } = withBrowser(this);
  const options = { cards: 1, config, before: BLUETOOTH + NFC, viewport: PHONE };
  const hold = (page: Page, ...records: [type: string, text: string][]) =>
    page.evaluate(`window.hold(${JSON.stringify(records)})`);
  const said = (page: Page) => page.locator(".tap .fault");

  it("reads the card's name off its tag, and asks Bluetooth for that card alone", async () => {
    await visit(browser(), options, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await press(page, "Tap the card");
      await page.getByText("Hold the card to the phone's back").waitFor();
      await hold(page, ["text", "hello"], ["url", "https://cards.example/#1A2B"]);
      await page.getByText("Kincard 1a2b is here.").waitFor();
      assert.equal(await page.evaluate("window.scans"), 0, "it goes on scanning");
      await look(page, "70-tapped");
      await press(page, "Connect Kincard 1a2b");
      await heading(page, "This card is genuine");
      const asked = (await page.evaluate("window.asked")) as { filters: { name: string }[] };
      assert.ok(asked.filters.every(({ name }) => /^Kincard 1a2b$/i.test(name)));
      await home(page);
      await page.getByRole("link", { name: /Check a card/ }).click();
      await page.getByRole("button", { name: "Tap the card" }).waitFor();
      const old = page.getByRole("button", { name: "Connect Kincard 1a2b" });
      assert.equal(await old.count(), 0, "a name that is no longer on the air is offered");
    });
  });

  it("takes the name from the address when a tap opened the page", async () => {
    await visit(browser(), options, async ({ page, served }) => {
      await page.goto("about:blank");
      await page.goto(`${served.url}#1a2b`);
      await page.getByText("Kincard 1a2b is here.").waitFor();
      assert.equal(await page.evaluate("location.hash"), "#/");
      await look(page, "71-opened-by-a-tap");
      await page.getByRole("link", { name: /Check a card/ }).click();
      await press(page, "Connect Kincard 1a2b");
      await heading(page, "This card is genuine");
    });
  });

  it("finds nothing where another card lies: no fault, and the other ways stay", async () => {
    await visit(browser(), options, async ({ page, served }) => {
      await page.goto("about:blank");
      await page.goto(`${served.url}#0000`);
      await page.getByRole("link", { name: /Check a card/ }).click();
      await press(page, "Connect Kincard 0000");
      await until(page, "window.asked !== undefined");
      await page.locator('.tap:not([aria-busy="true"])').waitFor();
      assert.equal(await said(page).innerText(), "");
      await press(page, "Connect by Bluetooth");
      await heading(page, "This card is genuine");
    });
  });

  it("says so of a foreign tag, and of one that can't be read", async () => {
    const desk = { cards: 1, config, before: BLUETOOTH + NFC, colorScheme: "dark" } as const;
    await visit(browser(), desk, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      const foreign: [string, string][][] = [
        [["url", "https://shop.example/ticket"]],
        [["url", "https://cards.example/#/check"]],
        [["text", "#1a2b"]],
        [],
      ];
      for (const records of foreign) {
        await press(page, "Tap the card");
        await page.getByText("Hold the card to the phone's back").waitFor();
        await hold(page, ...records);
        await page.getByText("This tag is not a Kincard card. Take a card").waitFor();
      }
      await look(page, "72-foreign-tag");
      await press(page, "Tap the card");
      await page.getByText("Hold the card to the phone's back").waitFor();
      await page.evaluate("window.hold(undefined)");
      await page.getByText("The tag could not be read.").waitFor();
    });
  });

  it("says so when NFC is off, missing or forbidden", async () => {
    await visit(browser(), options, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      for (const [fault, words] of [
        ["NotReadableError", "NFC is switched off on this phone."],
        ["NotSupportedError", "This phone has no NFC."],
        ["NotAllowedError", "does not let the page read NFC tags."],
      ] as const) {
        await page.evaluate(`window.nfcFault = "${fault}"`);
        await press(page, "Tap the card");
        await page.getByText(words).waitFor();
      }
    });
  });

  it("lets the user take another way while it listens", async () => {
    await visit(browser(), options, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await press(page, "Tap the card");
      await until(page, "window.scans === 1");
      await press(page, "Connect by Bluetooth");
      await heading(page, "This card is genuine");
      assert.equal(await page.evaluate("window.scans"), 0, "it goes on scanning");
    });
  });

  it("stops listening when the user goes elsewhere", async () => {
    await visit(browser(), options, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await press(page, "Tap the card");
      await until(page, "window.scans === 1");
      await home(page);
      await until(page, "window.scans === 0");
    });
  });

  it("offers no tap where the browser has no Web NFC", async () => {
    await visit(browser(), { ...options, before: BLUETOOTH }, async ({ page }) => {
      await page.getByRole("link", { name: /Check a card/ }).click();
      await page.getByRole("button", { name: "Connect by Bluetooth" }).waitFor();
      assert.equal(await page.getByRole("button", { name: "Tap the card" }).count(), 0);
    });
  });
});
