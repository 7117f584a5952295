/**
 * A world of its own for a board's program in a browser, in place of espruino/sandbox.ts: the
 * window of a hidden frame, which has a global object and built-in objects of its own. The page's
 * content security policy must allow 'unsafe-eval'.
 *
 * Limits: needs a document, so no worker; a program that went wrong could reach the page. It
 * protects from nothing: the program is the card's own bundle.
 */

/** Code, checked to be a program. */
export interface Program {
  readonly code: string;
}

/** Throws SyntaxError. */
export function compile(code: string, filename: string): Program {
  // Parsed here and never called: functions may hold what scripts may, but `return`.
  new Function(code);
  return { code: `${code}\n//# sourceURL=${filename}` };
}

/** The language's own globals (ECMA-262, 19), as far as realm.ts or a program asks for them. */
const LANGUAGE = new Set(
  (
    "globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI " +
    "decodeURIComponent encodeURI encodeURIComponent Array ArrayBuffer Boolean DataView Date Error " +
    "EvalError Float32Array Float64Array Function Int8Array Int16Array Int32Array Number Object " +
    "Promise RangeError ReferenceError RegExp String SyntaxError TypeError Uint8Array " +
    "Uint8ClampedArray Uint16Array Uint32Array URIError JSON Math"
  ).split(" "),
);

type Globals = Record<string, unknown> & { eval(code: string): unknown };

export class Sandbox {
  readonly globals: Globals;
  readonly #frame: HTMLIFrameElement;

  constructor() {
    this.#frame = document.createElement("iframe");
    this.#frame.hidden = true;
    document.documentElement.append(this.#frame);
    this.globals = this.#frame.contentWindow as unknown as Globals;
    // A board has no USB because a browser has one; what can't be deleted, no board looks for.
    for (const name of Object.getOwnPropertyNames(this.globals)) {
      if (!LANGUAGE.has(name)) Reflect.deleteProperty(this.globals, name);
    }
  }
  /** The value of its last expression. */
  run({ code }: Program): unknown {
    return this.globals.eval(code);
  }
  close(): void {
    this.#frame.remove();
  }
}
