/**
 * Virtual boards as ISO 7816 cards in the system's PC/SC service: pcscd, vsmartcard's reader,
 * opensc-tool, scriptor and the smartcard package, each the real one.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backup, fromHex, openLink, toHex, concat } from "../../host/sdk/index.js";
import type { CardSession, Transport } from "../../host/sdk/core.js";
import { formatLabel } from "../../host/sdk/card/label.js";
import { AID } from "../../host/sdk/wire/generated.js";
import { accessCode, CODE, COST, MAKER, needsBundle } from "../host/support.js";
import { kincard, kincardHere } from "../cli/support.js";
import { SlotCard, uriOf } from "./cards.js";
import { missingParts, PcscService, READERS } from "./service.js";
import { openscTool, scriptor } from "./tools.js";
import type { Client } from "./tools.js";

const SELECT = fromHex(`00A4040009${AID}`);
const CERTIFICATE = fromHex("8016000000");
const CLIENTS: readonly [string, Client][] = [
  ["opensc-tool", openscTool],
  ["scriptor", scriptor],
];

/** A short command; what does not fit is chained (docs/protocol.md 3). */
function command(ins: number, data: Uint8Array): Uint8Array[] {
  const lc = (bytes: Uint8Array) => Uint8Array.of(...(bytes.length ? [bytes.length] : []));
  const part = (cla: number, bytes: Uint8Array) =>
    concat(Uint8Array.of(cla, ins, 0, 0), lc(bytes), bytes);
  if (data.length <= 255) return [concat(part(0x80, data), Uint8Array.of(0))];
  return [part(0x90, data.subarray(0, 255)), ...command(ins, data.subarray(255))];
}

