/**
 * Stop-and-wait over a byte link: lost, late, repeated, half and garbled lines, and an end to every
 * wait.
 */

import assert from "node:assert/strict";
import { toHex } from "../../../host/sdk/crypto/bytes.js";
import { LineTransport, type LineOptions } from "../../../host/sdk/links/line/transport.js";
import { encodeFrame } from "../../../host/sdk/links/line/line.js";
import { LinkError, type LinkFailure } from "../../../host/sdk/links/link.js";
import { Meter, Recorder } from "../../../host/sdk/links/meter.js";
import type { Duplex } from "../../../host/sdk/links/link.js";
import { EagerClock } from "../../support/eager-clock.js";
import { duplexPair } from "../../../host/sdk/links/line/pair.js";
import { scripted, type Script } from "./scripted.js";

const STATUS = Uint8Array.of(0x80, 0x10, 0, 0);
const FAST: LineOptions = { name: "test", resendMs: 15, timeoutMs: 400, connectMs: 300 };

/** A link whose waits are on a clock of their own: none is longer because the machine is busy. */
async function linkWith(script: Script, options: LineOptions = {}) {
  const { near, far } = scripted(script);
  const clock = new EagerClock();
  const link = await LineTransport.connect(timed(near, clock), { ...FAST, ...options });
  return { link, far, clock };
}
const timed = (duplex: Duplex, clock = new EagerClock()) => Object.assign(duplex, { clock });
const failure =
  (kind: LinkFailure) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof LinkError, String(error));
    assert.equal(error.failure, kind);
    return true;
  };

