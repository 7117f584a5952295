/**
 * A world of its own for a board's program: global object and built-in objects that share nothing
 * with the host's. On Node a V8 context; host/emulator/browser/sandbox.ts is in this file's place
 * in a browser. It protects from nothing: the program is the card's own bundle.
 */

import vm from "node:vm";

/** Code, checked to be a program and ready to run in any number of sandboxes. */
export interface Program {
  readonly script: vm.Script;
}

/** Throws SyntaxError. */
export const compile = (code: string, filename: string): Program => ({
  script: new vm.Script(code, { filename }),
});

export class Sandbox {
  readonly globals: Record<string, unknown> = {};
  readonly #context = vm.createContext(this.globals);

  /** The value of its last expression. */
  run({ script }: Program): unknown {
    return script.runInContext(this.#context);
  }
  /** The garbage collector takes it. */
  close(): void {}
}