describe("cards in PC/SC readers", function () {
  this.timeout(120_000);
  needsBundle(this);
  const folder = mkdtempSync(join(tmpdir(), "kincard-pcsc-"));
  const cards: SlotCard[] = [];
  let service: PcscService | undefined;
  let [a, b, c]: SlotCard[] = [];

  before(async function () {
    const reason = await missingParts();
    if (reason && process.env["KINCARD_REQUIRE_PCSC"]) throw new Error(reason);
    if (reason) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    service = await PcscService.start();
    const make = async (name: string, slot: number) => {
      const card = await SlotCard.make(folder, name, slot);
      cards.push(card);
      return card;
    };
    [a, b] = await Promise.all([make("A", 0), make("B", 1)]);
  });
  after(async () => {
    for (const card of cards) await card.end();
    const left = await service?.stop();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(left ?? [], [], "something still listens");
  });

  const unlock = async (session: CardSession) => {
    await session.openChannel({ maker: MAKER });
    await session.enterCode(accessCode());
  };
  const activate = (card: SlotCard) =>
    card.use(async (session) => {
      await session.openChannel({ maker: MAKER });
      return session.activate(accessCode(), { cost: COST });
    });
  const ledgerOf = (card: SlotCard) =>
    card.use(async (session) => {
      await unlock(session);
      return session.ledger();
    });
  const reset = (card: SlotCard) =>
    card.use(async (session) => {
      await unlock(session);
      await session.reset();
    });
  const swap = async (out: SlotCard, into: SlotCard) => {
    await out.takeOut();
    await into.putIn();
    // The tools don't wait for a card; this does.
    await into.use((session) => session.status());
  };

  for (const [name, client] of CLIENTS)
    it(`${name} selects each card and reads its certificate`, async () => {
      for (const card of [a!, b!]) {
        const selected = await client(card.slot, [SELECT]);
        assert.equal(toHex(selected.subarray(0, 2)), "0101", "version and suite");
        const bytes = await client(card.slot, [SELECT, CERTIFICATE]);
        const { certificate } = await card.use((session) => session.openChannel({ maker: MAKER }));
        assert.equal(toHex(bytes), toHex(certificate.bytes));
        assert.equal(toHex(certificate.id), toHex(card.id));
      }
    });

  it("`kincard doctor` lists the readers, and what lies on them", async () => {
    const { exit, json, stderr } = await kincard(["doctor", "--no-ask", "--json"]);
    assert.equal(exit, 0, stderr);
    const readers = (json.findings as { check: string; state: string; says: string }[]).filter(
      ({ check }) => check === "PC/SC readers",
    );
    assert.deepEqual(
      readers.map(({ state, says }) => [state, says]),
      READERS.map((name) => ["ok", `pcsc:${name}, something lies on it`]),
    );
  });
  it("`kincard hil --find` finds the cards on both readers, and tests them", async () => {
    const found = await kincard(["hil", "--find", "--yes"], { hungMs: 280_000 });
    assert.equal(found.exit, 0, found.stdout + found.stderr);
    for (const [slot, card] of [a, b].entries()) {
      const label = formatLabel(card!.id);
      const line = `  found at ${uriOf(slot)}: EMPTY, DEMO, `;
      const told = found.stderr.split("\n").find((text) => text.startsWith(line));
      assert.ok(told?.endsWith(label), found.stderr);
    }
    assert.match(found.stdout, /^a backup: .* passed, source +passed, copy$/m);
    assert.match(found.stdout, / 0 failed, /);
  }).timeout(300_000);

  it("a reset by the reader ends the channel before the next program comes", async () => {
    const salt = fromHex(`8422000010${"00".repeat(16)}`);
    const wrongSeal = await a!.use(async (session) => {
      await session.openChannel({ maker: MAKER });
      return session.transport.transmit(salt);
    });
    assert.equal(toHex(wrongSeal), "6988", "an open channel finds the seal wrong");
    await a!.use((session) => session.openChannel({ maker: MAKER }));
    // Without SELECT, which would end the channel too.
    const next = await openLink(uriOf(0));
    const noChannel = await next.transmit(salt);
    await next.close();
    assert.equal(toHex(noChannel), "6982", "after the reset there is no channel");
  });

  it("`kincard backup` copies a wallet from one reader to the other", async () => {
    const run = async (...args: string[]) => {
      const options = ["--maker-key", "demo", "--code-fd", "3", "--json"];
      const ended = await kincardHere([...args, ...options], { secrets: [CODE] });
      assert.equal(ended.exit, 0, ended.stderr);
      return ended.json;
    };
    const [source, copy] = [0, 1].map((slot) => ["--card", uriOf(slot)]) as [string[], string[]];
    const { publicKey } = await run("activate", ...source, "--cost", String(COST));
    const done = await run("backup", ...source, ...copy);
    assert.equal(done.complete, true);
    assert.equal(done.publicKey, publicKey);
    const digest = ["--digest", "5a".repeat(32)];
    const signed = [await run("sign", ...source, ...digest), await run("sign", ...copy, ...digest)];
    assert.equal(signed[0].publicKey, publicKey);
    assert.equal(signed[1].signature, signed[0].signature);
    for (const card of [a!, b!]) await reset(card);
  });

  it("opensc-tool and scriptor carry a three-card backup's messages, cards swapped", async () => {
    await b!.takeOut();
    c = await SlotCard.make(folder, "C", 1);
    cards.push(c);
    await swap(c, b!);
    const source = await activate(a!);
    const copies = [b!, c] as const;
    for (const [index, [name, client]] of CLIENTS.entries()) {
      const copy = copies[index] as SlotCard;
      if (index) await swap(copies[0], copy);
      await copy.use(async (session) => {
        await session.openChannel({ maker: MAKER });
        await session.nameSource({ id: a!.id, setId: source.setId });
      });
      const offer = await client(1, [SELECT, ...command(0x32, new Uint8Array(0))]);
      assert.equal(offer.length, 239, `${name}: the OFFER`);
      // The first SEAL goes through the app, whose channel has the code; its answer is lost.
      const sealed = await a!.use(async (session) => {
        await unlock(session);
        await session.nameDestinations({ setSize: 3, ids: [copy.id] });
        return session.seal(offer);
      });
      const transfer = await client(0, [SELECT, ...command(0x36, offer)]);
      assert.equal(toHex(transfer), toHex(sealed), `${name}: the same TRANSFER, 366 bytes`);
      const receipt = await client(1, [SELECT, ...command(0x38, transfer)]);
      assert.equal(receipt.length, 32, `${name}: the RECEIPT`);
      await client(0, [SELECT, ...command(0x3a, receipt)]);
    }
    const { state, setSize } = await a!.use((session) => session.status());
    assert.deepEqual([state, setSize], ["SHARED", 3]);
    assert.equal(toHex((await ledgerOf(c)).publicKey), toHex(source.publicKey));
    await reset(c);
    await swap(c, b!);
    assert.equal(toHex((await ledgerOf(b!)).publicKey), toHex(source.publicKey));
    for (const card of [a!, b!]) await reset(card);
  });

  it("the relay makes a three-card backup through pcsc: links, cards swapped", async () => {
    const source = await activate(a!);
    const copies = [b!, c!] as const;
    let inSlot = 0;
    let swaps = 0;
    const links: (Transport | undefined)[] = [];
    const result = await backup({
      ...{ maker: MAKER, code: accessCode(), setSize: 3 },
      approve: async () => true,
      present: async ({ role }) => {
        const slot = role.kind === "source" ? 0 : 1;
        await links[slot]?.close();
        if (role.kind === "copy" && role.index !== inSlot) {
          await swap(copies[inSlot]!, copies[role.index]!);
          inSlot = role.index;
          swaps++;
        }
        return (links[slot] = await openLink(uriOf(slot)));
      },
    });
    for (const link of links) await link?.close();
    assert.equal(result.complete, true);
    assert.ok(swaps >= 1, "no card was swapped");
    assert.equal(toHex(result.publicKey), toHex(source.publicKey));
    assert.deepEqual(
      result.copies.map(({ id }) => toHex(id)),
      copies.map(({ id }) => toHex(id)),
    );
  });
});
