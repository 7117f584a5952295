/**
 * docs/puckjs.md on emulated chips with the real firmware (KINCARD_FIRMWARE): a blank Puck is flashed
 * over the air, made a card, given a wallet and backed up to another, as the page says it; and a
 * plain Puck comes back.
 *
 * What is typed differs from the page in the names of the boards and in the access code, which is
 * asked for on a terminal there and comes from a file here. The second Puck has its image already.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAdvertising } from "../../host/emulator/reach/radio.js";
import { boardById } from "../../hw/boards/index.js";
import { intelHex } from "../../hw/images/intel-hex.js";
import {
  board,
  ChipCard,
  closeAll,
  makeChip,
  maker,
  missing,
  Prompt,
  storageImage,
  theImage,
  title,
} from "../chip/firmware/support.js";
import { VirtualProcess } from "../support/virtual-process.js";
import { blockOf, typeGuide } from "./guide.js";

const reason = missing();
/** What the page calls its two Pucks. */
const [FIRST, SECOND] = ["d2:12:34:56:78:9a", "c4:ab:cd:ef:01:23"];
/** Espruino's own, while the button is held at power-up. */
const SELF_TEST = 12;

describe(title("docs/puckjs.md", reason), function () {
  this.timeout(1_200_000);
  let folder: string;
  const pucks: VirtualProcess[] = [];
  before(function () {
    if (reason) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "kincard-puck-"));
    writeFileSync(join(folder, "full.hex"), intelHex(board.storage.address, storageImage()));
  });
  afterEach(closeAll);
  after(async () => {
    for (const puck of pucks) await puck.end("SIGKILL");
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function puck(name: string, ...more: string[]): Promise<string> {
    const flash = ["--flash", join(folder, `${name}.flash`)];
    const made = await VirtualProcess.start(
      ["--chip", "puckjs", ...flash, "--ble", ...more],
      "ble",
    );
    pucks.push(made);
    return made.uri("ble");
  }
  /** What a command says of one board that is on the air. */
  async function asked(air: string, command: string, pattern: RegExp): Promise<string> {
    const line = `npx kincard ${command} || true`;
    const { said } = await typeGuide([line], { folder, env: { KINCARD_BLE: air } });
    const [, found] = pattern.exec(said) ?? [];
    assert.ok(found, said);
    return found;
  }

  it("goes from a blank Puck to a wallet with its copy, word by word", async () => {
    const airs = [await puck("first"), await puck("second", "--image", join(folder, "full.hex"))];
    const env = { KINCARD_BLE: airs.join() };
    const made = await typeGuide(["npm run image -- puckjs"], { folder });
    assert.equal(made.exit, 0, made.said);
    const search = 'flash --board puckjs --port "ble:?" --force';
    const name = await asked(airs[0]!, search, /Puck\.js ([0-9a-f]{4})/);
    const type = async (block: string, addresses: readonly string[] = []) => {
      const text = blockOf("puckjs.md", block)
        .replace("Puck.js 1234", `Puck.js ${name}`)
        .replaceAll(FIRST!, addresses[0] ?? FIRST!)
        .replaceAll(SECOND!, addresses[1] ?? SECOND!)
        .replaceAll(/(activate .*|backup\.json) --maker-key demo$/gm, "$& --code-fd 0 < code.txt");
      const { exit, said } = await typeGuide([text], { folder, env });
      assert.equal(exit, 0, `${text}\n${said.slice(-3000)}`);
      return said;
    };
    writeFileSync(join(folder, "code.txt"), "a long code for two Pucks\n");
    const started = performance.now();
    assert.match(await type("flash"), /verified|compared|same/i);
    console.log(`      flashed in ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
    const addresses: string[] = [];
    for (const air of airs)
      addresses.push(await asked(air, "ports --ble", /ble:((?:[0-9a-f]{2}:){5}[0-9a-f]{2})/));
    const listed = await type("look", addresses);
    for (const address of addresses) assert.ok(listed.includes(address), listed);
    await type("personalise", addresses);
    assert.match(await type("wallet", addresses), /the backup is done/);
  });

  it("gives a plain Puck back, by what the page says to type", async () => {
    const chip = makeChip({ seed: "and back" });
    const card = new ChipCard(chip);
    await card.powerOn();
    await card.session.certify(maker.certify(await card.session.personalise()).bytes);
    await card.activate();
    await card.session.close();
    chip.powerOff();
    chip.press();
    chip.powerOn();
    chip.advance(SELF_TEST);
    chip.release();
    const prompt = new Prompt(chip);
    prompt.type(blockOf("puckjs.md", "plain").trim(), 4);
    const names = 'print(JSON.stringify(require("Storage").list()))';
    assert.match(prompt.type(names), /\[\]/);
    chip.powerOff();
    chip.powerOn();
    chip.advance(2);
    // An ordinary Puck: its prompt is at its own rate again, and on the air it has its own name.
    assert.match(new Prompt(chip).type("1234567+1"), /=1234568/);
    const { data, scanResponse } = chip.air.advertisement!;
    assert.match(readAdvertising(data, scanResponse).localName ?? "", /^Puck\.js /);
  });

  it("is right that the stock build lies over all of a card", () => {
    const { storage, used } = theImage().made.manifest;
    assert.ok(storage.address + used <= boardById("puckjs-stock").storage.address);
  });
});
