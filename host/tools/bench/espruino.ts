/**
 * `npm run bench:espruino`: what the card's code costs on the real interpreter (ESPRUINO_BIN), for
 * each command of a three-card backup: instructions, variables, and the budgets (docs/design.md).
 * The code is tokenised, as in an image; the relay runs the backup, so all that it asks for counts.
 *
 * `--radio`: by Bluetooth in place of the serial port; the stand-in radio's JavaScript is counted.
 * `--json` prints one line of JSON in place of the report, without the NFC frames (bench:nfc).
 * Instructions need callgrind and an x86 build; the variables' figures are a board's only on a
 * build with 13-byte variables. Kernel calls are not part of it: they are native on a board.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pretokenise } from "../../../firmware/build/passes/pretokenise.js";
import { unwrapped } from "../../../hw/images/pieces.js";
import { BUNDLE_PATH, DIST, KERNEL_PATH } from "../../emulator/espruino/bundle.js";
import { CardSession } from "../../sdk/card/session.js";
import { AccessCode } from "../../sdk/crypto/code.js";
import { InterpreterBoard } from "../../emulator/board/interpreter/interpreter.js";
import {
  interpreterWords,
  probe,
  type Interpreter,
} from "../../emulator/board/interpreter/command.js";
import type { PacketCounts } from "../../emulator/board/interpreter/radio.js";
import { LineTransport } from "../../sdk/links/line/transport.js";
import { withTransmit } from "../../sdk/links/link.js";
import type { Transport } from "../../sdk/links/link.js";
import { Maker } from "../../sdk/maker/maker.js";
import { backup } from "../../sdk/relay/ceremony.js";
import { ConnectedCards } from "../../sdk/relay/connected.js";
import { CLA, COMMANDS, GATT_BYTES, INS_GET_RESPONSE } from "../../sdk/wire/generated.js";
import { benchNfc } from "./nfc.js";
import { radioCosts } from "./radio.js";
import { MOST } from "./figures.js";
import { Counter, callgrindPrefix, hasCallgrind, ratios, WHOLE } from "./callgrind.js";

const BUDGET = { free: 600, variables: 2630, nesting: 6 };
/** Slow under a profiler: no wait of the link may end too early. */
const PATIENCE = { connectMs: 120_000, resendMs: 60_000, timeoutMs: 120_000 };
const JSON_ONLY = process.argv.includes("--json");
/** The backup goes over the stand-in radio, in packets as large as a board's. */
const RADIO = process.argv.includes("--radio");
const say = (line: string): void => {
  if (!JSON_ONLY) console.log(line);
};
/** Where callgrind leaves its counts. */
const folder = mkdtempSync(join(tmpdir(), "kincard-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const counts = (name: string): string => join(folder, name);
const DEMO_SEED = "kincard demo maker, published, protects nothing";

interface Row {
  readonly command: string;
  readonly count: number;
  readonly variables: number;
  readonly backup: boolean;
  /** Packets of its radio. */
  readonly packets: PacketCounts;
}

/** A new board with its power on. `code` = other boot code than the card's. */
async function start(name: string, interpreter: Interpreter, counting: boolean, code?: string) {
  const file = counts(name);
  // As in an image, but that all of it lies in one file.
  const bundle = pretokenise(code ?? unwrapped(readFileSync(BUNDLE_PATH, "latin1")));
  const board = await InterpreterBoard.make({
    interpreter,
    kernel: new Uint8Array(readFileSync(KERNEL_PATH)),
    prefix: counting ? callgrindPrefix(file) : [],
    bundle: Buffer.from(bundle, "latin1"),
    ...{ mapped: true, button: false, ...(RADIO ? { radio: GATT_BYTES.TRIED } : {}) },
  });
  await board.powerOn();
  return { board, counter: counting ? new Counter(board.pid!, file) : undefined };
}

/** What the interpreter's own start costs, and the boot code that stands for hardware. */
async function emptyBoot(interpreter: Interpreter): Promise<number> {
  const { board, counter } = await start("empty", interpreter, true, "1;");
  await sleep(6000);
  const count = await counter!.take();
  await board.close();
  return count;
}

/** A card whose every command is measured. */
class Subject {
  readonly rows: Row[] = [];
  boot = 0;
  backup = false;
  transport!: Transport;
  session!: CardSession;

  private constructor(
    readonly name: string,
    readonly board: InterpreterBoard,
    private readonly counter: Counter | undefined,
  ) {}

  static async make(name: string, interpreter: Interpreter, counting: boolean): Promise<Subject> {
    const { board, counter } = await start(name, interpreter, counting);
    const subject = new Subject(name, board, counter);
    // Booted, once it has asked the kernel nothing for a while; only then may a host disturb it.
    for (let calls = 0; counter && (!calls || board.calls !== calls); await sleep(2000)) {
      calls = board.calls;
    }
    subject.boot = (await counter?.take()) ?? NaN;
    const transport = await LineTransport.connect(await board.duplex(), PATIENCE);
    subject.transport = subject.measured(transport);
    subject.session = new CardSession(subject.transport);
    return subject;
  }

  private measured(transport: Transport): Transport {
    const transmit = async (apdu: Uint8Array): Promise<Uint8Array> => {
      await this.counter?.take();
      this.board.variables = 0;
      const before = { ...this.board.packets };
      const answer = await transport.transmit(apdu);
      await sleep(this.counter ? 200 : 20);
      const count = (await this.counter?.take()) ?? NaN;
      const { variables, packets: after } = this.board;
      const packets = { in: after.in - before.in, out: after.out - before.out };
      this.rows.push({
        command: commandName(apdu),
        count,
        variables,
        backup: this.backup,
        packets,
      });
      return answer;
    };
    return withTransmit(transport, transmit);
  }
}

function commandName(apdu: Uint8Array): string {
  const ins = apdu[1];
  if (apdu[0] === CLA.ISO) return ins === INS_GET_RESPONSE ? "GET RESPONSE" : "SELECT";
  return COMMANDS.find((entry) => entry.ins === ins)?.name ?? "?";
}

/** Three cards are made, the first one's key goes to the others, all are used. */
async function ceremony(cards: readonly Subject[]): Promise<void> {
  const maker = Maker.fromSecret(createHash("sha256").update(DEMO_SEED).digest());
  const key = { maker: maker.publicKey };
  const code = AccessCode.from("483920");
  for (const { session } of cards) {
    await session.status();
    await session.certify(maker.certify(await session.personalise()).bytes);
  }
  const { session } = cards[0] as Subject;
  await session.openChannel(key);
  await session.activate(code, { cost: 10 });
  const set = new ConnectedCards(
    cards.map(({ name, transport }) => ({ name, open: async () => transport })),
  );
  await set.arrange();
  for (const card of cards) card.backup = true;
  await backup({ ...key, code, setSize: cards.length, present: set.present });
  for (const card of cards) card.backup = false;
  await session.openChannel(key);
  await session.enterCode(code);
  await session.sign([44 + 2 ** 31, 2 ** 31, 2 ** 31, 0, 0], new Uint8Array(32).fill(7));
  await session.ledger();
}

const millions = (count: number): string =>
  Number.isNaN(count) ? "      -" : (count / 1e6).toFixed(2).padStart(7);
const judged = (ok: boolean): string => (ok ? "within" : "OVER");

function report(subject: Subject, ratio: number, total: number): void {
  say(`\n${subject.name}: M instructions (Thumb-2), JsVars in use at worst, free`);
  for (const { command, count, variables, backup } of [...subject.rows]) {
    const name = `${backup ? "*" : " "} ${command}`.padEnd(22);
    const memory = variables ? [variables, total - variables] : ["-", "-"];
    say(name + millions(count * ratio) + memory.map((n) => `${n}`.padStart(8)).join(""));
  }
}

export async function bench(): Promise<void> {
  if (!interpreterWords().length) {
    console.log("skipped: ESPRUINO_BIN names no interpreter");
    return;
  }
  const interpreter = probe();
  const counting = hasCallgrind() && interpreter.args.length === 0;
  const each = counting ? ratios(interpreter) : [];
  const ratio = (WHOLE * each.reduce((sum, one) => sum + one, 0)) / each.length;
  const { total, bytes } = interpreter.variables;
  say(`Espruino ${interpreter.version}, ${bytes}-byte variables`);
  if (counting) say(`Thumb-2 / x86: ${each.map((r) => r.toFixed(2)).join(" ")}`);
  else say("instructions are not counted: callgrind and an x86 build are needed");
  const cards: Subject[] = [];
  try {
    for (const name of ["source", "destination", "second"]) {
      cards.push(await Subject.make(name, interpreter, counting));
    }
    await ceremony(cards);
  } finally {
    for (const { board } of cards) await board.close();
    for (const { name } of cards)
      rmSync(`/dev/shm/kincard-${process.pid}-${name}`, { force: true });
  }
  const [source, destination] = cards as [Subject, Subject];
  const costs = RADIO && counting ? await radioCosts(interpreter, folder) : { in: 0, out: 0 };
  /** Of the stand-in, in a row's count. */
  const standIn = ({ packets }: Row) => packets.in * costs.in + packets.out * costs.out;
  for (const subject of [source, destination]) report(subject, ratio, total);
  const boot = counting ? (source.boot - (await emptyBoot(interpreter))) * ratio : NaN;
  if (JSON_ONLY) {
    const rowsOf = ({ rows }: Subject) =>
      rows.map((row) => ({
        ...row,
        count: Math.round(row.count * ratio),
        standIn: Math.round(standIn(row) * ratio),
      }));
    const found = { source: rowsOf(source), destination: rowsOf(destination) };
    console.log(JSON.stringify({ version: interpreter.version, bytes, boot, ...found }));
    return;
  }
  say("\nBudgets (* = the three-card backup)");
  const line = (what: string, value: number, mark: string) => {
    const most = MOST[mark]!;
    say(`${what.padEnd(34)}${millions(value)} of ${most / 1e6} M: ${judged(value <= most)}`);
  };
  if (counting) {
    line("boot", boot, "espruino.boot");
    for (const { name, rows } of [source, destination]) {
      const sum = rows.reduce((all, row) => all + (row.backup ? row.count : 0), 0) * ratio;
      line(`backup, ${name}`, sum, RADIO ? `bluetooth.${name}.whole` : `espruino.${name}`);
      if (!RADIO) continue;
      const its = rows.reduce((all, row) => all + (row.backup ? standIn(row) : 0), 0) * ratio;
      say(`of it the stand-in radio's own${millions(its)} M`);
    }
  }
  const { nesting } = JSON.parse(readFileSync(new URL("firmware.json", DIST), "utf8")) as {
    nesting: number;
  };
  const nests = `${nesting} of ${BUDGET.nesting}: ${judged(nesting <= BUDGET.nesting)}`;
  say(`calls nested at most, on any path  ${nests} (the build's own count)`);
  const most = Math.max(...cards.flatMap(({ rows }) => rows.map((row) => row.variables)));
  if (bytes === 13) {
    const free = BUDGET.variables - most;
    say(`free JsVars of ${BUDGET.variables}: ${free}: ${judged(free >= BUDGET.free)}`);
  } else {
    say(`JsVars at worst ${most} of ${total}: not a board's figure (${bytes} bytes each)`);
  }
}

await bench();
if (!JSON_ONLY && !RADIO) await benchNfc();
