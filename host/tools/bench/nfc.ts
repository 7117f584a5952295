/**
 * `npm run bench:nfc`: what each kind of NFC frame costs the card on the real interpreter
 * (ESPRUINO_BIN), in Thumb-2 instructions, from the event in the queue to the last statement of its
 * handler. With `--json` they are printed as a line of JSON; `npm run bench -- --only nfc --write`
 * checks them in, and the simulated reader times the card by what is checked in.
 *
 * Frames come from a script behind the card's bundle; NRF is an object whose `nfcSend` is a native
 * function that does nothing. Every figure is a difference of runs, so that the script itself, the
 * interpreter's idle loop and the link's bytes fall out. Limits: an estimate from an x86 build
 * (callgrind.ts); the chip's interrupt and the copy into its transmit buffer are not in it.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { pretokenise } from "../../../firmware/build/passes/pretokenise.js";
import { BUNDLE_PATH, KERNEL_PATH } from "../../emulator/espruino/bundle.js";
import { InterpreterBoard } from "../../emulator/board/interpreter/interpreter.js";
import {
  interpreterWords,
  probe,
  type Interpreter,
} from "../../emulator/board/interpreter/command.js";
import type { Duplex } from "../../sdk/links/link.js";
import { LAYOUTS, MAILBOX, MAILBOX_STATUS, TAG } from "../../sdk/wire/generated.js";
import { Counter, callgrindPrefix, hasCallgrind, ratios, WHOLE } from "./callgrind.js";

const ROUNDS = 100;
const { REQUEST_PAGE, GO_PAGE } = MAILBOX;
const data = (count: number): number[] => Array<number>(count).fill(1);

/** Frames by what they are; `reset` = the mailbox is made EMPTY before each. */
const FRAMES = {
  READ: { frame: [TAG.READ, 20], reset: false },
  FAST_READ: { frame: [TAG.FAST_READ, 92, 106], reset: false },
  WRITE: { frame: [TAG.WRITE, REQUEST_PAGE, ...data(4)], reset: false },
  LONG_WRITE: { frame: [TAG.WRITE, REQUEST_PAGE, ...data(56)], reset: false },
  NAK: { frame: [0x60], reset: false },
  PLAIN: { frame: [TAG.WRITE, REQUEST_PAGE, ...data(4)], reset: true },
  GO: { frame: [TAG.WRITE, GO_PAGE, 0, 0, 4, 1], reset: true },
} as const;
type Kind = keyof typeof FRAMES;
const KINDS = Object.keys(FRAMES) as Kind[];

/**
 * Before the bundle: a board's NRF, and how the arena is found (the id is a view of it). The tag
 * takes its timer between NRF.nfcSend and NRF.nfcURL: it gets one that starts nothing, so that no
 * work of a go is counted.
 */
const BEFORE = `
global.NRF=(function(){
 function none(){}
 return {setServices:none,updateServices:none,setAdvertising:none,setAddress:none,setSecurity:none,disconnect:none,eraseBonds:none,restart:none,
  getAddress:function(){return "00:00:00:00:00:00"},
  get nfcSend(){global.setTimeout=getTime;return getTime},nfcURL:function(){delete global.setTimeout},
  nfcStart:function(uid){global.arena=uid.buffer;return new Uint8Array(10).buffer}};
})();
`;
/**
 * Behind it: "!KIND,COUNT" on the serial line runs frames; "K" when they are done. The arena is
 * there only then: the tag starts from a timer.
 */
function behind(statusState: number): string {
  const frames = KINDS.map((kind) => `new Uint8Array([${FRAMES[kind].frame.join()}]).buffer`);
  return `
;(function(){
 var a,frames=[${frames.join()}],resets=[${KINDS.map((k) => Number(FRAMES[k].reset)).join()}];
 NRF.on("reset",function(){a[${statusState}]=0});
 NRF.on("done",function(){Serial1.write("K")});
 Serial1.on("data",function(d){
  if(d[0]!=="!")return;
  a=new Uint8Array(arena);
  var k=parseInt(d[1]),n=parseInt(d.substr(3)),event=k>=frames.length?"nothing":"NFCrx";
  for(var i=0;i<n;i++){
   if(resets[k])NRF.emit("reset");
   NRF.emit(event,frames[k]||frames[0]);
  }
  NRF.emit("done");
 });
})();
`;
}

