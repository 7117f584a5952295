/**
 * Labels of the maker tool: what is printed and drawn holds the label, read back by a QR reader.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import decodeQR from "qr/decode.js";
import { formatLabel } from "../../host/sdk/card/label.js";
import { qrLines, stickerSvg } from "../../host/apps/cli/qr.js";
import { makeKeyPair } from "../../host/sdk/crypto/curve.js";
import { MakerStore } from "../../host/sdk/maker/store.js";
import { requestOf } from "../host/card/requests.js";
import { columnsOf } from "../../host/apps/terminal/width.js";
import { kincard, kincardHere } from "./support.js";

const SCALE = 6;

/** Reads a picture of modules, true = dark. */
function read(dark: readonly (readonly boolean[])[]): string {
  const size = dark.length;
  const width = size * SCALE;
  const data = new Uint8Array(width * width * 4);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const on = dark[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)];
      data.fill(on ? 0 : 255, 4 * (y * width + x), 4 * (y * width + x) + 3);
      data[4 * (y * width + x) + 3] = 255;
    }
  }
  return decodeQR({ width, height: width, data });
}

/** Half blocks as modules: two rows a line. */
function blocks(lines: readonly string[], ink: boolean): boolean[][] {
  const rows = lines.flatMap((line) => [
    Array.from(line, (block) => "█▀".includes(block) === ink),
    Array.from(line, (block) => "█▄".includes(block) === ink),
  ]);
  const width = rows[0]?.length ?? 0;
  return rows.slice(0, width).map((row) => row.slice(0, width));
}

function sticker(svg: string): boolean[][] {
  const [, scale = "1", path = ""] = /scale\(([\d.]+)\)" d="([^"]+)"/.exec(svg) ?? [];
  const size = Math.round(20 / Number(scale));
  const dark = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) dark[Number(y)]![Number(x)] = true;
  return dark;
}

describe("labels with a QR code", function () {
  this.timeout(30_000);
  const label = formatLabel(Uint8Array.from({ length: 16 }, (_, i) => 7 * i + 3));
  const folder = mkdtempSync(join(tmpdir(), "kincard-label-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("are read off a terminal, where light is drawn, and off paper, where dark is", () => {
    // eslint-disable-next-line no-control-regex
    const plain = qrLines(label, true).map((line) => line.replace(/\u001b\[[\d;]*m/g, ""));
    assert.equal(read(blocks(plain, false)), label);
    assert.equal(read(blocks(qrLines(label, false), true)), label);
  });
  it("are read off a sticker, whatever else is written on it", () => {
    const svg = stickerSvg(label, ["KINCARD", label, "a <b> & c"]);
    assert.equal(read(sticker(svg)), label);
    assert.ok(svg.includes("a &#60;b&#62; &#38; c"), "text is not escaped");
  });

  it("of two cards with one serial come both, and it is said", async () => {
    const maker = join(folder, "twins");
    const store = await MakerStore.init(maker, "a passphrase for tests", { cost: 10 });
    await store.unlock("a passphrase for tests");
    const made = [];
    for (const serial of ["board 7", "board 7", "other"]) {
      made.push(await store.certify(requestOf(makeKeyPair(), store.publicKey), serial));
    }
    const labels = made.map(({ id }) => formatLabel(id));
    const args = ["maker", "label", "board 7", "--maker", maker];
    const both = await kincardHere([...args, "--json"]);
    const found = both.json.labels.map((card: { label: string }) => card.label);
    assert.deepEqual(found, labels.slice(0, 2));
    assert.match(both.stderr, /2 cards are called "board 7"/);
    const out = join(folder, "twins-drawn");
    await kincardHere([...args, "--svg", out]);
    assert.deepEqual(
      readdirSync(out).sort(),
      labels
        .slice(0, 2)
        .map((l) => `${l}.svg`)
        .sort(),
    );
    // Named twice, by its serial and its label: once.
    const once = await kincardHere([...args, labels[0] as string, "--json"]);
    assert.equal(once.json.labels.length, 2);
  });

  it("carry no control character: refused at the door, escaped in lists from before", async () => {
    const maker = join(folder, "evil");
    const store = await MakerStore.init(maker, "a passphrase for tests", { cost: 10 });
    await store.unlock("a passphrase for tests");
    const request = requestOf(makeKeyPair(), store.publicKey);
    for (const serial of [
      "a\u001b[2J",
      "a\nb",
      "a\u202eb",
      "a\u2028b",
      "a\ud800",
      "",
      "x".repeat(65),
    ]) {
      await assert.rejects(store.certify(request, serial), { code: "input/serial" }, serial);
      const card = ["--card", "tcp:localhost:1", "--serial", serial];
      const ended = await kincardHere(["personalise", ...card, "--maker", maker]);
      assert.equal(ended.exit, 2, "before any card is looked for");
      assert.match(ended.stderr, /a serial is text of 1 to 64 characters/);
    }
    assert.equal((await store.list()).cards.length, 0);
    await store.certify(request, "漢字 7");
    const list = join(maker, "cards.jsonl");
    writeFileSync(list, readFileSync(list, "utf8").replace("漢字 7", "漢字\\u001b[2J\\u202e"));
    const out = join(folder, "evil-drawn");
    const [listed, printed, drawn] = await Promise.all([
      kincard(["maker", "list", "--maker", maker]),
      kincard(["maker", "label", "--maker", maker]),
      kincard(["maker", "label", "--maker", maker, "--svg", out]),
    ]);
    const svg = readFileSync(drawn.stdout.trim(), "utf8");
    for (const text of [listed.stdout, printed.stdout, svg]) {
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
      assert.match(text, /漢字\?\[2J\?/);
    }
    // The frame stands: every line has as many columns, wide characters counted twice.
    const frame = printed.stdout.split("\n").filter((line) => /[┌│└]/.test(line));
    assert.equal(frame.length, 5);
    assert.equal(new Set(frame.map(columnsOf)).size, 1, frame.join("\n"));
    assert.equal(columnsOf("漢字 7é\u0301🔑✔️"), 4 + 1 + 1 + 1 + 2 + 2);
  });

  it("come from `kincard maker label`, as text or as one SVG a card", async () => {
    const maker = join(folder, "maker");
    const store = await MakerStore.init(maker, "a passphrase for tests", { cost: 10 });
    await store.unlock("a passphrase for tests");
    const { id } = await store.certify(requestOf(makeKeyPair(), store.publicKey), "first");
    const own = formatLabel(id);
    const { stdout, exit } = await kincard(["maker", "label", "--maker", maker]);
    assert.equal(exit, 0);
    const lines = stdout.split("\n");
    const from = lines.findIndex((line) => line.startsWith("└")) + 1;
    assert.equal(read(blocks(lines.slice(from).filter(Boolean), true)), own);
    const out = join(folder, "stickers");
    const drawn = await kincard([
      "maker",
      "label",
      "first",
      "--maker",
      maker,
      "--svg",
      out,
      "--json",
    ]);
    assert.deepEqual(drawn.json.files, [join(out, `${own}.svg`)]);
    assert.deepEqual(readdirSync(out), [`${own}.svg`]);
    assert.equal(read(sticker(readFileSync(join(out, `${own}.svg`), "utf8"))), own);
  });
});
