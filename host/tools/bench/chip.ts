/**
 * `npm run bench:chip [-- --json] [-- --cycles 1.9]`: what each command of a card costs on the chip
 * that executes the real firmware (KINCARD_FIRMWARE): the time from the request's last byte to the
 * answer's, instructions, flash operations and their time, stack, Espruino's free variables. A
 * three-card backup by serial at 115,200 baud.
 *
 * The time is a model: so many cycles an instruction (1.3 unless told), the flash's times from the
 * data sheet.
 */

import { readFileSync } from "node:fs";
import { DEMO_MAKER_PRIVATE } from "../../../firmware/build/demo-maker.js";
import type { FirmwareInfo } from "../../../firmware/build/firmware.js";
import { boardById } from "../../../hw/boards/index.js";
import { ChipBoard } from "../../emulator/board/chip.js";
import { CYCLES } from "../../emulator/chip/chip.js";
import { readFirmware } from "../../emulator/chip/firmware.js";
import { MS } from "../../emulator/chip/soc/base/time.js";
import { StackGauge, type StackUse } from "../../emulator/chip/stack.js";
import {
  findVariables,
  VariableGauge,
  type VariableLayout,
} from "../../emulator/chip/variables.js";
import { seededRandom } from "../../emulator/entropy.js";
import { BUNDLE_PATH, KERNEL_PATH } from "../../emulator/espruino/bundle.js";
import { CardSession } from "../../sdk/card/session.js";
import { fromHex } from "../../sdk/crypto/bytes.js";
import { AccessCode } from "../../sdk/crypto/code.js";
import { decodeFrame, encodeFrame, LineSplitter } from "../../sdk/links/line/line.js";
import { LineTransport } from "../../sdk/links/line/transport.js";
import type { Transport } from "../../sdk/links/link.js";
import { Maker } from "../../sdk/maker/maker.js";
import { makeImage } from "../image/image.js";
import { commandOf } from "./virtual/cards.js";

interface Row extends StackUse {
  readonly command: string;
  readonly ms: number;
  readonly instructions: number;
  readonly erases: number;
  readonly words: number;
  readonly flashMs: number;
  readonly writes: number;
  /** Variables free at the worst moment. */
  readonly free: number;
}

const args = process.argv.slice(2);
const json = args.includes("--json");
const at = args.indexOf("--cycles");
const cycles = at < 0 ? CYCLES : Number(args[at + 1]);
const file = process.env.KINCARD_FIRMWARE;
if (!file) {
  console.error("bench:chip: KINCARD_FIRMWARE names no firmware, see docs/chip.md");
  process.exit(2);
}
const board = boardById(process.env.KINCARD_CHIP ?? "puckjs");
const firmware = readFirmware(file);
const info = JSON.parse(
  readFileSync(BUNDLE_PATH.replace(/\.js$/, ".json"), "utf8"),
) as FirmwareInfo;
const image = makeImage(board, {
  firmware: { code: readFileSync(BUNDLE_PATH, "latin1"), info },
  kernel: new Uint8Array(readFileSync(KERNEL_PATH)),
}).layout.bytes;
const maker = Maker.fromSecret(fromHex(DEMO_MAKER_PRIVATE));
const CODE = AccessCode.from("a bench's own");
const rows: Row[] = [];

/** Asked of a blank board at its prompt, once. */
function askLayout(): VariableLayout {
  const chip = new ChipBoard({ board, firmware, random: seededRandom("blank"), seed: "blank" });
  let text = "";
  chip.onData((bytes) => (text += Buffer.from(bytes).toString("latin1")));
  chip.powerOn();
  chip.advance(1);
  chip.send(`f=E.toString(new Uint8Array(60));print("at",E.getAddressOf(f,true),"!")\n`);
  chip.advance(1);
  const [, address] = /\bat (\d+) !/.exec(text) ?? [];
  if (address === undefined) throw new Error(`no prompt on a blank board: ${JSON.stringify(text)}`);
  const layout = findVariables(chip.chip, Number(address), board.jsVars);
  chip.powerOff();
  return layout;
}
const variableLayout = askLayout();

class Subject {
  session!: CardSession;
  private constructor(
    readonly chip: ChipBoard,
    private readonly gauge: StackGauge,
    private readonly variables: VariableGauge,
  ) {}

  static async make(seed: string): Promise<Subject> {
    const random = seededRandom(seed);
    const chip = new ChipBoard({ board, firmware, random, seed, cyclesPerInstruction: cycles });
    chip.onFailure((error) => {
      throw error;
    });
    chip.program(image);
    chip.powerOn();
    chip.advance(2);
    const variables = new VariableGauge(chip.chip, variableLayout);
    const subject = new Subject(chip, new StackGauge(chip.chip), variables);
    const link = await LineTransport.connect(chip.duplex(), { name: seed });
    subject.session = new CardSession(subject.measured(link));
    return subject;
  }

