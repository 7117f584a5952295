import assert from "node:assert/strict";
import { FlowControl } from "../../../host/sdk/links/ble/uart.js";

describe("Espruino's flow control over Bluetooth", () => {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
  const bytes = (data: string) => new Uint8Array(Buffer.from(data, "latin1"));

  it("takes XON and XOFF out of what comes in, wherever they stand", () => {
    const flow = new FlowControl();
    assert.equal(text(flow.take(bytes("a\x13b\x11c\x11"))), "abc");
  });
  it("holds what goes out from XOFF to XON, and no longer", async () => {
    const flow = new FlowControl();
    await flow.ready();
    flow.take(bytes("\x13"));
    let gone = false;
    const going = flow.ready().then(() => (gone = true));
    await new Promise((turn) => setImmediate(turn));
    assert.equal(gone, false);
    flow.take(bytes("\x11"));
    await going;
    await flow.ready();
  });
  it("ends the wait when the other side never goes on", async () => {
    const flow = new FlowControl(10);
    flow.take(bytes("\x13"));
    await assert.rejects(flow.ready(), { code: "link/held-up", failure: "timeout" });
  });
  it("nor after the connection's end", async () => {
    const flow = new FlowControl();
    flow.take(bytes("\x13"));
    const wait = flow.ready();
    flow.end();
    await wait;
  });
});
