/**
 * What the radio that stands in for a Linux interpreter's serial port costs by itself
 * (host/emulator/board/interpreter/shim.ts): a board hands packets to JavaScript in native code, the
 * stand-in in JavaScript. `npm run bench:bluetooth` takes it off what it counts.
 *
 * A script in the card's place takes packets and sends some; every figure is a difference.
 */

import { join } from "node:path";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { KERNEL_PATH } from "../../emulator/espruino/bundle.js";
import type { Interpreter } from "../../emulator/board/interpreter/command.js";
import { InterpreterBoard } from "../../emulator/board/interpreter/interpreter.js";
import { BAUD_DEFAULT } from "../../sdk/links/registry.js";
import { openSerial } from "../../sdk/links/line/serial.js";
import { GATT_BYTES } from "../../sdk/wire/generated.js";
import { Counter, callgrindPrefix } from "./callgrind.js";

const SIZE = GATT_BYTES.TRIED;
/** Less than the interpreter's buffer of input. */
const BATCH = 10;
const ROUNDS = 100;
const enum Loop {
  Nothing,
  Send,
  Take,
}

/** A packet of SIZE bytes is taken; one of two bytes says what is to be done, and how often. */
const SCRIPT = `
(function(){
 function nothing(){}
 function send(){NRF.updateServices(full)}
 function take(){took(big)}
 function took(e){
  if(e.data.byteLength>2)return;
  var d=new Uint8Array(e.data),f=[nothing,send,take][d[0]],n=d[1];
  for(var i=0;i<n;i++)f();
  NRF.updateServices({a:{b:{value:new Uint8Array(1)}}});
 }
 var full={a:{b:{value:new Uint8Array(${SIZE}),notify:true}}},big={data:new Uint8Array(${SIZE}).buffer};
 NRF.setServices({a:{b:{onWrite:took}}});
})();`;

export interface RadioCosts {
  /** Instructions (x86) of the stand-in for a packet to the card, and for one from it. */
  readonly in: number;
  readonly out: number;
}

export async function radioCosts(interpreter: Interpreter, folder: string): Promise<RadioCosts> {
  const file = join(folder, "radio");
  const board = await InterpreterBoard.make({
    ...{ interpreter, kernel: new Uint8Array(readFileSync(KERNEL_PATH)) },
    ...{ bundle: Buffer.from(SCRIPT, "latin1"), prefix: callgrindPrefix(file) },
    ...{ mapped: true, button: false, radio: SIZE },
  });
  await board.powerOn();
  try {
    const counter = new Counter(board.pid!, file);
    const serial = await openSerial(board.uri.slice("serial:".length), BAUD_DEFAULT);
    let came = 0;
    serial.onData((bytes) => (came += bytes.length));
    const packet = (...bytes: number[]) => Uint8Array.of(bytes.length, ...bytes);
    // The script is there when it answers; then until it has answered all that it was asked.
    for (let tries = 0, seen = -1; !came || came > seen; tries++) {
      if (tries === 60) throw new Error("the stand-in radio does not begin");
      seen = came;
      if (!came) await serial.write(packet(Loop.Nothing, 1));
      await sleep(1000);
    }
    /** Packets that are taken, then a loop: its instructions. */
    const counted = async (packets: number, loop: Loop, rounds: number): Promise<number> => {
      await counter.take();
      came = 0;
      for (let i = 0; i < packets; i++) await serial.write(packet(...Array<number>(SIZE).fill(1)));
      await serial.write(packet(loop, rounds));
      const answer = 2 + (loop === Loop.Send ? rounds * (SIZE + 1) : 0);
      for (let tries = 0; came < answer; await sleep(50))
        if (++tries > 1200) throw new Error("the stand-in radio does not come to its end");
      await sleep(200);
      return counter.take();
    };
    const round = async (loop: Loop) =>
      ((await counted(0, loop, 2 * ROUNDS)) - (await counted(0, loop, ROUNDS))) / ROUNDS;
    await counted(BATCH, Loop.Nothing, 1);
    const nothing = await round(Loop.Nothing);
    const took = (await round(Loop.Take)) - nothing;
    const out = (await round(Loop.Send)) - nothing;
    const none = await counted(0, Loop.Nothing, 1);
    const batch = await counted(BATCH, Loop.Nothing, 1);
    await serial.close();
    return { in: (batch - none) / BATCH - took, out };
  } finally {
    await board.close();
  }
}
