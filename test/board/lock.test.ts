/** Two processes never run one flash file, whatever the last owner left behind. */
import { strict as assert } from "node:assert";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromRoot } from "../../firmware/build/paths.js";
import { lockFile } from "../../host/sdk/files/lock.js";

const TAKER = fileURLToPath(new URL("lock-taker.ts", import.meta.url));
const TYPESCRIPT = fromRoot("host/tools/build/typescript.mjs");
const COUNTER = fileURLToPath(new URL("lock-counter.ts", import.meta.url));
const ROUNDS = 40;
const TURNS = 1000;
const TAKERS = 3;

describe("the lock of a flash file", function () {
  this.timeout(120_000);
  let folder = "";
  let flash = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kincard-lock-"));
    flash = join(folder, "card.flash");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const leave = (text: string) => writeFileSync(`${flash}.lock`, text);

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
      const guard = `${flash}.lock.takeover`;
      writeFileSync(guard, "2147483645\n");
      const made = new Date().getTime() / 1000 + seconds;
      utimesSync(guard, made, made);
      lockFile(flash)();
      assert.equal(existsSync(guard), false);
    });
  it("is refused while another process takes it over", () => {
    leave("2147483646\n");
    writeFileSync(`${flash}.lock.takeover`, `${process.ppid}\n`);
    assert.throws(() => lockFile(flash), /being taken by another process/);
  });
  it("leaves nothing behind", () => {
    leave("2147483646\n");
    lockFile(flash)();
    assert.equal(existsSync(`${flash}.lock`), false);
    assert.equal(existsSync(`${flash}.lock.takeover`), false);
  });

  it("is refused while its owner has made it and not yet written its name", () => {
    leave("");
    assert.throws(() => lockFile(flash), /being taken by another process/);
    const long = new Date().getTime() / 1000 - 6;
    utimesSync(`${flash}.lock`, long, long);
    lockFile(flash)();
  });
  it(`has one holder at a time of ${TAKERS} that take it and give it back ${TURNS} times`, async () => {
    writeFileSync(flash, "0");
    const children = Array.from({ length: TAKERS }, () =>
      fork(COUNTER, [flash, String(TURNS)], { execArgv: ["--import", TYPESCRIPT] }),
    );
    await Promise.all(children.map((child) => once(child, "message")));
    const ends = children.map((child) => once(child, "exit"));
    for (const child of children) child.send("go");
    for (const end of ends) assert.deepEqual(await end, [0, null]);
    assert.equal(readFileSync(flash, "utf8"), String(TAKERS * TURNS), "two held it at once");
  });

  it(`has one holder of ${TAKERS} that find it stale at once, ${ROUNDS} times`, async () => {
    const children = Array.from({ length: TAKERS }, () =>
      fork(TAKER, [flash], { execArgv: ["--import", TYPESCRIPT] }),
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
