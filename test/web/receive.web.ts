/** An address to receive by: derived by a card, shown with its QR code, checked on another card. */

import assert from "node:assert/strict";
import decodeQR from "qr/decode.js";
import type { Page } from "playwright-core";
import { readAddress, witnessAddressOf } from "../../host/sdk/core.js";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import { AccessCode, CardSession, fromHex, LineTransport } from "../../host/sdk/core.js";
import { parsePath } from "../../host/sdk/crypto/bip32.js";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { CODE, heading, home, look, makeWallet, PHONE, press } from "./support.js";
import { startBackup, tap, visit, withBrowser } from "./support.js";

type Card = ServedBoard;

/** What the card itself derives, asked by another host. */
async function derived({ board, name }: Card, path: string): Promise<string> {
  const session = new CardSession(await LineTransport.connect(board.duplex(), { name }));
  await session.openChannel({ maker: fromHex(DEMO_MAKER_PUBLIC) });
  const code = AccessCode.from(CODE);
  await session.enterCode(code);
  code.wipe();
  const { publicKey } = await session.publicKey(parsePath(path));
  await session.close();
  return witnessAddressOf(publicKey);
}

const shownAddress = async (page: Page) =>
  (await page.locator(".address span").allInnerTexts()).join("");

/** What a camera before the screen reads. */
async function scanned(page: Page): Promise<string> {
  const pixels = (await page.evaluate(`(async () => {
    const svg = document.querySelector("svg.qr").cloneNode(true);
    for (const [kind, fill] of [["light", "#fff"], ["dark", "#000"]])
      svg.querySelector("." + kind).setAttribute("fill", fill);
    const [, , size] = svg.getAttribute("viewBox").split(" ").map(Number);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8 * size;
    const context = canvas.getContext("2d");
    context.scale(8, 8);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, size, size);
    context.fillStyle = "#000";
    context.fill(new Path2D(svg.querySelector(".dark").getAttribute("d")));
    return { size: canvas.width, data: [...context.getImageData(0, 0, canvas.width, canvas.width).data] };
  })()`)) as { size: number; data: number[] };
  const { size, data } = pixels;
  return decodeQR({ width: size, height: size, data: Uint8Array.from(data) });
}

async function ask(page: Page): Promise<void> {
  await home(page);
  await page.getByRole("link", { name: /Receive/ }).click();
  await page.getByLabel("Access code").fill(CODE);
}

describe("the page: receive", function () {
  const { browser } = withBrowser(this);

  it("shows the card's own address, its QR code and the card's label; another card agrees", async () => {
    await visit(browser(), { cards: 2, viewport: PHONE }, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await makeWallet(page, a);
      await startBackup(page, [b]);
      await tap(page, b);
      await heading(page, "Your backup is done");
      await press(page, "Receive");
      await page.getByLabel("Access code").fill(CODE);
      await look(page, "61-receive");
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "Address 1");
      const address = await shownAddress(page);
      assert.equal(readAddress(address).kind, "P2WPKH");
      assert.equal(await scanned(page), `bitcoin:${address}`);
      assert.ok((await page.locator("main").innerText()).includes(a.label), "whose it is");
      await look(page, "62-address");
      await press(page, "Check it with another card");
      const [main] = await page.locator(".tap button.pick").all();
      assert.equal(await main?.isDisabled(), true, "the same card is no other one");
      await tap(page, b);
      await page.getByText("Both cards show this address").waitFor();
      await look(page, "63-address-checked");
      await home(page);
      assert.equal(address, await derived(a, "m/84'/0'/0'/0/0"));
    });
  });

  it("has more addresses, and refuses what is no number", async () => {
    await visit(browser(), { cards: 1 }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await makeWallet(page, a);
      await ask(page);
      await page.getByText("Another address of the wallet").click();
      await page.getByLabel("Number of the address").fill("0");
      await press(page, "Next: the card");
      await page.getByText("A number is 1 or more").waitFor();
      await page.getByLabel("Number of the address").fill("7");
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "Address 7");
      const address = await shownAddress(page);
      await home(page);
      assert.equal(address, await derived(a, "m/84'/0'/0'/0/6"));
    });
  });

  it("says so when another card shows another address", async () => {
    await visit(browser(), { cards: 2 }, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await makeWallet(page, a);
      await home(page);
      await makeWallet(page, b);
      await ask(page);
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "Address 1");
      await press(page, "Check it with another card");
      await tap(page, b);
      await page.getByText(`${b.label} shows another address: it holds another wallet`).waitFor();
    });
  });
});
