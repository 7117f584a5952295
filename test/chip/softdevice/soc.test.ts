import assert from "node:assert/strict";
import { Phone, RAM } from "./support.js";

const NOT_ENABLED = 2;
const NOT_FOUND = 5;
const INVALID_STATE = 8;
const INVALID_ADDR = 16;
const BUSY = 17;
/** NRF_EVT_FLASH_OPERATION_SUCCESS. */
const FLASH_DONE = 2;
const SWI2 = 22;

describe("the SoftDevice's manager and SoC library", () => {
  it("names the call that it does not have", () => {
    const phone = new Phone().enabled();
    assert.throws(
      () => phone.svc(69),
      /sd_radio_session_open \(SVC 69, nrf_soc.h\) is not emulated/,
    );
    assert.throws(() => phone.svc(148), /sd_ble_gattc_primary_services_discover/);
    assert.throws(() => phone.svc(200), /SVC 200 is not emulated/);
  });
  it("is enabled once; RTC0 then runs from 0, and again from 0 after a restart", () => {
    const phone = new Phone();
    assert.equal(phone.svc(62), NOT_ENABLED);
    assert.equal(phone.svc(16, 0, 0), 0);
    assert.equal(phone.svc(16, 0, 0), INVALID_STATE);
    phone.svc(18, RAM);
    assert.deepEqual(phone.get(RAM, 1), [1]);
    phone.pass(1000);
    assert.equal(phone.soc.rtc0.counter, 32768);
    phone.svc(17);
    phone.pass(1000);
    assert.equal(phone.soc.rtc0.counter, 0);
    phone.svc(16, 0, 0);
    phone.pass(500);
    assert.equal(phone.soc.rtc0.counter, 16384);
  });
  it("fills its pool of random bytes one by one, and refuses what is not there", () => {
    const phone = new Phone().enabled();
    const available = () => {
      phone.svc(47, RAM);
      return phone.get(RAM, 1)[0];
    };
    phone.svc(46, RAM);
    assert.deepEqual(phone.get(RAM, 1), [64]);
    phone.pass(1.3);
    assert.equal(available(), 10);
    assert.equal(phone.svc(48, RAM + 4, 11), 0x2007);
    assert.equal(phone.svc(48, RAM + 4, 10), 0);
    assert.notDeepEqual(phone.get(RAM + 4, 10), Array(10).fill(0));
    assert.equal(available(), 0);
    phone.pass(1000);
    assert.equal(available(), 64);
    phone.svc(48, RAM + 4, 1);
    phone.pass(0.11);
    assert.equal(available(), 63, "a full pool starts anew");
  });
  it("changes flash a little after the call, and tells it by an event", () => {
    const phone = new Phone().enabled();
    assert.equal(phone.svc(40, 0x5e), 0);
    assert.deepEqual(phone.flash, []);
    phone.pass(1);
    assert.deepEqual(phone.flash, ["erase 5e000"]);
    assert.ok(phone.pending.has(SWI2));
    assert.equal(phone.svc(72, RAM), 0);
    assert.equal(phone.bus.read(RAM, 4), FLASH_DONE);
    assert.equal(phone.svc(72, RAM), NOT_FOUND);
    phone.put32(RAM, 1, 2);
    assert.equal(phone.svc(41, 0x5e000, RAM, 2), 0);
    phone.pass(1);
    assert.deepEqual(phone.flash, ["erase 5e000", "write 5e000 8"]);
    assert.equal(phone.svc(72, RAM), 0);
  });
  it("takes one flash operation at a time: BUSY until the last one's end", () => {
    const phone = new Phone().enabled();
    assert.equal(phone.svc(40, 0x5e), 0);
    assert.deepEqual([phone.svc(40, 0x5f), phone.svc(41, 0x60000, RAM, 1)], [BUSY, BUSY]);
    assert.equal(phone.svc(40, 128), INVALID_ADDR, "arguments are looked at first");
    phone.pass(1);
    // Its end counts, not whether the program has fetched the event.
    assert.equal(phone.svc(41, 0x60000, RAM, 1), 0);
    assert.equal(phone.svc(40, 0x5f), BUSY);
    phone.pass(1);
    assert.deepEqual(phone.flash, ["erase 5e000", "write 60000 4"]);
    assert.equal(phone.svc(72, RAM), 0);
    assert.equal(phone.svc(72, RAM), NOT_FOUND, "one bit a kind of event");
  });
  it("writes what the words are when the operation begins, not at the call", () => {
    const phone = new Phone().enabled();
    phone.put32(RAM, 1);
    phone.svc(41, 0x5e000, RAM, 1);
    phone.put32(RAM, 2);
    phone.pass(1);
    assert.deepEqual(phone.written, [2, 0, 0, 0]);
  });
  it("changes flash at once while it is disabled, without an event", () => {
    const phone = new Phone();
    assert.deepEqual([phone.svc(40, 0x5e), phone.svc(40, 0x5f)], [0, 0]);
    assert.deepEqual(phone.flash, ["erase 5e000", "erase 5f000"]);
    assert.ok(!phone.pending.has(SWI2));
  });
  it("forgets an operation that it was disabled before", () => {
    const phone = new Phone().enabled();
    phone.svc(40, 0x5e);
    phone.svc(17);
    phone.svc(16, 0, 0);
    assert.equal(phone.svc(40, 0x5f), 0);
    phone.pass(1);
    assert.deepEqual(phone.flash, ["erase 5f000"]);
  });
  it("protects its own pages, and takes no crooked addresses", () => {
    const phone = new Phone().enabled();
    assert.deepEqual(
      [
        phone.svc(40, 0x1e),
        phone.svc(40, 128),
        phone.svc(41, 0x1e000, RAM, 1),
        phone.svc(41, 0x5e002, RAM, 1),
        phone.svc(41, 0x5e000, RAM, 0),
        phone.svc(41, 0x5e000, RAM, 1025),
      ],
      [15, 16, 15, 16, 9, 9],
    );
    assert.deepEqual(phone.flash, []);
  });
  it("starts the crystal and tells it", () => {
    const phone = new Phone().enabled();
    phone.svc(63);
    phone.svc(65, RAM);
    assert.equal(phone.bus.read(RAM, 4), 0);
    phone.pass(1);
    phone.svc(65, RAM);
    assert.equal(phone.bus.read(RAM, 4), 1);
    assert.equal(phone.svc(72, RAM), 0);
    assert.equal(phone.bus.read(RAM, 4), 0);
  });
  it("encrypts a block as FIPS-197's appendix C.1 does", () => {
    const phone = new Phone().enabled();
    phone.put(RAM, ...Array.from({ length: 16 }, (_, i) => i));
    phone.put(RAM + 16, ...Array.from({ length: 16 }, (_, i) => 17 * i));
    phone.svc(67, RAM);
    const text = Buffer.from(phone.get(RAM + 32, 16)).toString("hex");
    assert.equal(text, "69c4e0d86a7b0430d8cdb78070b4c55a");
  });
  it("waits, measures and keeps GPREGRET", () => {
    const phone = new Phone().enabled();
    phone.svc(62);
    assert.equal(phone.waits, 1);
    phone.svc(73, RAM);
    assert.equal(phone.bus.read(RAM, 4), 80);
    phone.svc(58, 0, 0x5a);
    phone.svc(60, 0, RAM);
    assert.equal(phone.bus.read(RAM, 4), 0x5a);
    assert.equal(phone.svc(58, 2, 1), 7);
  });
});
