/**
 * `kincard flash` on chips, through the console that the real firmware has: by wire at both rates
 * and over the air; blank boards, boards that hold a card, and what is refused. And the image's
 * .hex files, as a programmer puts them on.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChipBoard } from "../../../host/emulator/board/chip.js";
import { listenAir } from "../../../host/emulator/reach/air.js";
import { EmulatedRadio, readAdvertising } from "../../../host/emulator/reach/radio.js";
import { FlashError } from "../../../host/apps/flasher/failures.js";
import { flash, type FlashOptions } from "../../../host/apps/flasher/flash-board.js";
import { readImage, type ImageFolder } from "../../../host/apps/flasher/image/files.js";
import { portOf, type OpenPort } from "../../../host/apps/flasher/console/open.js";
import { LinkError } from "../../../host/sdk/links/link.js";
import { writeOutput } from "../../../host/tools/image/task.js";
import { readIntelHex } from "../../../hw/images/read-intel-hex.js";
import { PIXLJS } from "../../../hw/boards/pixljs.js";
import { smallImage } from "../../hw/parts.js";
import { board, ChipCard, closeAll, makeChip, maker, missing } from "./support.js";
import { theImage, title } from "./support.js";

const reason = missing();
/** A button that is held at power-up first has its firmware's self-test. */
const SELF_TEST = 12;

describe(title("flashing a chip", reason), function () {
  this.timeout(600_000);
  let folder: string;
  let image: ImageFolder;
  before(function () {
    if (reason) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "kincard-flash-"));
    writeOutput(theImage().made, folder);
    image = readImage(folder, board.id);
  });
  afterEach(closeAll);
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** A serial cable with a rate of its own, as an adapter has. */
  function wire(chip: ChipBoard): OpenPort {
    let held = false;
    const open = async (rate: number | undefined) => {
      if (held) throw new LinkError("link/in-use", { link: "wire" });
      held = true;
      const duplex = chip.duplex(() => rate);
      const close = () => {
        held = false;
        return duplex.close();
      };
      return { ...duplex, close };
    };
    return { name: "wire", rates: [115200, board.serial!.baud], open };
  }
  const run = (port: OpenPort, more: Partial<FlashOptions> = {}) =>
    flash(
      { board, port, image, force: true, ...more },
      {
        say: () => undefined,
        step: (_, work) => work(() => undefined),
        agreed: async () => true,
      },
    );
  function blank(options = {}): ChipBoard {
    const chip = makeChip({ image: false, ...options });
    chip.powerOn();
    chip.advance(1.5);
    return chip;
  }
  const refused = (work: Promise<unknown>, code: FlashError["code"]) =>
    assert.rejects(work, (error: unknown) => error instanceof FlashError && error.code === code);

  it("says what it would do to a blank board, and that there is nothing to compare", async () => {
    const chip = blank();
    const before = chip.dump();
    const told = await run(wire(chip), { dryRun: true });
    assert.deepEqual([told.plan.mode, told.written, told.espruino], ["fresh", false, "2v29"]);
    await refused(run(wire(chip), { dryRun: true, verify: true }), "flash/blank");
    assert.deepEqual(chip.dump(), before);
    assert.deepEqual(chip.failures, []);
  });

  it("puts the image on a blank board by wire, reads it back, and a card answers", async () => {
    const chip = blank({ seed: "by wire" });
    const result = await run(wire(chip), { verify: true });
    assert.ok(result.written && result.verified);
    assert.equal(result.status?.state, "BLANK");
    const card = new ChipCard(chip);
    await card.connect();
    await card.session.certify(maker.certify(await card.session.personalise()).bytes);
    const { id } = (await card.openChannel()).certificate;
    await card.session.close();
    await refused(run(wire(chip)), "flash/card-here");

    // A DEMO image opens its console while the button is held at power-up.
    chip.powerOff();
    chip.press();
    chip.powerOn();
    chip.advance(SELF_TEST);
    chip.release();
    const again = await run(wire(chip));
    assert.deepEqual([again.plan.mode, again.plan.destroysWallet], ["update", false]);
    assert.equal(again.status?.state, "EMPTY");
    await card.connect();
    assert.deepEqual((await card.openChannel()).certificate.id, id);
    assert.deepEqual(chip.failures, []);
  });

  it("puts the image on a blank board over the air", async () => {
    const chip = blank({ seed: "by air", cable: false, settle: 0.5 });
    const listening = await listenAir(chip.air, "tcp:127.0.0.1:0");
    try {
      const radio = new EmulatedRadio([listening.uri]);
      const { data, scanResponse } = chip.air.advertisement!;
      const name = readAdvertising(data, scanResponse).localName!;
      assert.match(name, /^Puck\.js [0-9a-f]{4}$/);
      const rates = { console: 9600, image: 115200 };
      const result = await run(portOf(`ble:${name}`, rates, { load: async () => radio }));
      assert.ok(result.written);
      chip.advance(2);
      const heard = Buffer.from(chip.air.advertisement!.data).toString("latin1");
      assert.match(heard, /Kincard [0-9a-f]{4}/);
      assert.deepEqual(chip.failures, []);
    } finally {
      await listening.close();
    }
  });

  it("refuses another board's image, and a vault of another version, with nothing written", async () => {
    const chip = blank({ seed: "refuses" });
    const empty = chip.dump();
    const pixl = readImage(smallImage(PIXLJS), PIXLJS.id);
    await refused(run(wire(chip), { board: PIXLJS, image: pixl }), "flash/other-board");
    assert.deepEqual(chip.dump(), empty);
    chip.send('require("Storage").write("kcvault","abc")\n');
    chip.advance(1);
    const foreign = chip.dump();
    assert.notDeepEqual(foreign, empty);
    await refused(run(wire(chip)), "flash/foreign-vault");
    assert.deepEqual(chip.dump(), foreign);
  });

  it("takes the full .hex as a new board, and the code .hex around a wallet", async () => {
    const hex = (name: "full" | "code") =>
      readIntelHex(
        Buffer.from(theImage().made.output.get(image.manifest.hex[name].file)!).toString(),
      );
    const chip = makeChip({ image: false, seed: "by programmer" });
    for (const { address, bytes } of hex("full")) chip.program(bytes, address);
    const card = new ChipCard(chip);
    await card.powerOn();
    await card.session.certify(maker.certify(await card.session.personalise()).bytes);
    await card.activate();
    const { publicKey } = await card.session.ledger();
    await card.session.close();
    chip.powerOff();
    for (const { address, bytes } of hex("code")) chip.program(bytes, address);
    await card.powerOn();
    await card.unlock();
    assert.deepEqual((await card.session.ledger()).publicKey, publicKey);
  });
});