  private measured(link: Transport): Transport {
    const transmit = async (apdu: Uint8Array): Promise<Uint8Array> => {
      const { chip, cable } = this.chip;
      const unit = chip.flashUnit;
      const before = { n: chip.cpu.instructions, ...unit.counts };
      this.gauge.paint();
      this.variables.least = Infinity;
      const answer = await link.transmit(apdu);
      const after = unit.counts;
      rows.push({
        command: commandOf(apdu),
        ms: (cable.traffic.out - cable.traffic.in) / MS,
        instructions: chip.cpu.instructions - before.n,
        erases: after.erases - before.erases,
        writes: after.writes - before.writes,
        words: after.words - before.words,
        free: this.variables.least,
        flashMs: (after.stalled - before.stalled) / MS,
        ...this.gauge.use(),
      });
      return answer;
    };
    const { name, extended } = link;
    const onDisconnect: Transport["onDisconnect"] = (listener) => link.onDisconnect(listener);
    return { name, extended, transmit, onDisconnect, close: () => link.close() };
  }
  channel() {
    return this.session.openChannel({ maker: maker.publicKey });
  }
}

/** Milliseconds from power-on to the first answer of a card that is asked all the time. */
function bootTime(): { ms: number; instructions: number } {
  const random = seededRandom("boot");
  const chip = new ChipBoard({
    board,
    firmware,
    random,
    seed: "boot",
    cyclesPerInstruction: cycles,
  });
  chip.program(image);
  let first: number | undefined;
  const splitter = new LineSplitter();
  chip.onData((bytes) => {
    if (splitter.push(bytes).some((line) => decodeFrame(line))) first ??= chip.cable.traffic.out;
  });
  chip.powerOn();
  const start = chip.chip.scheduler.now;
  const sync = Buffer.concat([Buffer.from("\n"), encodeFrame({ seq: 1, apdu: new Uint8Array(0) })]);
  while (first === undefined && chip.time < 5) {
    chip.send(sync);
    chip.advance(0.01);
  }
  const { instructions } = chip.chip.cpu;
  chip.powerOff();
  return { ms: ((first ?? Infinity) - start) / MS, instructions };
}

async function main(): Promise<void> {
  const boot = bootTime();
  const [source, ...copies] = await Promise.all(["source", "first", "second"].map(Subject.make));
  for (const { session } of [source!, ...copies]) {
    await session.status();
    await session.certify(maker.certify(await session.personalise()).bytes);
  }
  const id = (await source!.channel()).certificate.id;
  const { setId } = await source!.session.activate(CODE, { cost: 10 });
  const ids: Uint8Array[] = [];
  for (const copy of copies) {
    ids.push((await copy.channel()).certificate.id);
    await copy.session.nameSource({ id, setId });
  }
  await source!.session.nameDestinations({ setSize: 3, ids });
  for (const { session } of copies) {
    const transfer = await source!.session.seal(await session.offer());
    await source!.session.confirm(await session.accept(transfer));
  }
  await source!.channel();
  await source!.session.enterCode(CODE);
  const { publicKey } = await source!.session.ledger();
  await source!.session.sign([], new Uint8Array(32).fill(1), publicKey);
  for (const { chip } of [source!, ...copies]) chip.powerOff();
  print(boot);
}

function print(boot: { ms: number; instructions: number }): void {
  const commands = [...new Set(rows.map(({ command }) => command))];
  const worst = commands.map((command) => {
    const own = rows.filter((row) => row.command === command);
    const most = (pick: (row: Row) => number) => Math.max(...own.map(pick));
    return {
      command,
      times: own.length,
      ms: most((row) => row.ms),
      cycles: Math.round(most((row) => row.instructions) * cycles),
      instructions: most((row) => row.instructions),
      erases: most((row) => row.erases),
      writes: most((row) => row.writes),
      words: most((row) => row.words),
      flashMs: most((row) => row.flashMs),
      stack: most((row) => row.deepest),
      stackLeft: Math.min(...own.map((row) => row.left)),
      variablesFree: Math.min(...own.map((row) => row.free)),
    };
  });
  if (json) {
    console.log(
      JSON.stringify({ board: board.id, cyclesPerInstruction: cycles, boot, commands: worst }),
    );
    return;
  }
  console.log(`${board.title}, ${cycles} cycles an instruction at 64 MHz (a model)`);
  console.log(`boot       ${boot.ms.toFixed(0)} ms to the first answer`);
  const least = Math.min(...worst.map((row) => row.variablesFree));
  console.log(`variables  ${least} of ${board.jsVars} free at the worst moment`);
  const room = worst[0]!.stack + worst[0]!.stackLeft;
  console.log(`stack      ${Math.max(...worst.map((row) => row.stack))} of ${room} bytes`);
  const heads = ["times", "     ms", "M cycles", "M instr.", "erases", "writes", " words"];
  console.log(
    ["command".padEnd(19), ...heads, "flash ms", " stack", " left", "free variables"].join(" "),
  );
  for (const row of worst) {
    const { command, times, ms, cycles, instructions, erases, writes, words } = row;
    const { flashMs, stack, stackLeft, variablesFree } = row;
    const cells = [
      command.padEnd(20),
      String(times).padStart(5),
      ms.toFixed(0).padStart(7),
      (cycles / 1e6).toFixed(2).padStart(8),
      (instructions / 1e6).toFixed(2).padStart(8),
      String(erases).padStart(6),
      String(writes).padStart(6),
      String(words).padStart(6),
      flashMs.toFixed(0).padStart(8),
      String(stack).padStart(6),
      String(stackLeft).padStart(5),
      String(variablesFree).padStart(14),
    ];
    console.log(cells.join(" "));
  }
}

await main();
