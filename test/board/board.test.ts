/** A virtual board around small hand-written bundles: power, links, time, traps, residue. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { KERNEL_ABI } from "../../firmware/kernel/abi.js";
import { BoardTrap, PowerCut } from "../../host/emulator/faults.js";
import { failingRandom, seededRandom, stuckRandom } from "../../host/emulator/entropy.js";
import type { VirtualBoard } from "../../host/emulator/board/virtual.js";
import { builtKernel, makeBoard } from "../support/boards.js";
import { now } from "../../host/sdk/links/clock.js";
import { until } from "../support/until.js";

const VAULT = 0x5e000 + 4096;

/** Everything a board sends, as text, from now on. */
function hear(board: VirtualBoard): () => string {
  const parts: Uint8Array[] = [];
  board.onData((bytes) => parts.push(bytes));
  return () => Buffer.concat(parts).toString("latin1");
}

/** A byte counter in flash: each "+" burns one word, "?" tells how many. */
const COUNTER = `(function () {
  var flash = require("Flash");
  var page = process.memory().flash_code_start + 4096;
  function count() {
    var n = 0;
    while (n < 100 && flash.read(4, page + 4 * n)[0] === 0) n++;
    return n;
  }
  Serial1.on("data", function (text) {
    for (var i = 0; i < text.length; i++) {
      if (text[i] === "+") {
        flash.write(new Uint8Array(4), page + 4 * count());
        Serial1.write("done " + count() + "\\n");
      }
      if (text[i] === "?") Serial1.write(count() + "\\n");
    }
  });
})()`;

