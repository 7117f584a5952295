/**
 * One debugger's requests (GDB's manual, appendix E): registers, memory, breakpoints, steps, runs.
 * The chip stands still except between "continue" and the stop's answer; `run` makes it execute.
 */

import { fromHex, fromWord, toHex, unescape, word } from "./packets.js";
import { DESCRIPTION, GdbTarget, REGISTERS } from "./target.js";

/** Signals that a stop is told as. */
export const SIGINT = "S02";
export const SIGTRAP = "S05";

export interface Debugged {
  readonly target: GdbTarget;
  /** Asked to run until stopped; the session's stopped() tells how that ended. */
  readonly go: () => void;
  /** Asked for a reset (`monitor reset`). */
  readonly reset: () => void;
  /** The debugger let go: the chip runs on by itself. */
  readonly detach: () => void;
}

const ERROR = "E01";
const hexNumber = (text: string | undefined): number => Number.parseInt(text ?? "", 16);

/** `address,length` and what follows a colon. */
function range(text: string): { address: number; length: number; data: string } {
  const [head = "", ...rest] = text.split(":");
  const [address, length] = head.split(",");
  return { address: hexNumber(address), length: hexNumber(length), data: rest.join(":") };
}

export class GdbSession {
  readonly #of: Debugged;
  readonly #breakpoints = new Set<number>();

  constructor(of: Debugged) {
    this.#of = of;
  }

  /** The answer to a request; undefined if it comes later (a run). Unknown ones get "". */
  handle(request: string): string | undefined {
    const rest = request.slice(1);
    switch (request[0]) {
      case "?":
        return SIGTRAP;
      case "g":
        return this.#registers();
      case "G":
        return this.#setRegisters(rest);
      case "p":
        return this.#register(hexNumber(rest));
      case "P":
        return this.#setRegister(rest);
      case "m":
        return this.#read(range(rest));
      case "M": {
        const { address, data } = range(rest);
        return this.#write(address, fromHex(data));
      }
      case "X": {
        const { address, data } = range(rest);
        return this.#write(address, unescape(data));
      }
      case "Z":
      case "z":
        return this.#breakpoint(request);
      case "s":
        return this.#step();
      case "c":
        this.#of.go();
        return undefined;
      case "D":
        this.end();
        return "OK";
      case "H":
        return "OK";
      case "q":
        return this.#query(rest);
      default:
        return this.#long(request);
    }
  }

  /** Takes its breakpoints away and lets the chip run. */
  end(): void {
    for (const address of this.#breakpoints) this.#of.target.cpu.setBreakpoint(address, false);
    this.#breakpoints.clear();
    this.#of.detach();
  }

  #long(request: string): string | undefined {
    if (request === "vCont?") return "vCont;c;C;s;S";
    const action = /^vCont;([csCS])/.exec(request)?.[1]?.toLowerCase();
    if (action === "s") return this.#step();
    if (action !== "c") return "";
    this.#of.go();
    return undefined;
  }

  #step(): string {
    this.#of.target.cpu.step();
    return SIGTRAP;
  }

  #registers(): string {
    const { target } = this.#of;
    return Array.from({ length: REGISTERS }, (_, n) => word(target.register(n))).join("");
  }

  #setRegisters(hex: string): string {
    (hex.match(/.{8}/g) ?? []).slice(0, REGISTERS).forEach((value, n) => {
      this.#of.target.setRegister(n, fromWord(value));
    });
    return "OK";
  }

  #register(n: number): string {
    return n < REGISTERS ? word(this.#of.target.register(n)) : ERROR;
  }

  #setRegister(text: string): string {
    const [n, value = ""] = text.split("=");
    if (!(hexNumber(n) < REGISTERS)) return ERROR;
    this.#of.target.setRegister(hexNumber(n), fromWord(value));
    return "OK";
  }

  #read({ address, length }: { address: number; length: number }): string {
    const bytes = this.#of.target.read(address, length);
    return bytes ? toHex(bytes) : ERROR;
  }

  #write(address: number, bytes: Uint8Array): string {
    return this.#of.target.write(address, bytes) ? "OK" : ERROR;
  }

  /** Software and hardware ones are the same here; watchpoints there are none. */
  #breakpoint(request: string): string {
    if (request[1] !== "0" && request[1] !== "1") return "";
    const address = hexNumber(request.split(",")[1]);
    const on = request[0] === "Z";
    if (on) this.#breakpoints.add(address);
    else this.#breakpoints.delete(address);
    this.#of.target.cpu.setBreakpoint(address, on);
    return "OK";
  }

  #query(text: string): string {
    if (text.startsWith("Supported")) return "PacketSize=4000;qXfer:features:read+;vContSupported+";
    if (text.startsWith("Xfer:features:read:target.xml:")) return this.#description(text);
    if (text.startsWith("Rcmd,"))
      return this.#monitor(Buffer.from(text.slice(5), "hex").toString());
    if (text === "Attached") return "1";
    if (text === "C") return "QC1";
    if (text === "fThreadInfo") return "m1";
    if (text === "sThreadInfo") return "l";
    return "";
  }

  #description(text: string): string {
    const [at, length] = (text.split(":")[4] ?? "").split(",").map(hexNumber) as [number, number];
    const part = DESCRIPTION.slice(at, at + length);
    return (at + length >= DESCRIPTION.length ? "l" : "m") + part;
  }

  #monitor(command: string): string {
    if (command.trim() === "reset") {
      this.#of.reset();
      return "OK";
    }
    return toHex(Buffer.from("commands: reset\n"));
  }
}
