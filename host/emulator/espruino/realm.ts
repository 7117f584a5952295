/**
 * The language as a board's interpreter has it: a fresh V8 context with what Espruino lacks taken
 * away, and with traps where Espruino does not check and Node does (or checks otherwise).
 *
 * Source: behaviour of Espruino 2v29's typed arrays: `subarray` and `new Uint8Array(buffer, at, n)`
 * make views longer than their buffer, `n` = 0 means "the rest", `slice` gives a plain Array and
 * `set` drops what does not fit. Limits: syntax, hoisting and variable limits are the build's to
 * check; reading past a view's end is undefined on both sides.
 */

import { BoardTrap } from "../faults.js";
import { latin1 } from "./bytes.js";
import { compile, Sandbox, type Program } from "./sandbox.js";

const ARRAYS = [
  ["Uint8Array", 1],
  ["Uint8ClampedArray", 1],
  ["Int8Array", 1],
  ["Uint16Array", 2],
  ["Int16Array", 2],
  ["Uint32Array", 4],
  ["Int32Array", 4],
  ["Float32Array", 4],
  ["Float64Array", 8],
] as const;
type ArrayName = (typeof ARRAYS)[number][0];

/** Globals that Espruino does not have, and members that these lack there. */
const MISSING = `
  var gone = ("Map Set WeakMap WeakSet WeakRef FinalizationRegistry Symbol Proxy Reflect BigInt " +
    "BigInt64Array BigUint64Array SharedArrayBuffer Atomics WebAssembly Intl Iterator escape " +
    "unescape AggregateError").split(" ");
  for (var i = 0; i < gone.length; i++) delete globalThis[gone[i]];
  var strip = function (owner, names) {
    names.split(" ").forEach(function (name) { delete owner[name]; });
  };
  var typed = Object.getPrototypeOf(Uint8Array);
  strip(Math, "imul clz32 trunc sign log2 log10 log1p expm1 hypot fround cbrt sinh cosh tanh " +
    "asinh acosh atanh");
  strip(Number, "isInteger isSafeInteger MAX_SAFE_INTEGER MIN_SAFE_INTEGER EPSILON");
  strip(Object, "freeze isFrozen seal isSealed preventExtensions isExtensible hasOwn is groupBy " +
    "getOwnPropertySymbols");
  strip(Array, "from of fromAsync");
  strip(Array.prototype, "flat flatMap lastIndexOf keys entries values copyWithin findLast " +
    "findLastIndex at toReversed toSorted toSpliced with");
  strip(String, "raw fromCodePoint");
  strip(String.prototype, "at codePointAt normalize localeCompare matchAll isWellFormed " +
    "toWellFormed");
  strip(ArrayBuffer.prototype, "slice resize transfer transferToFixedLength");
  strip(Promise.prototype, "finally");
  strip(typed, "from of");
  strip(typed.prototype, "copyWithin at lastIndexOf keys entries findLast findLastIndex " +
    "toReversed toSorted with toLocaleString");
`;

const PRELUDE = compile(
  `(function () { ${MISSING}
    globalThis.global = globalThis;
    return { ArrayBuffer: ArrayBuffer, typed: typed.prototype, Error: Error, Array: Array,
      ${ARRAYS.map(([name]) => `${name}: ${name}`).join(", ")} };
  })()`,
  "board-prelude.js",
);

type Constructor = new (...args: unknown[]) => object;
type Views = Record<ArrayName, Constructor>;

interface Intrinsics extends Views {
  ArrayBuffer: new (length: number) => ArrayBuffer;
  typed: Record<string, unknown>;
  Error: new (message: string) => Error;
  Array: new () => unknown[];
}

export class Realm {
  readonly globals: Record<string, unknown>;
  readonly #sandbox = new Sandbox();
  readonly #own: Intrinsics;
  /** Every buffer that was made here, if they are kept. */
  readonly #buffers: ArrayBuffer[] = [];

  /** `trap` is told of a misuse, and throws. */
  constructor(
    readonly trap: (fault: BoardTrap) => never,
    readonly keep: boolean,
  ) {
    this.globals = this.#sandbox.globals;
    this.#own = this.#sandbox.run(PRELUDE) as Intrinsics;
    this.#guardViews();
  }

  run(program: Program): void {
    this.#sandbox.run(program);
  }

  /** Nothing will run in it any more. */
  close(): void {
    this.#sandbox.close();
  }

  newBytes(bytes: Uint8Array): Uint8Array {
    const out = new this.#own.Uint8Array(bytes.length) as Uint8Array;
    out.set(bytes);
    this.#track(out.buffer as ArrayBuffer);
    return out;
  }

