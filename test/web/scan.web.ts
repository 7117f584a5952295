/**
 * A label is scanned or typed: the camera and BarcodeDetector are fakes, Linux browsers have none.
 */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { heading, look, PHONE, press, tap, until, visit, withBrowser } from "./support.js";

/** window.seen is what the camera looks at; window.tracks counts cameras that are on. */
const CAMERA = `
  window.tracks = 0;
  window.seen = [];
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return window.formats ?? ["qr_code"]; }
    constructor({ formats }) {
      if (formats.join() !== "qr_code") throw new TypeError("another format");
    }
    async detect(video) {
      if (!(video.srcObject instanceof MediaStream)) throw new TypeError("no picture");
      return window.seen.map((rawValue) => ({ rawValue }));
    }
  };
  const getUserMedia = async ({ video }) => {
    if (video.facingMode !== "environment") throw new Error("the wrong camera");
    if (window.cameraFault) throw new DOMException("no", window.cameraFault);
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 300, 150);
    const stream = canvas.captureStream(10);
    window.tracks++;
    for (const track of stream.getTracks()) {
      const { stop } = track;
      track.stop = () => { window.tracks--; stop.call(track); };
    }
    return stream;
  };
  Object.defineProperty(Navigator.prototype, "mediaDevices",
    { configurable: true, get: () => ({ getUserMedia }) });
`;
const SCAN = "Scan it with the camera";

describe("the page: scanning a label", function () {
  const { browser } = withBrowser(this);
  const options = { cards: 1, before: CAMERA, viewport: PHONE };
  const begin = async (page: Page) => {
    await page.getByRole("link", { name: /Make a wallet/ }).click();
    await press(page, SCAN);
  };
  const off = (page: Page) => until(page, "window.tracks === 0");

  it("puts the label that the camera sees into the field, and switches the camera off", async () => {
    await visit(browser(), options, async ({ page, cards }) => {
      const [card] = cards as [(typeof cards)[0]];
      await begin(page);
      await until(page, "window.tracks === 1");
      await look(page, "80-scan");
      await page.evaluate(`window.seen = ["https://shop.example/"]`);
      await page.getByText("That code is not a card's label.").waitFor();
      await page.evaluate(`window.seen = ["${card.label}"]`);
      await off(page);
      assert.equal(await page.getByLabel("Label of the empty card").inputValue(), card.label);
      assert.equal(await page.locator("video").count(), 0);
      await page.getByLabel("New access code").fill("a fine code");
      await page.getByLabel("The same code again").fill("a fine code");
      await press(page, "Next: the card");
      await tap(page, card);
      await heading(page, "Your wallet is made");
    });
  });

  it("takes no other card in the place of the one that was scanned", async () => {
    await visit(browser(), { ...options, cards: 2 }, async ({ page, cards }) => {
      const [mine, other] = cards as [(typeof cards)[0], (typeof cards)[0]];
      await begin(page);
      await page.evaluate(`window.seen = ["${mine.label}"]`);
      await off(page);
      await page.getByLabel("New access code").fill("a fine code");
      await page.getByLabel("The same code again").fill("a fine code");
      await press(page, "Next: the card");
      await tap(page, other);
      await heading(page, "That did not work");
      const text = await page.getByRole("alert").innerText();
      assert.ok(text.startsWith(`This is the card ${other.label}, not ${mine.label}.`), text);
    });
  });

  it("closes the camera when the user says so, and when the user goes elsewhere", async () => {
    const desk = { cards: 1, before: CAMERA, colorScheme: "dark" } as const;
    await visit(browser(), desk, async ({ page }) => {
      await begin(page);
      await until(page, "window.tracks === 1");
      await look(page, "80-scan");
      await press(page, "Close the camera");
      await off(page);
      await press(page, SCAN);
      await until(page, "window.tracks === 1");
      await page.getByRole("link", { name: "Kincard" }).click();
      await off(page);
    });
  });

  it("says so when the camera or its reader is not there, and takes the typed label", async () => {
    await visit(browser(), options, async ({ page }) => {
      await page.getByRole("link", { name: /Make a wallet/ }).click();
      for (const [script, words] of [
        [`window.cameraFault = "NotAllowedError"`, "not allowed to use the camera. Type the label"],
        [`window.cameraFault = "NotFoundError"`, "There is no camera that can be used now."],
        [`window.formats = ["ean_13"]`, "This browser can't read QR codes. Type the label"],
      ] as const) {
        await page.evaluate(script);
        await press(page, SCAN);
        await page.getByText(words).waitFor();
      }
    });
  });

  it("offers no camera where the browser can't read codes", async () => {
    await visit(browser(), { cards: 1 }, async ({ page }) => {
      await page.getByRole("link", { name: /Make a wallet/ }).click();
      await page.getByLabel("Label of the empty card").waitFor();
      assert.equal(await page.getByRole("button", { name: SCAN }).count(), 0);
    });
  });
});
