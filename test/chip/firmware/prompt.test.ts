/** The interpreter itself on the chip, without a card: the emulator's own proof. */
import assert from "node:assert/strict";
import { closeAll, makeChip, missing, Prompt, title } from "./support.js";

const reason = missing(false);

describe(title("Espruino's prompt on a chip", reason), function () {
  this.timeout(120_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  function started(options = {}) {
    const board = makeChip({ image: false, ...options });
    const prompt = new Prompt(board);
    board.powerOn();
    board.advance(1.5);
    return { board, prompt };
  }

  it("greets at 9600 baud, reckons, and knows its board", () => {
    const { board, prompt } = started();
    assert.match(prompt.text, /espruino\.com\r?\n 2v29/);
    assert.match(prompt.type("1+2"), /=3\r\n>/);
    assert.match(prompt.type("Math.sqrt(2).toFixed(9)"), /="1.414213562"/);
    assert.match(prompt.type("process.env.BOARD"), new RegExp(`="${board.board.boardName}"`));
    assert.match(prompt.type("E.getTemperature()"), /=21/);
    assert.deepEqual(board.failures, []);
  });
  it("sees the button, lights LEDs, runs timers", () => {
    const { board, prompt } = started();
    assert.match(prompt.type("BTN1.read()"), /=false/);
    board.press();
    assert.match(prompt.type("BTN1.read()"), /=true/);
    board.release();
    prompt.type("LED1.set()");
    const [first] = board.board.leds;
    assert.equal(board.leds[first!], true);
    prompt.type("setTimeout(function(){LED1.reset();print('LATE')},2000)", 0.5);
    assert.equal(board.leds[first!], true);
    board.advance(1.7);
    assert.match(prompt.text, /LATE/);
    assert.equal(board.leds[first!], false);
  });
  it("answers a watch on the button in the time of the edge", () => {
    const { board, prompt } = started();
    prompt.type("setWatch(function(e){print('EDGE',e.state)},BTN1,{repeat:true,edge:'both'})");
    board.press();
    board.advance(0.1);
    board.release();
    board.advance(0.1);
    assert.match(prompt.text, /EDGE true[^]*EDGE false/);
  });
  it("keeps files in flash over a restart, and says why it restarted", () => {
    const { board, prompt } = started();
    prompt.type("require('Storage').write('a','kept')");
    assert.match(prompt.type("require('Storage').read('a')"), /="kept"/);
    assert.ok(board.chip.flashUnit.words > 0);
    prompt.type("E.reboot()", 1.5);
    assert.deepEqual(board.chip.resets, ["SREQ"]);
    assert.match(prompt.type("require('Storage').read('a')"), /="kept"/);
    board.powerOff();
    board.powerOn();
    board.advance(1.5);
    assert.match(prompt.type("require('Storage').read('a')"), /="kept"/);
  });
  it("makes garbage of another rate", () => {
    const { board, prompt } = started();
    prompt.text = "";
    board.send("1+2\n", 115200);
    board.advance(0.5);
    assert.doesNotMatch(prompt.text, /=3/);
  });
  it("is the same run each time: cycles, instructions, output", () => {
    const once = () => {
      const { board, prompt } = started({ seed: "the same" });
      const said = prompt.type("var s=0;for(var i=0;i<200;i++)s+=Math.random();s");
      return [board.chip.cpu.instructions, board.chip.scheduler.now, said];
    };
    assert.deepEqual(once(), once());
  });
  it("draws from another chip's seed another way", () => {
    const draw = (seed: string) => started({ seed }).prompt.type("E.hwRand()");
    assert.notEqual(draw("one"), draw("two"));
  });
  it("bites when its watchdog is not fed", () => {
    const { board, prompt } = started();
    prompt.type("E.enableWatchdog(0.5,false)", 1);
    assert.deepEqual(board.chip.resets, ["DOG"]);
    board.advance(1.5);
    assert.match(prompt.type("E.getResetReason&&1"), /=/);
  });
});