  newBuffer(bytes: Uint8Array): ArrayBuffer {
    return this.newBytes(bytes).buffer as ArrayBuffer;
  }

  newArray(items: readonly unknown[]): unknown[] {
    const out = new this.#own.Array();
    out.push(...items);
    return out;
  }

  /** An error as the bundle would see it from the interpreter. */
  newError(message: string): Error {
    return new this.#own.Error(message);
  }

  /** The contents of every buffer that was made here, garbage too; nothing unless kept. */
  memory(): Uint8Array[] {
    return this.#buffers.map((buffer) => new Uint8Array(buffer));
  }

  #track(buffer: ArrayBuffer): void {
    if (this.keep) this.#buffers.push(buffer);
  }

  #guardViews(): void {
    const own = this.#own;
    for (const [name, width] of ARRAYS) this.#guardConstructor(name, width);
    const buffer = own.ArrayBuffer;
    const track = (made: ArrayBuffer) => this.#track(made);
    const guarded = function (length: number): ArrayBuffer {
      const made = new buffer(length);
      track(made);
      return made;
    };
    guarded.prototype = buffer.prototype as object;
    this.globals.ArrayBuffer = guarded;
    this.#guardMethods(own.typed);
  }

  #guardConstructor(name: ArrayName, width: number): void {
    const native = this.#own[name];
    const { trap } = this;
    const track = (made: ArrayBuffer) => this.#track(made);
    const isBuffer = (value: unknown): value is ArrayBuffer =>
      value instanceof this.#own.ArrayBuffer;
    const guarded = function (first: unknown, at: unknown = 0, count?: unknown): object {
      if (!isBuffer(first)) {
        if (typeof first === "string" || first === null || first === undefined) {
          trap(new BoardTrap(`new ${name} of ${first === null ? "null" : typeof first}`));
        }
        const made = new native(first) as Uint8Array;
        track(made.buffer as ArrayBuffer);
        return made;
      }
      const offset = Number(at);
      const length = Number(count ?? 0);
      if (!(offset >= 0 && offset <= 65535)) {
        trap(new BoardTrap(`new ${name}: offset ${offset} is not in 0..65535`));
      }
      // Espruino takes a length of 0 for "the rest".
      if (!length) {
        const rest = Math.max(0, Math.floor((first.byteLength - offset) / width));
        return new native(first, Math.min(offset, first.byteLength), rest);
      }
      if (!(length > 0) || offset + length * width > first.byteLength) {
        trap(
          new BoardTrap(
            `new ${name}(buffer of ${first.byteLength}, ${offset}, ${length}) reaches beyond ` +
              `its buffer, which the interpreter does not check`,
          ),
        );
      }
      return new native(first, offset, length);
    };
    guarded.prototype = native.prototype as object;
    Object.defineProperty(native.prototype, "constructor", { value: guarded });
    this.globals[name] = guarded;
  }

  #guardMethods(typed: Record<string, unknown>): void {
    const { trap } = this;
    const set = typed.set as (this: Uint8Array, from: ArrayLike<number>, at: number) => void;
    typed.slice = function (): never {
      return trap(new BoardTrap("slice of a typed array: a plain Array on the interpreter"));
    };
    typed.set = function (this: Uint8Array, from: ArrayLike<number> | string, at = 0): void {
      const source = typeof from === "string" ? latin1(from) : from;
      if (!(at >= 0 && at + source.length <= this.length)) {
        trap(
          new BoardTrap(
            `set of ${source.length} at ${at} into ${this.length}: the interpreter drops the rest`,
          ),
        );
      }
      set.call(this, source, at);
    };
    typed.subarray = subarray(trap);
  }
}

function subarray(trap: Realm["trap"]) {
  return function (this: Uint8Array, begin: unknown = 0, end?: unknown): object {
    const { length } = this;
    let from = Math.trunc(Number(begin)) || 0;
    let to = typeof end === "number" ? Math.trunc(end) || 0 : length;
    if (from < 0) from += length;
    if (to < 0) to = Math.max(0, to + length);
    const make = this.constructor as new (...args: unknown[]) => object;
    if (from >= to) return new make(0);
    const at = this.byteOffset + from * this.BYTES_PER_ELEMENT;
    if (from < 0 || to > length) {
      trap(
        new BoardTrap(
          `subarray(${String(begin)}, ${String(end)}) of ${length}: the interpreter does not ` +
            `check it and makes a view of ${to - from} elements`,
        ),
      );
    }
    return new make(this.buffer, at, to - from);
  };
}
