/** A transaction that another program prepared: read, asked about, signed by a card, saved. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as btc from "@scure/btc-signer";
import type { Page } from "playwright-core";
import { DEMO_MAKER_PUBLIC } from "../../firmware/build/demo-maker.js";
import type { ServedBoard } from "../../host/apps/page/server/serve.js";
import { AccessCode, CardSession, fromHex, LineTransport } from "../../host/sdk/core.js";
import { parsePath } from "../../host/sdk/crypto/bip32.js";
import { toBase64 } from "../../host/sdk/crypto/text.js";
import { masterFingerprint } from "../../host/sdk/signers/source.js";
import { CODE, heading, home, inSight, look, makeWallet, PHONE, press } from "./support.js";
import { tap, visit, withBrowser } from "./support.js";

type Card = ServedBoard;
const FOREIGN = "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu";

/** What a program that watches this card's wallet prepares: 0.001 in, 0.0004 to somebody. */
async function prepared({ board, name }: Card, { proven = true } = {}): Promise<Uint8Array> {
  const session = new CardSession(await LineTransport.connect(board.duplex(), { name }));
  await session.openChannel({ maker: fromHex(DEMO_MAKER_PUBLIC) });
  const code = AccessCode.from(CODE);
  await session.enterCode(code);
  code.wipe();
  const fingerprint = Number(`0x${await masterFingerprint(session)}`);
  const keyAt = async (path: string) => {
    const steps = parsePath(path);
    return { ...(await session.publicKey(steps)), from: { fingerprint, path: steps } };
  };
  const own = await keyAt("m/84'/0'/0'/0/0");
  const back = await keyAt("m/84'/0'/0'/1/0");
  await session.close();
  const spent = btc.p2wpkh(own.publicKey);
  const before = new btc.Transaction({ allowUnknownInputs: true });
  before.addOutput({ script: spent.script, amount: 100_000n });
  before.addInput({ txid: "11".repeat(32), index: 0, finalScriptSig: Uint8Array.of(0x51) });
  const transaction = new btc.Transaction();
  transaction.addInput({
    ...{ txid: before.id, index: 0 },
    witnessUtxo: { script: spent.script, amount: 100_000n },
    ...(proven ? { nonWitnessUtxo: before.toBytes(true) } : {}),
    bip32Derivation: [[own.publicKey, own.from]],
  });
  transaction.addOutputAddress(FOREIGN, 40_000n);
  transaction.addOutput({
    ...{ script: btc.p2wpkh(back.publicKey).script, amount: 59_000n },
    bip32Derivation: [[back.publicKey, back.from]],
  });
  return transaction.toPSBT();
}

const begin = async (page: Page) => {
  await home(page);
  await page.getByRole("link", { name: /Sign a transaction/ }).click();
  await heading(page, "Sign a transaction");
};
const choose = (page: Page, content: Uint8Array | string) =>
  page.getByLabel("The file").setInputFiles({
    ...{ name: "rent.psbt", mimeType: "application/octet-stream", buffer: Buffer.from(content) },
  });
const row = (page: Page, name: string) =>
  page.locator("dt", { hasText: name }).locator("+ dd").first().innerText();

describe("the page: a transaction to sign", function () {
  const { browser } = withBrowser(this);

  it("is shown before the card is asked, signed, saved, and whole", async () => {
    await visit(browser(), { viewport: PHONE }, async ({ page, cards }) => {
      const [a] = cards as [Card];
      const loaded: string[] = [];
      page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
      await makeWallet(page, a);
      assert.ok(!loaded.some((path) => path.includes("psbt-task")), "nobody asked for it yet");
      const psbt = await prepared(a);
      await begin(page);
      await press(page, "Next: the card");
      await page.getByText("Choose a file, or paste").waitFor();
      await choose(page, "no PSBT at all");
      await press(page, "Next: the card");
      await page.getByText(/PSBT/).locator("visible=true").first().waitFor();
      await choose(page, psbt);
      await page.getByLabel("Access code").fill(CODE);
      await look(page, "92-psbt");
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "Sign this transaction?");
      await page.getByText("You spend 0.00041000 BTC, the fee included.").waitFor();
      assert.match(await row(page, "To"), new RegExp(`0\\.00040000 BTC\\s+${FOREIGN}`));
      assert.match(await row(page, "Change"), /0\.00059000 BTC[\s\S]*m\/84'\/0'\/0'\/1\/0/);
      assert.equal(await row(page, "Fee"), "0.00001000 BTC");
      assert.equal(await page.getByText("does not prove").count(), 0);
      await inSight(page, page.getByRole("button", { name: "Sign it" }));
      await look(page, "93-psbt-question");
      await press(page, "Sign it");
      await heading(page, "Signed");
      await look(page, "94-psbt-signed");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        press(page, "Save the file"),
      ]);
      assert.equal(download.suggestedFilename(), "rent-signed.psbt");
      const signed = readFileSync(await download.path());
      const whole = btc.Transaction.fromPSBT(signed);
      whole.finalize();
      assert.equal(whole.getOutput(0).amount, 40_000n);
      await page.getByText("The signed PSBT as text").click();
      await page.getByText(toBase64(signed), { exact: true }).waitFor();
    });
  });

  it("is taken as text; an amount that nothing proves is said; going away signs nothing", async () => {
    await visit(browser(), {}, async ({ page, cards }) => {
      const [a] = cards as [Card];
      await makeWallet(page, a);
      const psbt = await prepared(a, { proven: false });
      await begin(page);
      await page.getByText("Paste it instead").click();
      await page.getByLabel("Or its text").fill(`${toBase64(psbt)}\n`);
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "Sign this transaction?");
      await page.getByText("does not prove").waitFor();
      await look(page, "95-psbt-unproven");
      await press(page, "Back to the start");
      await heading(page, "Kincard");
    });
  });

  it("of another wallet is refused before anything is asked", async () => {
    await visit(browser(), { cards: 2 }, async ({ page, cards }) => {
      const [a, b] = cards as [Card, Card];
      await makeWallet(page, b);
      const psbt = await prepared(b);
      await home(page);
      await makeWallet(page, a);
      await begin(page);
      await choose(page, psbt);
      await page.getByLabel("Access code").fill(CODE);
      await press(page, "Next: the card");
      await tap(page, a);
      await heading(page, "That did not work");
      await page.getByText("Use the card that holds this wallet").waitFor();
      await look(page, "96-psbt-another");
    });
  });
});
