/** Two processes never run one flash file, whatever the last owner left behind. */
import { strict as assert } from "node:assert";
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs, {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "../../firmware/build/paths.js";
import { lockFile } from "../../host/sdk/files/lock.js";
import { compiled } from "../support/compiled.js";
import { PART, someOf, times } from "../support/full.js";

/** The other processes' programs, and where their JavaScript lies. */
const PROGRAMS = ["taker", "counter", "paused"] as const;
const programs = {} as Record<(typeof PROGRAMS)[number], string>;
const ROUNDS = times(40, 4);
const TURNS = times(1000, 30);
const TAKERS = 3;

describe("the lock of a flash file", function () {
  this.timeout(120_000);
  let folder = "";
  let flash = "";
  let right = "";
  before(async () => {
    for (const name of PROGRAMS)
      programs[name] = await compiled(fromRoot(`test/board/lock-${name}.ts`));
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kincard-lock-"));
    flash = join(folder, "card.flash");
    right = `${flash}.lock.2147483646-`;
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const leave = (text: string) => writeFileSync(`${flash}.lock`, text);
  /** Somebody died when it might take over what process 2147483646 had left. */
  const leaveTaker = (text = "2147483645\n") => writeFileSync(right, text);

  it("is refused while its owner lives, to the owner too", () => {
    const unlock = lockFile(flash);
    assert.throws(() => lockFile(flash), /in use by process/);
    unlock();
    assert.equal(existsSync(`${flash}.lock`), false);
    lockFile(flash)();
  });
  it("is taken over from a dead process", () => {
    leave("2147483646\n");
    lockFile(flash)();
  });
  it("is taken over when a dead process had our own id, as in a container", () => {
    leave(`${process.pid}\n`);
    lockFile(flash)();
  });
  it("is taken over when another process has the dead one's id now", function () {
    if (!existsSync("/proc/1/stat")) return this.skip();
    leave("1 another-boot/12345\n");
    lockFile(flash)();
  });
  it("is refused while a process of that id lives that can't be told apart", () => {
    leave(`${process.ppid}\n`);
    assert.throws(() => lockFile(flash), new RegExp(`in use by process ${process.ppid}`));
  });
  for (const [when, seconds] of [
    ["", 0],
    [", the clock set back since", 3600],
  ] as const)
    it(`is taken over from one killed in the middle of taking it${when}`, () => {
      leave("2147483646\n");
      leaveTaker();
      const made = new Date().getTime() / 1000 + seconds;
      utimesSync(right, made, made);
      lockFile(flash)();
      assert.deepEqual(readdirSync(folder), []);
    });
  it("is refused while another process takes it over", () => {
    leave("2147483646\n");
    leaveTaker(`${process.ppid}\n`);
    assert.throws(() => lockFile(flash), /being taken by another process/);
  });
  it("leaves nothing behind", () => {
    leave("2147483646\n");
    lockFile(flash)();
    assert.deepEqual(readdirSync(folder), []);
  });
  it("is taken over from one killed in the middle of taking it from another such", () => {
    leave("2147483646\n");
    leaveTaker();
    writeFileSync(`${right}.2147483645-`, "2147483644\n");
    lockFile(flash)();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is refused while its owner has made it and not yet written its name", () => {
    leave("");
    assert.throws(() => lockFile(flash), /being taken by another process/);
    const long = new Date().getTime() / 1000 - 6;
    utimesSync(`${flash}.lock`, long, long);
    lockFile(flash)();
  });
  describe("when one who was taking it over died, and two others come at one moment", () => {
    const READS = ["existsSync", "readFileSync", "statSync"] as const;
    const CALLS = [...READS, "renameSync", "rmSync", "writeFileSync"] as const;
    const real = { ...fs };
    const block = new Int32Array(new SharedArrayBuffer(4));
    afterEach(() => {
      Object.assign(fs, Object.fromEntries(CALLS.map((name) => [name, real[name]])));
      syncBuiltinESMExports();
    });

    /** Before the n-th call that this process makes on the lock's files. False: it made fewer. */
    function at(n: number, act: () => void, work: () => void): boolean {
      let count = 0;
      for (const name of CALLS) {
        const call = real[name] as (...args: unknown[]) => unknown;
        const counted = (...args: unknown[]) => {
          if (String(args[0]).startsWith(`${flash}.lock`) && ++count === n) act();
          return call(...args);
        };
        Object.assign(fs, { [name]: counted });
      }
      syncBuiltinESMExports();
      work();
      return count >= n;
    }
    /** What the other process says, once it is not this any more. */
    function heard(before: string): string {
      for (let tries = 0; tries < 4000; tries++) {
        const file = `${flash}.child`;
        const word = existsSync(file) ? real.readFileSync(file, "utf8") : "";
        if (word && word !== before) return word;
        Atomics.wait(block, 0, 0, 5);
      }
      throw new Error("the other process says nothing");
    }
    const tries = (): "held" | "refused" => {
      try {
        lockFile(flash);
        return "held";
      } catch {
        return "refused";
      }
    };

    for (const n of someOf("calls", 20, 5).map((at) => at + 1))
      it(`has one holder: the other comes before the first one's call ${n}${PART}`, function () {
        leave("2147483646\n");
        leaveTaker();
        let child: ChildProcess | undefined;
        let word = "";
        const come = () => {
          child = spawn(process.execPath, [programs.paused, flash], { stdio: "ignore" });
          word = heard("");
        };
        let first = "refused";
        try {
          if (!at(n, come, () => (first = tries()))) return this.skip();
          // A third, while the other may be about to take it.
          const third = tries();
          writeFileSync(`${flash}.go`, "");
          const other = word === "paused" ? heard("paused") : word;
          const holders = [first, third, other].filter((one) => one === "held");
          assert.ok(holders.length <= 1, `first: ${first}, other: ${other}, third: ${third}`);
        } finally {
          child?.kill("SIGKILL");
        }
      });
  });

  it(`has one holder at a time of ${TAKERS} that take it and give it back ${TURNS} times`, async () => {
    writeFileSync(flash, "0");
    const children = Array.from({ length: TAKERS }, () =>
      fork(programs.counter, [flash, String(TURNS)], { execArgv: [] }),
    );
    await Promise.all(children.map((child) => once(child, "message")));
    const ends = children.map((child) => once(child, "exit"));
    for (const child of children) child.send("go");
    for (const end of ends) assert.deepEqual(await end, [0, null]);
    assert.equal(readFileSync(flash, "utf8"), String(TAKERS * TURNS), "two held it at once");
  });

  it(`has one holder of ${TAKERS} that find it stale at once, ${ROUNDS} times`, async () => {
    const children = Array.from({ length: TAKERS }, () =>
      fork(programs.taker, [flash], { execArgv: [] }),
    );
    const told = (child: ChildProcess) => once(child, "message").then(([word]) => word as string);
    try {
      await Promise.all(children.map(told));
      for (let round = 0; round < ROUNDS; round++) {
        leave("2147483646\n");
        const start = Date.now() + 20;
        const words = await Promise.all(
          children.map((child) => {
            const word = told(child);
            child.send(start);
            return word;
          }),
        );
        const holders = words.filter((word) => word === "held").length;
        assert.equal(holders, 1, `round ${round}: ${words.join(", ")}`);
        await Promise.all(
          children.map((child) => {
            const word = told(child);
            child.send("give back");
            return word;
          }),
        );
      }
    } finally {
      for (const child of children) child.kill();
    }
  });
});
