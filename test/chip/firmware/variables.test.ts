/** Espruino's variables, counted in the chip's memory: what the board itself says at its prompt. */
import assert from "node:assert/strict";
import { findVariables, VariableGauge } from "../../../host/emulator/chip/variables.js";
import { board as kind, closeAll, makeChip, missing, Prompt, title } from "./support.js";

const reason = missing(false);
/** What the question itself takes, and what the prompt keeps of it in its history. */
const ASKING = 16;

describe(title("free variables on a chip", reason), function () {
  this.timeout(60_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("are as many as process.memory() says, also with flat strings among them", () => {
    const board = makeChip({ seed: "variables", image: false });
    const prompt = new Prompt(board);
    board.powerOn();
    board.advance(1);
    const at = /\bat (\d+) !/.exec(
      prompt.type('f=E.toString(new Uint8Array(60));print("at",E.getAddressOf(f,true),"!")', 1),
    );
    const gauge = new VariableGauge(
      board.chip,
      findVariables(board.chip, Number(at?.[1]), kind.jsVars),
    );
    for (const taken of ["0", "g=E.toString(new Uint8Array(5000))", "h=[];h[300]=1;h.fill(7)"]) {
      prompt.type(taken, 1);
      const said = /\bfree (\d+) !/.exec(prompt.type('print("free",process.memory().free,"!")', 1));
      const free = Number(said?.[1]);
      assert.ok(Math.abs(gauge.free - free) <= ASKING, `${gauge.free}, said ${free}`);
    }
  });
});