describe("line transport", () => {
  it("begins with a sync on a line of its own", async () => {
    const [near, far] = duplexPair();
    let seen = "";
    far.onData((bytes) => {
      seen += new TextDecoder().decode(bytes);
      far.write(new TextEncoder().encode(seen.trim() + "\n"));
    });
    await LineTransport.connect(timed(near), FAST);
    assert.equal(seen[0], "\n");
    assert.equal(Buffer.from(seen, "base64").length, 5);
  });

  it("repeats the sync while a board boots, and gives up with a sentence", async () => {
    const [near, far] = duplexPair();
    let syncs = 0;
    far.onData(() => void syncs++);
    let closed = false;
    far.onClose(() => (closed = true));
    const connecting = LineTransport.connect(timed(near), { ...FAST, connectMs: 200 });
    await assert.rejects(connecting, (error) => {
      assert.match((error as Error).message, /nothing that speaks Kincard's lines .* 0\.2 s/);
      return failure("open")(error);
    });
    // after 0, 15, 37.5, 71.25, 121.875 and 197.8125 ms
    assert.equal(syncs, 6);
    assert.ok(closed, "the duplex stays open");
  });

  it("knows a prompt, which echoes every line, for no card", async () => {
    const { link } = await linkWith((frame, _, far) => {
      if (frame) far.raw(Buffer.concat([Buffer.from(">"), encodeFrame(frame)]));
    });
    await assert.rejects(link.transmit(STATUS), (error) => {
      assert.match((error as Error).message, /an open prompt, which echoes/);
      return failure("open")(error);
    });
  });

  it("gives the answer to the caller", async () => {
    const { link } = await linkWith((frame, _, far) => far.answer(frame?.seq ?? 0, 1, 2, 0x90, 0));
    assert.equal(toHex(await link.transmit(STATUS)), "01029000");
  });

  it("sends the very same line again when no answer comes", async () => {
    const { link, far } = await linkWith((frame, count, other) => {
      if (count === 3) other.answer(frame?.seq ?? 0, 0x90, 0);
    });
    assert.equal(toHex(await link.transmit(STATUS)), "9000");
    assert.equal(far.lines.length, 3);
    assert.equal(new Set(far.lines).size, 1);
  });

  it("waits as long as the link wants, but not for the sync", async () => {
    const { near, far } = scripted((frame, count, other) => {
      if (count === 2) other.answer(frame?.seq ?? 0, 0x90, 0);
    });
    const clock = new EagerClock();
    const slow = Object.assign(near, { resendMs: 120, clock });
    const { resendMs, ...unsaid } = FAST;
    assert.ok(resendMs);
    const link = await LineTransport.connect(slow, unsaid);
    const start = clock.now();
    await link.transmit(STATUS);
    assert.equal(clock.now() - start, 120);
    assert.equal(far.lines.length, 2);
  });

  it("ends the wait, and the next command is not disturbed by the late answer", async () => {
    let late = 0;
    const { link, far } = await linkWith((frame, _, other) => {
      if (frame?.apdu[1] === 0x10) late = frame.seq;
      else {
        other.answer(late, 0xee, 0x90, 0);
        other.answer(frame?.seq ?? 0, 0xaa, 0x90, 0);
      }
    });
    await assert.rejects(link.transmit(STATUS, { timeoutMs: 60 }), failure("timeout"));
    assert.equal(far.lines.length, 3);
    assert.equal(toHex(await link.transmit(Uint8Array.of(0x80, 0x16, 0, 0))), "aa9000");
  });

  it("waits no longer than it was told, however often it sends again", async () => {
    const { link, clock } = await linkWith(() => undefined, { timeoutMs: 120 });
    const start = clock.now();
    await assert.rejects(link.transmit(STATUS), failure("timeout"));
    assert.equal(clock.now() - start, 120);
  });

  it("counts up seq, one byte, for each command", async () => {
    const { link, far } = await linkWith((frame, _, other) =>
      other.answer(frame?.seq ?? 0, 0x90, 0),
    );
    for (let i = 0; i < 300; i++) await link.transmit(STATUS);
    const seqs = far.frames.map((frame) => frame?.seq as number);
    assert.equal(seqs.length, 300);
    seqs.forEach((seq, i) => i && assert.equal(seq, ((seqs[i - 1] as number) + 1) & 255));
  });

  it("takes a repeated answer once", async () => {
    const { link } = await linkWith((frame, count, far) => {
      far.answer(frame?.seq ?? 0, count, 0x90, 0);
      far.answer(frame?.seq ?? 0, count, 0x90, 0);
    });
    assert.equal(toHex(await link.transmit(STATUS)), "019000");
    assert.equal(toHex(await link.transmit(STATUS)), "029000");
  });

  it("passes over noise, half lines, wrong seq, wrong CRC and an empty answer", async () => {
    const { link } = await linkWith((frame, _, far) => {
      const seq = frame?.seq ?? 0;
      far.raw("\u0000\u00ff garbage\n");
      far.raw(encodeFrame({ seq, apdu: Uint8Array.of(0x66, 0x66) }).slice(0, 7));
      far.raw("\n");
      far.answer(seq ^ 1, 0x66, 0x66);
      const bad = encodeFrame({ seq, apdu: Uint8Array.of(0x66, 0x66) });
      bad[2] = bad[2] === 65 ? 66 : 65;
      far.raw(bad);
      far.answer(seq);
      far.raw("z".repeat(5000) + "\n");
      far.answer(seq, 0x90, 0);
    });
    assert.equal(toHex(await link.transmit(STATUS)), "9000");
  });

  it("puts an answer together from single bytes", async () => {
    const { link } = await linkWith((frame, _, far) => {
      const line = encodeFrame({ seq: frame?.seq ?? 0, apdu: Uint8Array.of(1, 0x90, 0) });
      for (const byte of line) far.raw(Uint8Array.of(byte));
    });
    assert.equal(toHex(await link.transmit(STATUS)), "019000");
  });

  it("starts a repeated line afresh, so that a lost half can't spoil it", async () => {
    const raw: string[] = [];
    const repeated = new AbortController();
    const [near, far] = duplexPair();
    let seq = -1;
    far.onData((bytes) => {
      const line = new TextDecoder().decode(bytes);
      if (seq < 0) {
        seq = 0;
        far.write(new TextEncoder().encode(line.trim() + "\n"));
      } else if (raw.push(line) === 3) repeated.abort();
    });
    const link = await LineTransport.connect(timed(near), FAST);
    const { signal } = repeated;
    await assert.rejects(link.transmit(STATUS, { signal, timeoutMs: 5000 }), failure("aborted"));
    assert.notEqual(raw[0]?.[0], "\n");
    for (const again of raw.slice(1)) assert.equal(again[0], "\n");
  });

  it("runs commands one after the other, in order", async () => {
    let open = 0;
    const { link } = await linkWith((frame, _, far) => {
      assert.equal(++open, 1);
      queueMicrotask(() => {
        open--;
        far.answer(frame?.seq ?? 0, frame?.apdu[2] ?? 0, 0x90, 0);
      });
    });
    const answers = [1, 2, 3].map((p1) => link.transmit(Uint8Array.of(0x80, 0x10, p1, 0)));
    assert.deepEqual((await Promise.all(answers)).map(toHex), ["019000", "029000", "039000"]);
  });

  it("fails at once when the other side goes, and tells listeners once", async () => {
    const { link } = await linkWith((_, __, far) => far.close());
    let told = 0;
    link.onDisconnect(() => told++);
    await assert.rejects(link.transmit(STATUS), failure("closed"));
    await assert.rejects(link.transmit(STATUS), failure("closed"));
    await link.close();
    assert.equal(told, 1);
    let late = 0;
    link.onDisconnect(() => late++);
    assert.equal(late, 1, "who listens late is told too");
  });

  it("stops on request, before and while it waits", async () => {
    const stop = new AbortController();
    const { link } = await linkWith(() => stop.abort());
    const waiting = link.transmit(STATUS, { signal: stop.signal });
    await assert.rejects(waiting, failure("aborted"));
    await assert.rejects(link.transmit(STATUS, { signal: stop.signal }), failure("aborted"));
  });

  it("refuses an APDU that no line holds", async () => {
    const { link } = await linkWith(() => undefined);
    await assert.rejects(link.transmit(new Uint8Array(746)), RangeError);
    await assert.rejects(link.transmit(new Uint8Array(3)), RangeError);
  });

  it("shows observers every byte and every APDU", async () => {
    const meter = new Meter();
    const recorder = new Recorder();
    const { link, far } = await linkWith(
      (frame, count, other) => {
        if (count > 1) other.answer(frame?.seq ?? 0, 0x90, 0);
      },
      { observers: [meter, recorder] },
    );
    const before = meter.bytesOut;
    await link.transmit(Uint8Array.of(0x84, 0x24, 0, 0));
    assert.equal(meter.apdus, 1);
    assert.equal(meter.apduBytes, 6);
    const line = far.lines[0] as string;
    // Sent twice; the second time behind an LF.
    assert.equal(meter.bytesOut - before, 2 * (line.length + 1) + 1);
    assert.equal(meter.bytes, meter.bytesIn + meter.bytesOut);
    const [seen] = recorder.apdus;
    assert.deepEqual([seen?.name, seen?.sealed], ["CODE", true]);
  });
});
