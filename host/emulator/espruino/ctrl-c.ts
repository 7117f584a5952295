/**
 * Ctrl-C (0x03) during the boot, as it meets a card's program at its worst.
 *
 * Source: Espruino 2v29. The interrupt that takes a byte for the console notes a Ctrl-C
 * (EXEC_CTRL_C); two ticks of SysTick (262 ms apart on an nRF52) make it a stop. The code that then
 * runs enters the debugger (src/jsinteractive.c jsiDebuggerLoop), which reads from the console: the
 * prompt; or, where the console is null by then, nothing for ever. The main loop forgets a Ctrl-C
 * that is not there yet (jsiLoop). The interpreter runs a program statement by statement and walks
 * the declarations of a function when it enters it: 170 ms for the card's, on a Puck.js.
 *
 * So: `comes` whenever the console is on a link, `longWork` where ticks pass. Limit: real boards
 * are slow enough for it only now and then.
 */
import { BoardTrap } from "../faults.js";

export class CtrlC {
  /** Noted, and not yet forgotten. */
  #noted = false;

  /** `held`: somebody on a link sends it without end. */
  constructor(readonly held: boolean) {}

  comes(console: string | null): void {
    if (this.held && console !== null) this.#noted = true;
  }
  /**
   * True: the prompt is there, and the program stopped. Throws where the debugger has no console.
   */
  longWork(console: string | null): boolean {
    if (!this.#noted) return false;
    if (console !== null) return true;
    throw new BoardTrap("Ctrl-C at boot: the debugger waits on a null console, until power goes");
  }
  /** The main loop comes round. */
  loop(): void {
    this.#noted = false;
  }
}
