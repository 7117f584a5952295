/**
 * What runs before the bundle on a Linux interpreter (`.boot0`): it makes the build look like a
 * board. Test code, never part of an image for boards.
 *
 * - Serial1 is the pseudo terminal, the button a word that the host sets.
 * - `E.hwRand` on Linux is a generator with a fixed seed: entropy comes from the host instead.
 * - The kernel: a build with mapped flash that executes Thumb-2 runs it in place, any other hands
 *   the arena to the host over the bridge and waits for it.
 */

import type { Interpreter } from "./command.js";
import { Bridge, POOL_WORDS, type Places } from "./layout.js";

/** Tries of reading an answer before the host is taken for gone. */
const PATIENCE = 3_000_000;
/** Where the arena seems to lie when the host runs the kernel. */
export const ARENA_ADDRESS = 0x20000000;

export interface ShimOptions {
  readonly serial: string;
  readonly button: boolean;
  /** The card is to take flash for part of the address space, as it is on boards. */
  readonly mapped: boolean;
  /** Bytes of one packet, for a board with a radio in place of its serial port. */
  readonly radio?: number | undefined;
}

/**
 * Asks the host: this is the whole of the bridge on this side. It is reached through the native
 * `call`, so that a profiler can leave out all that happens in there.
 */
function ask(bridge: number): string {
  const at = (offset: number): number => bridge + offset;
  return `
var F=require("Flash"),usage=process.memory,arena=new Uint8Array(4),seq=0;
function ask(entry,a,b,c,d){
 seq=(seq+1)&0x3fffffff;
 var q=new Int32Array([seq,entry,a,b,c,d,arena.length+usage(false).usage*65536,~seq]);
 F.write(arena,${at(Bridge.REQUEST_ARENA)});
 F.write(new Uint8Array(q.buffer),${at(Bridge.REQUEST)});
 for(var i=0;i<${PATIENCE};i++){
  var r=new Int32Array(F.read(16,${at(Bridge.ANSWER)}).buffer);
  if(r[0]===seq){
   if(r[3])arena.set(F.read(r[3],${at(Bridge.ANSWER_ARENA)}+r[2]),r[2]);
   return r[1];
  }
 }
 throw "the host does not answer";
}`;
}

const entropy = (bridge: number): string => `
var pool=0,left=0;
function next(){
 if(!left){
  if(ask(255))throw "Timeout on Random number";
  pool=new Int32Array(F.read(${4 * POOL_WORDS},${bridge + Bridge.POOL}).buffer);
  left=${POOL_WORDS};
 }
 return pool[--left];
}
E.hwRand=next.call.bind(next,0);`;

const button = (bridge: number): string => `
global.BTN=global.BTN1={read:function(){return F.read(4,${bridge + Bridge.BUTTON})[0]===1}};`;

/**
 * A radio in place of the serial port: the host's bytes come as writes of at most `size`, what is
 * indicated goes to the host, and the next indication is refused for a connection's two intervals.
 */
const radio = (size: number): string => `
(function(){
 var port=Serial1,write,busy=0;
 function nothing(){}
 function heard(text){
  for(var i=0;i<text.length;i+=${size})write({data:E.toArrayBuffer(text.substr(i,${size}))});
 }
 global.Serial1={on:nothing,write:nothing};
 global.NRF={on:nothing,setAddress:nothing,setAdvertising:nothing,setSecurity:nothing,
  disconnect:nothing,eraseBonds:nothing,restart:nothing,
  setServices:function(s){
   for(var i in s)for(var j in s[i])if(s[i][j].onWrite)write=s[i][j].onWrite;
   // what is global under that name gets the port's events
   Serial1["#ondata"]=heard;
  },
  updateServices:function(s){
   if(busy)throw "BUSY";
   busy=1;
   setTimeout(function(){busy=0},15);
   for(var i in s)for(var j in s[i])if(s[i][j].value)port.write(s[i][j].value);
  }};
})();`;

/** The host runs the kernel; flash lies in its address space if the card is told where. */
const bridged = (kernel: number, mapped: number): string => `
process.memory=function(){return {flash_code_start:${mapped}}};
E.getAddressOf=function(v){
 if(typeof v==="string")return ${kernel};
 arena=v;return ${ARENA_ADDRESS};
};
E.nativeCall=function(address){
 return ask.call.bind(ask,0,(address-${kernel}-1)>>2);
};`;

export function shimSource(interpreter: Interpreter, places: Places, options: ShimOptions): string {
  const base = interpreter.flash.address;
  const bridge = base + places.bridge;
  return [
    "(function(){",
    `Serial1.setup(115200,{path:"${options.serial}"});`,
    ask(bridge),
    entropy(bridge),
    options.button ? button(bridge) : "",
    options.radio ? radio(options.radio) : "",
    interpreter.native ? "" : bridged(base + places.kernel, options.mapped ? base : 0),
    "})();",
  ].join("\n");
}