/** x86 instructions of `count` frames of a kind, and of all that comes with them. */
async function counted(board: Subject, kind: number, count: number): Promise<number> {
  await board.counter.take();
  board.done = false;
  await board.link.write(Buffer.from(`!${kind},${count}\n`));
  for (let tries = 0; !board.done; await sleep(50))
    if (++tries > 1200) throw new Error("the interpreter does not come to the end of its frames");
  await sleep(300);
  return board.counter.take();
}
interface Subject {
  readonly link: Duplex;
  readonly counter: Counter;
  done: boolean;
}

export interface NfcCosts {
  readonly espruino: string;
  readonly frames: Readonly<Record<string, number>>;
  readonly rest: { readonly GO: number };
}

/** A counted board that has booted `code`, and what that took. */
async function booted(interpreter: Interpreter, folder: string, name: string, code: string) {
  const file = join(folder, name);
  const board = await InterpreterBoard.make({
    interpreter,
    kernel: new Uint8Array(readFileSync(KERNEL_PATH)),
    bundle: Buffer.from(pretokenise(code), "latin1"),
    prefix: callgrindPrefix(file),
    ...{ mapped: true, button: false },
  });
  await board.powerOn();
  for (let calls = -1; board.calls !== calls; await sleep(4000)) calls = board.calls;
  const counter = new Counter(board.pid!, file);
  return { board, counter, boot: await counter.take() };
}

/** The frames' costs, and the boot's with NRF there: Thumb-2 instructions. */
export async function measureNfc(interpreter: Interpreter): Promise<[NfcCosts, number]> {
  const each = ratios(interpreter);
  const ratio = each.reduce((sum, one) => sum + one, 0) / each.length;
  const thumb = (x86: number): number => Math.round((x86 * ratio) / 100) * 100;
  const folder = mkdtempSync(join(tmpdir(), "kincard-bench-nfc-"));
  try {
    const after = behind(LAYOUTS.Tag.STATUS + MAILBOX_STATUS.STATE);
    const empty = await booted(interpreter, folder, "empty", BEFORE + after);
    await empty.board.close();
    const code = BEFORE + readFileSync(BUNDLE_PATH, "latin1") + after;
    const { board, counter, boot } = await booted(interpreter, folder, "card", code);
    try {
      const subject: Subject = { link: await board.duplex(), counter, done: false };
      subject.link.onData(() => (subject.done = true));
      return [await frameCosts(interpreter, subject, thumb), thumb(WHOLE * (boot - empty.boot))];
    } finally {
      await board.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function frameCosts(
  { version }: Interpreter,
  subject: Subject,
  thumb: (x86: number) => number,
): Promise<NfcCosts> {
  const one = async (kind: number): Promise<number> => {
    const once = await counted(subject, kind, ROUNDS);
    return ((await counted(subject, kind, 2 * ROUNDS)) - once) / ROUNDS;
  };
  const nothing = await one(KINDS.length);
  const cost = {} as Record<Kind, number>;
  for (const [index, kind] of KINDS.entries()) cost[kind] = await one(index);
  const { PLAIN, GO, ...plain } = cost;
  const frames = Object.entries(plain).map(([kind, x86]) => [kind, thumb(x86 - nothing)]);
  return {
    espruino: version,
    frames: Object.fromEntries(frames) as Record<string, number>,
    rest: { GO: thumb(GO - PLAIN) },
  };
}

export async function benchNfc(): Promise<void> {
  if (!interpreterWords().length || !hasCallgrind()) {
    console.log("NFC frames: skipped: ESPRUINO_BIN and callgrind are needed");
    return;
  }
  const [costs, boot] = await measureNfc(probe());
  const millions = (boot / 1e6).toFixed(2);
  console.log(
    `\nboot of a board with Bluetooth and NFC, timers soon after included: ${millions} M`,
  );
  console.log(
    "\nNFC frames, Thumb-2 instructions, and ms at 64 MHz and 1.3 cycles each (limit 4.83)",
  );
  const all = { ...costs.frames, "after GO": costs.rest.GO };
  for (const [kind, count] of Object.entries(all))
    console.log(
      `${kind.padEnd(12)}${String(count).padStart(8)}${((count * 1.3) / 64e3).toFixed(2).padStart(7)}`,
    );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv.includes("--json")) await benchNfc();
  else {
    const [costs, boot] = await measureNfc(probe());
    console.log(JSON.stringify({ ...costs, boot }));
  }
}
