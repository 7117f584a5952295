/** The page's frame and its links to USB, without a browser. */

import assert from "node:assert/strict";
import { CardLink } from "../../host/apps/page/ui/cards/deck.js";
import type { Deck } from "../../host/apps/page/ui/cards/deck.js";
import type { Duplex } from "../../host/sdk/links/link.js";
import { Stopped } from "../../host/apps/page/ui/faults.js";
import { Page } from "../../host/apps/page/ui/page.js";
import { openSerialPort } from "../../host/apps/page/ui/links/web-serial.js";

describe("the page's frame", () => {
  const nothing = {} as HTMLElement;
  const newPage = () => new Page({}, {} as Deck, nothing, nothing);

  it("ends a task whose place another one took, wherever it was", async () => {
    const page = newPage();
    let go = () => undefined as void;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const said: string[] = [];
    const first = page.run(async (own) => {
      await gate;
      assert.ok(own.signal.aborted);
      assert.throws(() => own.show("The first one's"), Stopped);
      assert.throws(() => own.check(), Stopped);
      assert.throws(() => own.ask(() => undefined), Stopped);
      said.push("first");
    });
    const second = page.run(async (own) => {
      go();
      await first;
      own.check();
      said.push("second");
    });
    await second;
    assert.deepEqual(said, ["first", "second"]);
  });

  it("keeps no code of a task that has ended", async () => {
    const page = newPage();
    let wiped = 0;
    const wallet = { code: { wipe: () => wiped++ } } as unknown as Parameters<Page["keep"]>[0];
    let go = () => undefined as void;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const first = page.run(async (own) => {
      await gate;
      own.keep(wallet);
    });
    const second = page.run(async (own) => {
      go();
      await first;
      assert.equal(own.fresh, undefined);
      own.keep(wallet);
    });
    await second;
    assert.equal(page.fresh, wallet);
    page.forget();
    // The first one's was wiped as it came.
    assert.deepEqual([page.fresh, wiped], [undefined, 2]);
  });
});

describe("the page's links", () => {
  it("end when the user goes elsewhere while the browser connects, and let go later", async () => {
    let opened = (_: Duplex) => undefined as void;
    const opening = new Promise<Duplex>((resolve) => (opened = resolve));
    const link = new CardLink("slow", 0, () => opening);
    const stop = new AbortController();
    const connecting = link.connect(stop.signal);
    stop.abort();
    await assert.rejects(connecting, /stopped on request/);
    const closed = new Promise<void>((resolve) => {
      opened({
        write: () => undefined,
        onData: () => undefined,
        onClose: () => undefined,
        close: resolve,
      });
    });
    await closed;
  });
});

describe("the page's USB links", function () {
  this.timeout(10_000);
  it("close while the board takes nothing any more", async () => {
    let closed = 0;
    const port = {
      readable: new ReadableStream<Uint8Array>(),
      writable: new WritableStream<Uint8Array>({ write: () => new Promise(() => undefined) }),
      open: async () => undefined,
      close: async () => void closed++,
    };
    const duplex = await openSerialPort(port);
    void Promise.resolve(duplex.write(Uint8Array.of(1))).catch(() => undefined);
    await duplex.close();
    assert.equal(closed, 1);
  });
});