describe("virtual board", () => {
  it("answers on its serial port, and is silent without power", () => {
    const board = makeBoard({ source: COUNTER });
    const heard = hear(board);
    assert.equal(board.send("?"), false);
    board.powerOn();
    assert.equal(board.send("?"), true);
    board.powerOff();
    board.send("?");
    assert.equal(heard(), "0\n");
  });

  it("keeps its flash and loses its memory when the power goes", () => {
    const board = makeBoard({
      source: `var times = (typeof times === "undefined" ? 0 : times) + 1;
        Serial1.write(times + " ");`,
    });
    const heard = hear(board);
    board.powerOn();
    board.powerOff();
    board.powerOn();
    assert.equal(heard(), "1 1 ");
    const counter = makeBoard({ source: COUNTER });
    const count = hear(counter);
    counter.powerOn();
    counter.send("++");
    counter.powerOff();
    counter.powerOn();
    counter.send("?");
    assert.equal(count(), "done 1\ndone 2\n2\n");
  });

  it("delivers input in chunks of 8-bit characters, in order", () => {
    const board = makeBoard({
      chunk: 5,
      source: `Serial1.on("data", function (d) {
        var codes = []; for (var i = 0; i < d.length; i++) codes.push(d.charCodeAt(i));
        Serial1.println(codes.join());
      });`,
    });
    const heard = hear(board);
    board.powerOn();
    board.send(Uint8Array.of(0, 255, 3, 17, 19, 65, 66));
    assert.equal(heard(), "0,255,3,17,19\r\n65,66\r\n");
  });

  it("queues input that arrives while it works", () => {
    const board = makeBoard({
      source: `Serial1.on("data", function (d) { Serial1.write("<" + d); Serial1.write(">"); });`,
    });
    const heard = hear(board);
    const stop = board.onData(() => {
      stop();
      board.send("second");
    });
    board.powerOn();
    board.send("first");
    assert.equal(heard(), "<first><second>");
  });

  describe("power cuts", () => {
    for (const [mode, after] of [
      ["before", "0\n"],
      ["after", "1\n"],
    ] as const) {
      it(`${mode} a write: off at once, with nothing said after it`, () => {
        const board = makeBoard({ source: COUNTER });
        const heard = hear(board);
        board.powerOn();
        board.cut(1, mode);
        board.send("++");
        assert.ok(board.lastEnd instanceof PowerCut);
        assert.equal(board.on, false);
        board.powerOn();
        board.send("?");
        assert.equal(heard(), after);
      });
    }

    it("can't be caught by the bundle, which does nothing more", () => {
      const board = makeBoard({
        source: `var f = require("Flash"), page = process.memory().flash_code_start + 4096;
          Serial1.on("data", function () {
            try { f.write(new Uint8Array(4), page); } catch (e) {}
            try { f.write(new Uint8Array(4), page + 4); } catch (e) {}
            Serial1.write("alive");
          });`,
      });
      const heard = hear(board);
      board.powerOn();
      board.cut(1, "before");
      board.send("x");
      assert.equal(heard(), "");
      assert.ok(board.flash.read(VAULT, 8).every((byte) => byte === 255));
    });

    it("can fall into the boot", () => {
      const board = makeBoard({ source: `require("Flash").erasePage(${VAULT});` });
      board.cut(1, "before");
      board.powerOn();
      assert.equal(board.on, false);
      board.powerOn();
      assert.equal(board.on, true);
    });

    it("armed and not reached is forgotten at power-off", () => {
      const board = makeBoard({ source: COUNTER });
      board.powerOn();
      board.cut(1, "before");
      board.powerOff();
      board.powerOn();
      board.send("+");
      assert.equal(board.on, true);
    });
  });

  describe("failures", () => {
    it("are thrown from the call that caused them", () => {
      const board = makeBoard({
        source: `Serial1.on("data", function (d) { if (d === "x") null.f(); Serial1.write(d); });`,
      });
      const heard = hear(board);
      board.powerOn();
      assert.throws(() => board.send("x"), /the bundle threw/);
      board.send("y");
      assert.equal(heard(), "y", "an exception does not stop a board");
      assert.equal(board.failures.length, 1);
    });

    it("go to whoever listens for them", () => {
      const board = makeBoard({ source: `setTimeout(function () { throw "late"; }, 1000);` });
      const seen: string[] = [];
      board.onFailure((error) => seen.push(error.message));
      board.powerOn();
      assert.deepEqual(seen, []);
      board.advance(1);
      assert.deepEqual(seen, ["the bundle threw late"]);
    });

    it("of the kind that crash a board stop it", () => {
      for (const source of [
        `require("Flash").write(new Uint8Array(3), ${VAULT})`,
        `require("Flash").erasePage(0x1000)`,
        `E.nativeCall(4, "int()")`,
        `E.nativeCall(5, "int()")`,
        `poke32(0x40001000, 1)`,
        `poke32(0x4001e540, 1)`,
        `clearTimeout(undefined)`,
      ]) {
        const board = makeBoard({ source });
        assert.throws(() => board.powerOn(), BoardTrap, source);
        assert.equal(board.on, false, source);
      }
    });
  });

  describe("time", () => {
    const TIMERS = `var log = [];
      setTimeout(function () { Serial1.write("b" + Math.round(getTime())); }, 20000);
      setTimeout(function () { Serial1.write("a" + Math.round(getTime())); }, 10000);
      var n = 0, every = setInterval(function () {
        Serial1.write("."); if (++n === 3) clearInterval(every);
      }, 4000);`;

    it("stands still until it is advanced, and runs timers in order", () => {
      const board = makeBoard({ source: TIMERS });
      const heard = hear(board);
      board.powerOn();
      assert.equal(heard(), "");
      board.advance(9);
      assert.equal(heard(), "..");
      board.advance(60);
      assert.equal(heard(), "..a10.b20");
      assert.ok(Math.abs(board.time - 69) < 0.1);
    });

    it("starts anew at each power-on, timers gone", () => {
      const board = makeBoard({ source: TIMERS });
      const heard = hear(board);
      board.powerOn();
      board.advance(5);
      board.powerOff();
      board.advance(100);
      board.powerOn();
      assert.ok(board.time < 0.1);
      board.advance(3);
      assert.equal(heard(), ".");
    });

    it("runs by itself on a real clock", async () => {
      const board = makeBoard({
        clock: "real",
        source: `setTimeout(function () { Serial1.write("t"); }, 20);`,
      });
      const heard = hear(board);
      board.powerOn();
      assert.equal(heard(), "");
      await until("it says nothing", 10_000, () => heard() === "t");
      board.powerOff();
    });

    it("tells of each change of its LEDs in its own time, however late the machine is", async () => {
      const board = makeBoard({
        clock: "real",
        source: `var n = 0; function next() {
          digitalWrite([LED3, LED2, LED1], n & 1 ? 0 : 1 << (n >> 1) % 3);
          if (++n < 12) setTimeout(next, 50);
        }
        setTimeout(next, 50);`,
      });
      const told: [lit: string, seconds: number][] = [];
      board.onLit(({ leds, seconds }) => {
        told.push([Object.values(leds).map(Number).join(""), seconds]);
        // the machine has something else to do, for as long as six changes take
        if (told.length === 3) for (const end = now() + 300; now() < end;);
      });
      board.powerOn();
      await until("twelve changes", 60_000, () => told.length === 12);
      board.powerOff();
      const round = ["100", "000", "010", "000", "001", "000"];
      assert.deepEqual(
        told.map(([lit]) => lit),
        [...round, ...round],
      );
      told.slice(1).forEach(([, seconds], at) => {
        const since = seconds - told[at]![1];
        assert.ok(Math.abs(since - 0.05) < 1e-6, `change ${at + 1} after ${since} s`);
      });
    });

    it("of a real clock can be advanced too", () => {
      const board = makeBoard({ clock: "real", source: TIMERS });
      const heard = hear(board);
      board.powerOn();
      board.advance(25);
      assert.equal(heard(), "..a10.b20");
      board.powerOff();
    });
  });

  describe("entropy", () => {
    const DRAW = `try { Serial1.write(E.hwRand() + "," + E.hwRand() + "," + E.hwRand()); }
      catch (e) { Serial1.write("error " + e.message); }`;
    const draw = (options: Parameters<typeof makeBoard>[0]) => {
      const board = makeBoard({ source: DRAW, ...options });
      const heard = hear(board);
      board.powerOn();
      return heard();
    };

    it("is the machine's unless a test gives its own", () => {
      const one = draw({ random: undefined as never });
      assert.notEqual(one, draw({ random: undefined as never }));
      assert.equal(draw({ seed: 5 }), draw({ seed: 5 }));
      assert.notEqual(draw({ seed: 5 }), draw({ seed: 6 }));
    });

    it("can be stuck or fail", () => {
      assert.match(draw({ random: stuckRandom(7, 1, seededRandom(1)) }), /^-?\d+,7,7$/);
      assert.equal(draw({ random: failingRandom(1) }), "error Timeout on Random number");
    });
  });

  describe("native calls", () => {
    const SHA = (
      call: string,
    ) => `var arena = new Uint8Array(256), base = E.getAddressOf(arena, true);
      var kernel = E.getAddressOf(require("Storage").read("kckern"), true);
      arena.set([97, 98, 99]);
      var sha = E.nativeCall((kernel + 4 * 5) | 1, "int(int,int,int)");
      Serial1.write(${call} + " " + btoa(arena.subarray(32, 64)));`;

    it("run the kernel's entry over the bundle's own array", () => {
      const board = makeBoard({ source: SHA("sha(base + 32, base, 3)") });
      const heard = hear(board);
      board.powerOn();
      const digest = createHash("sha256").update("abc").digest("base64");
      assert.equal(heard(), `1 ${digest}`);
    });

    it("run the kernel that was built, in place", function () {
      const kernel = builtKernel();
      if (!kernel) {
        console.log("      skipped: no dist/kernel.bin");
        this.skip();
      }
      const board = makeBoard({
        standIn: false,
        source: `var a = new Uint8Array(64).fill(7);
          var kernel = E.getAddressOf(require("Storage").read("kckern"), true);
          var zero = E.nativeCall((kernel + 4 * 2) | 1, "int(int,int)");
          print(E.nativeCall(kernel | 1, "int()")() + " " + zero(E.getAddressOf(a, true) + 4, 8));
          print(a.subarray(0, 16).join());`,
      });
      board.powerOn();
      assert.deepEqual(board.printed, [`${KERNEL_ABI} 1`, "7,7,7,7,0,0,0,0,0,0,0,0,7,7,7,7"]);
    });

    it("trap on wrong arguments and on memory that is not there", () => {
      for (const call of [
        "sha(base + 32, base)",
        "sha(base, undefined, 3)",
        "sha(base + 240, base, 3)",
      ]) {
        const board = makeBoard({ source: SHA(call) });
        assert.throws(() => board.powerOn(), BoardTrap, call);
      }
    });

    it("take at most four integers", () => {
      const board = makeBoard({
        source: `try { E.nativeCall(1, "int(int,int,int,int,int)"); }
          catch (e) { print(e.message); }`,
      });
      board.powerOn();
      assert.match(board.printed[0] ?? "", /^Error Parsing signature/);
    });

    it("read mapped flash by its address", () => {
      const board = makeBoard({
        source: `var arena = new Uint8Array(64), base = E.getAddressOf(arena, true);
          var kernel = E.getAddressOf(require("Storage").read("kckern"), true);
          E.nativeCall((kernel + 4) | 1, "int(int,int,int)")(base, kernel - 32, 16);
          Serial1.write(E.toString(arena.subarray(4, 10)));`,
      });
      const heard = hear(board);
      board.powerOn();
      assert.equal(heard(), "kckern");
    });
  });

  it("gives addresses as the interpreter: flat and aligned from 20 bytes, none for 16", () => {
    const board = makeBoard({
      source: `function at(n) { return E.getAddressOf(new Uint8Array(n), true); }
        var a = new Uint8Array(64);
        print([at(16), at(20) & 3, at(100) & 3, at(8) & 3, at(8) > 0].join());
        print(E.getAddressOf(a.subarray(5), true) - E.getAddressOf(a, true));
        print(E.getAddressOf(a, true) === E.getAddressOf(a, true));`,
    });
    board.powerOn();
    assert.deepEqual(board.printed, ["0,0,0,2,true", "5", "true"]);
  });

  it("has a mapped board's figures, or the Linux interpreter's", () => {
    const source = `print(process.memory().flash_code_start +
      " " + require("Flash").getFree().length +
      " " + require("Flash").getPage(0x5e000 + 5000).length +
      " " + (E.getAddressOf(require("Storage").read("kckern"), true) > 0));`;
    const board = makeBoard({ source });
    board.powerOn();
    assert.deepEqual(board.printed, [`${0x5e000} 0 4096 true`]);
    const nor = { address: 0x10000000, size: 256 * 1024, page: 1024 };
    const linux = makeBoard({
      source: source.replace("0x5e000", "0x10000000"),
      mapped: false,
      nor,
    });
    linux.powerOn();
    assert.deepEqual(linux.printed, ["undefined 1 1024 false"]);
  });

  it("erases a log that is corrupt at boot, and says so", () => {
    const board = makeBoard({ source: COUNTER, bare: true });
    board.flash.write(VAULT, new Uint8Array(4));
    board.powerOn();
    assert.deepEqual(board.printed, ["Storage is corrupt."]);
    assert.ok(board.dump().every((byte) => byte === 255));
  });

  it("tells button presses to bundles that read or watch", () => {
    const board = makeBoard({
      source: `function changed(e) { Serial1.write(e.state ? "down " : "up "); }
        setWatch(changed, BTN, { repeat: true });
        Serial1.on("data", function () {
          Serial1.write(BTN.read() + " " + digitalRead(BTN1) + " ");
        });`,
    });
    const heard = hear(board);
    board.powerOn();
    board.press();
    board.send("?");
    board.release();
    board.send("?");
    assert.equal(heard(), "down true 1 up false 0 ");
    const bare = makeBoard({ source: "print(typeof BTN)", button: false });
    bare.powerOn();
    assert.deepEqual(bare.printed, ["undefined"]);
    assert.throws(() => bare.press(), /no button/);
  });

  it("shows its lights and where its console is", () => {
    const board = makeBoard({
      source: `LED1.set(); digitalWrite(LED2, 1); LED2.write(0);
        E.setConsole(null, { force: true });`,
    });
    board.powerOn();
    assert.deepEqual([board.leds.LED1, board.leds.LED2, board.console], [true, false, null]);
  });

  it("shows every byte the bundle left in memory, garbage included", () => {
    const source = `var kept = new Uint8Array(32); kept.fill(0xa5);
      (function () { var lost = require("Flash").read(32, ${VAULT}); lost.fill(0x5a); })();`;
    const board = makeBoard({ source });
    board.powerOn();
    const holds = (value: number) =>
      board.ram().some((bytes) => bytes.length === 32 && bytes.every((byte) => byte === value));
    assert.deepEqual([holds(0xa5), holds(0x5a)], [true, true]);
  });

  it("goes back to a snapshot of its flash", () => {
    const board = makeBoard({ source: COUNTER });
    const heard = hear(board);
    board.powerOn();
    board.send("+");
    const one = board.flash.snapshot();
    board.send("++");
    board.powerOff();
    board.flash.restore(one);
    board.powerOn();
    board.send("?");
    assert.equal(heard().trim().split("\n").at(-1), "1");
  });

  it("restarts when the bundle asks for it", () => {
    const board = makeBoard({
      source: `Serial1.write("boot "); Serial1.on("data", function () { E.reboot(); });`,
    });
    const heard = hear(board);
    board.powerOn();
    board.send("x");
    assert.equal(heard(), "boot boot ");
    assert.equal(board.on, true);
  });

  it("goes through a hundred lives, each from its flash alone", () => {
    const board = makeBoard({ source: COUNTER });
    const heard = hear(board);
    for (let i = 0; i < 100; i++) {
      board.powerOn();
      board.send("+");
      board.powerOff();
    }
    const counts = Array.from({ length: 100 }, (_, i) => `done ${i + 1}\n`);
    assert.equal(heard(), counts.join(""));
  });

  it("talks through a link in the same process", async () => {
    const board = makeBoard({ source: COUNTER });
    const link = board.duplex();
    const answer = new Promise<string>((resolve) => {
      link.onData((bytes) => resolve(Buffer.from(bytes).toString()));
    });
    board.powerOn();
    void link.write(Buffer.from("?"));
    assert.equal(await answer, "0\n");
    void link.close();
  });
});
