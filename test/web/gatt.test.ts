/**
 * Opening a link over Bluetooth in the page: every await has an end, and what comes late is
 * nobody's.
 */
import assert from "node:assert/strict";
import { LinkError } from "../../host/sdk/links/link.js";
import { openBluetoothDevice } from "../../host/apps/page/ui/links/web-bluetooth.js";
import type { WebBluetoothDevice } from "../../host/apps/page/ui/links/web-bluetooth.js";
import { openUart } from "../../host/apps/page/ui/links/uart.js";

const STEPS = ["connect", "service", "to", "from", "notifications"] as const;
type Step = (typeof STEPS)[number];

/** A browser's device; `stuck` never comes, unless `come` says so later. */
class Device extends EventTarget {
  connects = 0;
  disconnects = 0;
  come = () => undefined as void;
  stuck: Step | undefined;
  reached: Step[] = [];
  readonly from = Object.assign(new EventTarget(), {
    value: undefined as DataView | undefined,
    writeValueWithResponse: async () => undefined,
    startNotifications: () => this.#step("notifications", undefined),
  });
  readonly to = Object.assign(new EventTarget(), {
    writeValueWithResponse: async () => undefined,
    startNotifications: async () => undefined,
  });
  #characteristics = 0;
  readonly gatt = {
    connect: () => {
      this.connects++;
      this.#characteristics = 0;
      return this.#step("connect", {
        getPrimaryService: () => this.#step("service", this.#service),
      });
    },
    disconnect: () => {
      this.disconnects++;
      this.dispatchEvent(new Event("gattserverdisconnected"));
    },
  };
  readonly #service = {
    getCharacteristic: () =>
      this.#characteristics++ === 0 ? this.#step("to", this.to) : this.#step("from", this.from),
  };

  #step<T>(step: Step, result: T): Promise<T> {
    this.reached.push(step);
    if (this.stuck !== step) return Promise.resolve(result);
    return new Promise((resolve) => (this.come = () => resolve(result)));
  }
}
const asDevice = (device: Device) => device as unknown as WebBluetoothDevice;
const failsAs = (code: string) => (error: unknown) =>
  error instanceof LinkError && error.code === code;
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("the page's Bluetooth", () => {
  for (const [what, open] of [
    ["card", openBluetoothDevice],
    ["flasher", openUart],
  ] as const)
    for (const stuck of STEPS) {
      it(`gives up a ${what}'s ${stuck} that never comes, and disconnects`, async () => {
        const device = new Device();
        device.stuck = stuck;
        await assert.rejects(open(asDevice(device), { stepMs: 20 }), failsAs("link/step-late"));
        assert.equal(device.reached.at(-1), stuck);
        assert.equal(device.disconnects, 1);
      });
      it(`ends a ${what}'s ${stuck} when the user stops, and disconnects`, async () => {
        const device = new Device();
        device.stuck = stuck;
        const stop = new AbortController();
        const opening = open(asDevice(device), { signal: stop.signal });
        await settled();
        stop.abort();
        await assert.rejects(opening, failsAs("link/aborted"));
        assert.equal(device.disconnects, 1);
      });
    }

  it("disconnects once more when a connection that was given up comes after all", async () => {
    const device = new Device();
    device.stuck = "connect";
    const opening = openBluetoothDevice(asDevice(device), { stepMs: 20 });
    await assert.rejects(opening, failsAs("link/step-late"));
    device.come();
    await settled();
    assert.equal(device.disconnects, 2);
    assert.deepEqual(device.reached, ["connect"]);
  });

  it("a late success touches no later attempt", async () => {
    const device = new Device();
    device.stuck = "connect";
    const opening = openBluetoothDevice(asDevice(device), { stepMs: 20 });
    await assert.rejects(opening, failsAs("link/step-late"));
    const { come, disconnects } = device;
    device.stuck = undefined;
    const duplex = await openBluetoothDevice(asDevice(device));
    let closed = false;
    duplex.onClose(() => (closed = true));
    come();
    await settled();
    assert.equal(device.disconnects, disconnects);
    assert.equal(closed, false);
    await duplex.write(Uint8Array.of(1));
  });

  it("a newer attempt ends an older one, whose end leaves it alone", async () => {
    const device = new Device();
    device.stuck = "service";
    const older = assert.rejects(openBluetoothDevice(asDevice(device)), failsAs("link/aborted"));
    await settled();
    device.stuck = undefined;
    const duplex = await openBluetoothDevice(asDevice(device));
    await older;
    assert.equal(device.disconnects, 1, "the newer one's, before it connects");
    await duplex.write(Uint8Array.of(1));
    await duplex.close();
    assert.equal(device.disconnects, 2);
  });
});
