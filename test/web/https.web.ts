/** The page over HTTPS, as a phone in the same network gets it. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lanAddresses, placeOf } from "../../host/apps/page/server/addresses.js";
import { ownCertificate } from "../../host/apps/page/server/certificate.js";
import { heading, makeWallet, PHONE, startBackup, tap, visit, withBrowser } from "./support.js";

describe("the page: over HTTPS", function () {
  const { browser } = withBrowser(this, ["--enable-features=WebBluetooth"]);
  const folder = mkdtempSync(join(tmpdir(), "kincard-https-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is a secure page on the machine's own address, and backs cards up over wss", async function () {
    const place = placeOf(undefined, true);
    if (lanAddresses().length === 0) {
      console.log("      skipped: this machine has no address in a network");
      return this.skip();
    }
    const tls = await ownCertificate(join(folder, "certificate.pem"), place.names);
    const options = { cards: 2, viewport: PHONE, ignoreHTTPSErrors: true, serve: { place, tls } };
    await visit(browser(), options, async ({ page, cards, served }) => {
      assert.match(served.url, /^https:\/\/(?!127|localhost)/);
      assert.equal(new URL(page.url()).origin, new URL(served.url).origin);
      assert.equal(await page.evaluate("isSecureContext && 'bluetooth' in navigator"), true);
      const [a, b] = cards as [(typeof cards)[0], (typeof cards)[0]];
      await makeWallet(page, a);
      await startBackup(page, [b]);
      await tap(page, b);
      await heading(page, "Your backup is done");
    });
  });
});
