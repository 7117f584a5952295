/** `kincard/virtual` in a real browser: one module, nothing else; the same card as on Node. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { DIST } from "../../firmware/build/paths.js";
import { virtualCard } from "../../host/emulator/card/index.js";
import { withBrowser } from "./support.js";

const POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'";

describe("web: a virtual card in a page", function () {
  const { browser } = withBrowser(this);
  let server: Server;
  let page: Page;
  const failures: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      const isScript = request.url === "/virtual.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.setHeader("content-security-policy", POLICY);
      const script = () => readFileSync(join(DIST, "browser/virtual.js"));
      response.end(isScript ? script() : "<!doctype html><title>a page</title>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    page = await browser().newPage();
    page.on("pageerror", (error) => failures.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  after(async () => {
    await page?.close();
    server?.close();
  });

  it("has the keys that its seed gives on Node, and signs", async () => {
    const card = await virtualCard({ seed: "browser" });
    const xpub = await card.session.xpub([]);
    const { label } = card;
    await card.close();
    const there = await page.evaluate(async () => {
      const path = "/virtual.js";
      const { virtualCard } = (await import(
        path
      )) as typeof import("../../host/emulator/card/index.js");
      const card = await virtualCard({ seed: "browser" });
      const { signature } = await card.session.sign([1], new Uint8Array(32).fill(1));
      const found = {
        label: card.label,
        xpub: await card.session.xpub([]),
        size: signature.length,
      };
      await card.close();
      return found;
    });
    assert.deepEqual(there, { label, xpub, size: 64 });
    assert.deepEqual(failures, []);
  });

  it("lives through power cuts, several at once, and leaves nothing in the page", async () => {
    const states = await page.evaluate(async () => {
      const path = "/virtual.js";
      const { virtualCard } = (await import(
        path
      )) as typeof import("../../host/emulator/card/index.js");
      const cards = [await virtualCard(), await virtualCard({ state: "EMPTY" })] as const;
      const [wallet, empty] = cards;
      wallet.powerOff();
      await wallet.unlock();
      const found = [(await wallet.session.status()).state, (await empty.session.status()).state];
      for (const card of cards) await card.close();
      return [...found, document.querySelectorAll("iframe").length, Array.from([1]).length];
    });
    assert.deepEqual(states, ["WALLET", "EMPTY", 0, 1]);
    assert.deepEqual(failures, []);
  });
});
