/**
 * A program under construction: items, labels, routines with their stack depth, layout, listing.
 *
 * Limits: stack depth is followed in emission order, so a routine's code must be balanced the way
 * it is written: every exit (`pop {.., pc}`, `bx lr`, tail call) at depth 0. That is checked.
 */

import { halfwords, type Context, type Item } from "./items.js";

export class AssemblerError extends Error {
  override readonly name = "AssemblerError";
}

interface Call {
  readonly callee: string;
  readonly depth: number;
}

interface Routine {
  readonly name: string;
  /** Deepest the routine itself goes below the stack pointer it was entered with. */
  own: number;
  readonly calls: Call[];
}

export interface Image {
  readonly bytes: Uint8Array;
  readonly listing: string;
  readonly labels: ReadonlyMap<string, number>;
  /** Lines in GNU syntax, without addresses: for comparison with another assembler. */
  readonly source: string;
}

export class Program {
  private readonly items: Item[] = [];
  private readonly labels = new Map<string, number>();
  private readonly routines = new Map<string, Routine>();
  private readonly depths = new Map<string, number>();
  private pendingComment = "";
  private unique = 0;
  private current: Routine | undefined;
  /** Bytes the current routine has taken from the stack at this point. */
  depth = 0;
  /** Bytes that the instruction just emitted gave back when it is an exit. */
  protected exitDepth = 0;

  /** Starts a routine; `body` emits it. Ends with an exit, or falls into the next routine. */
  routine(name: string, about: string, body: () => void): void {
    if (this.current !== undefined) throw new AssemblerError(`routine ${name} inside another`);
    this.current = { name, own: 0, calls: [] };
    this.routines.set(name, this.current);
    this.depth = 0;
    this.exitDepth = 0;
    this.label(name, about);
    body();
    this.depth -= this.exitDepth;
    if (this.depth !== 0) {
      throw new AssemblerError(`routine ${name} ends ${this.depth} bytes deep in the stack`);
    }
    this.current = undefined;
  }

  label(name: string, about = ""): void {
    if (this.labels.has(name)) throw new AssemblerError(`label ${name} is already there`);
    this.labels.set(name, this.items.length);
    this.push(
      0,
      () => (about ? `${name}: @ ${about}` : `${name}:`),
      () => new Uint8Array(0),
    );
  }

  has(name: string): boolean {
    return this.labels.has(name);
  }

  /** A label name that nothing else has. */
  local(hint: string): string {
    return `${this.current?.name ?? "data"}.${hint}${++this.unique}`;
  }

  /** One for each hint. */
  locals<Hints extends string[]>(...hints: Hints): { [at in keyof Hints]: string } {
    return hints.map((hint) => this.local(hint)) as { [at in keyof Hints]: string };
  }

  /** Goes into the listing beside the next instruction. */
  comment(text: string): void {
    this.pendingComment = this.pendingComment ? `${this.pendingComment}; ${text}` : text;
  }

  align(size: number): void {
    const item = this.push(
      0,
      () => "",
      () => new Uint8Array(item.size),
    );
    item.align = size;
    item.text = () => `.balign ${size}`;
  }

  words(values: readonly number[]): void {
    const text = () => `.word ${values.map((value) => hex(value >>> 0, 8)).join(", ")}`;
    const both = values.flatMap((value) => [value & 0xffff, value >>> 16]);
    this.push(4 * values.length, text, () => halfwords(...both));
  }

  data(values: Uint8Array): void {
    const text = () => `.byte ${[...values].map((value) => hex(value, 2)).join(", ")}`;
    this.push(values.length, text, () => values);
  }

  protected push(
    size: number,
    text: Item["text"],
    encode: Item["encode"],
    grow?: Item["grow"],
  ): Item {
    const comment = size === 0 ? "" : this.pendingComment;
    if (size !== 0) {
      this.pendingComment = "";
      this.exitDepth = 0;
    }
    const item: Item = { size, text, comment, encode };
    if (grow) item.grow = grow;
    this.items.push(item);
    return item;
  }

  /** The stack pointer went down (positive) or up (negative). */
  protected moveStack(bytes: number): void {
    this.depth += bytes;
    if (this.current) this.current.own = Math.max(this.current.own, this.depth);
  }

  protected recordCall(callee: string): void {
    this.current?.calls.push({ callee, depth: this.depth });
  }

  /** A conditional jump to `callee` as a tail call. */
  recordTail(callee: string): void {
    this.checkExit(`jump to ${callee}`);
    this.recordCall(callee);
  }

  /** Leaves the routine: must be at depth 0. */
  protected checkExit(instruction: string): void {
    if (this.depth !== 0) {
      const where = this.current?.name ?? "?";
      throw new AssemblerError(
        `${instruction} in ${where}: ${this.depth} bytes still on the stack`,
      );
    }
  }

  /** Falls through into the next routine, for the stack analysis. */
  fallInto(next: string): void {
    this.checkExit(`fall into ${next}`);
    this.recordCall(next);
  }

  /** Bytes of stack the routine and everything it calls use. For when all is emitted. */
  stackDepth(name: string): number {
    const known = this.depths.get(name);
    if (known !== undefined) return known;
    const routine = this.routines.get(name);
    if (!routine) throw new AssemblerError(`${name} is not a routine`);
    this.depths.set(name, NaN); // a recursion would show as NaN
    const below = routine.calls.map((call) => call.depth + this.stackDepth(call.callee));
    const depth = Math.max(routine.own, ...below);
    if (Number.isNaN(depth)) throw new AssemblerError(`${name} calls itself`);
    this.depths.set(name, depth);
    return depth;
  }

  private readonly addresses: number[] = [];

  private resolve = (label: string): number => {
    const index = this.labels.get(label);
    if (index === undefined) throw new AssemblerError(`no label ${label}`);
    return this.addresses[index] as number;
  };

  private context(index: number): Context {
    return { address: this.addresses[index] as number, resolve: this.resolve };
  }

  /** Gives every item its address; grows branches until all reach. */
  private layout(): number {
    for (;;) {
      let address = 0;
      this.items.forEach((item, index) => {
        if (item.align !== undefined) item.size = -address & (item.align - 1);
        this.addresses[index] = address;
        address += item.size;
      });
      const grown = this.items.filter((item, index) => item.grow?.(this.context(index)));
      if (grown.length === 0) return address;
    }
  }

  assemble(): Image {
    const size = this.layout();
    const bytes = new Uint8Array(size);
    const listing: string[] = [];
    const source: string[] = [];
    this.items.forEach((item, index) => {
      const context = this.context(index);
      const code = item.encode(context);
      if (code.length !== item.size) {
        throw new AssemblerError(`${item.text(context)}: ${code.length} bytes, not ${item.size}`);
      }
      bytes.set(code, context.address);
      const text = item.text(context);
      source.push(text);
      const isLabel = text.includes(":") && item.size === 0;
      if (item.align !== undefined && item.size === 0) return;
      listing.push(
        isLabel ? `\n${text.replace("@", ";")}` : row(context.address, code, text, item.comment),
      );
    });
    const labels = new Map([...this.labels.keys()].map((name) => [name, this.resolve(name)]));
    return { bytes, listing: listing.join("\n") + "\n", labels, source: source.join("\n") + "\n" };
  }
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

function row(address: number, code: Uint8Array, text: string, comment: string): string {
  const shown = [...code.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0"));
  const dots = code.length > 4 ? ".." : "";
  const left = `${address.toString(16).padStart(5, "0")}  ${(shown.join("") + dots).padEnd(10)}  `;
  return left + (comment ? `${text.padEnd(40)} ; ${comment}` : text);
}
