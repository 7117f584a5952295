/** A program that writes into a peripheral of the SoftDevice's, while it is enabled and while not. */
import assert from "node:assert/strict";
import { Chip, chipFlash } from "../../../host/emulator/chip/chip.js";
import { APPLICATION } from "../../../host/emulator/chip/firmware.js";
import { MS } from "../../../host/emulator/chip/soc/base/time.js";
import { seededRandom } from "../../../host/emulator/entropy.js";

const NOP = 0xbf00;
const ENABLE = 0xdf10;
const DISABLE = 0xdf11;
const NVMC_ICACHECNF = 0x4001e540;
const NVMC_READY = 0x4001e400;
const GPIO_OUT = 0x50000504;
/** movs r0, #0; movs r1, #0; CALL; CALL; ldr r2, [pc, #8]; movs r3, #1; str or ldr; b . */
const program = (first: number, second: number, access: number) =>
  [0x2000, 0x2100, first, second, 0x4a02, 0x2301, access, 0xe7fe] as const;
const STORE = 0x6013;
const LOAD = 0x6813;

function ran(calls: readonly [number, number], address: number, access = STORE): Chip {
  const flash = chipFlash();
  const bytes = new Uint8Array(0x120);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x2000fff0, true);
  view.setUint32(4, APPLICATION + 0x101, true);
  program(...calls, access).forEach((half, i) => view.setUint16(0x100 + 2 * i, half, true));
  view.setUint32(0x114, address, true);
  flash.program(APPLICATION, bytes);
  const chip = new Chip({ flash, random: seededRandom("watch") });
  chip.powerOn();
  chip.run(chip.scheduler.now + MS);
  return chip;
}

describe("the SoftDevice's watch over its peripherals", () => {
  it("ends a program that turns on the cache while it is enabled, and says what it wrote", () => {
    const write = () => ran([ENABLE, NOP], NVMC_ICACHECNF);
    assert.throws(write, /APP_MEMACC.*0x4001e540.*NVMC/);
  });
  it("lets it pass before it is enabled, and once it is disabled", () => {
    for (const calls of [[NOP, NOP] as const, [ENABLE, DISABLE] as const]) {
      const chip = ran(calls, NVMC_ICACHECNF);
      assert.equal(chip.bus.read(NVMC_ICACHECNF, 4), 1);
    }
  });
  it("lets programs read there, and write elsewhere", () => {
    assert.equal(ran([ENABLE, NOP], NVMC_READY, LOAD).cpu.r[3], 1);
    assert.equal(ran([ENABLE, NOP], GPIO_OUT).bus.read(GPIO_OUT, 4), 1);
  });
});
