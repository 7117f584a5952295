/** GDB's remote protocol, spoken by gdb-multiarch to a program on our processor. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serveGdb } from "../../../host/emulator/chip/gdb/server.js";
import { makeGuest } from "./ours.js";
import { GCC, GDB, compileIn, describeWithTools } from "./tools.js";

/** What GDB printed on its commands. */
function gdb(elf: string, port: number, commands: readonly string[]): Promise<string> {
  const all = ["set confirm off", "set pagination off", `target remote 127.0.0.1:${port}`];
  const flags = [...all, ...commands, "kill"].flatMap((command) => ["-ex", command]);
  return new Promise((resolve, reject) => {
    const child = spawn(GDB, ["-nx", "-batch", elf, ...flags]);
    let out = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (out += data));
    child.on("error", reject);
    child.on("close", () => resolve(out));
  });
}

describeWithTools(
  "gdb-multiarch",
  () => {
    let folder: string;
    let program: ReturnType<typeof compileIn>;
    before(function () {
      this.timeout(60_000);
      folder = mkdtempSync(path.join(tmpdir(), "kincard-gdb-"));
      program = compileIn(folder, "numbers", ["-Og", "-g", "-mfloat-abi=softfp"]);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    async function debug(commands: readonly string[]) {
      const { cpu, result } = makeGuest(program.image);
      const held: string[] = [];
      const slice = () => {
        const why = cpu.run(cpu.scheduler.now + 100_000);
        return why === "breakpoint" ? why : why === "stopped" ? "ended" : "more";
      };
      const server = await serveGdb({
        ...{ cpu, slice, port: 0, reset: () => cpu.reset(0) },
        hold: () => void held.push("hold"),
        release: () => void held.push("release"),
      });
      try {
        const output = await gdb(program.elf, server.port, commands);
        return { output, held, status: result.status };
      } finally {
        server.close();
      }
    }

    it("breaks, shows registers and variables, steps by lines, calls a function", async function () {
      this.timeout(60_000);
      const { output, held } = await debug([
        ...["break main", "continue", "print $pc == &main || 1", "next", "next"],
        ...["print/x (int)$sp >> 16", "print next_random() != 0", "set var handlers[3] = 5"],
        ...["print handlers[3]", "x/2xw 0", "info registers xpsr", "print $s0 = 1.5", "print $s0"],
      ]);
      assert.match(output, /Breakpoint 1, main \(\) at .*numbers\.c/);
      assert.match(output, /0x2000/);
      assert.match(output, /= 1\n/);
      assert.match(output, /\(void \(\*.*\)\) 0x5/);
      assert.match(output, /0x0[^\n]*:\s+0x20010000\s+0x0000/);
      assert.match(output, /xpsr\s+0x[0-9a-f]+/);
      assert.match(output, /= 1\.5\n/);
      assert.deepEqual(held, ["hold", "release"]);
    });

    it("steps by instructions, removes breakpoints, runs to the end", async function () {
      this.timeout(60_000);
      const { output, status } = await debug([
        ...["monitor reset", "flushregs", "print/x $pc", "stepi", "stepi", "print/x $pc"],
        ...["tbreak next_random", "continue", "finish", "delete", "continue"],
      ]);
      const stops = [...output.matchAll(/\$\d+ = (0x[0-9a-f]+)/g)].map(([, pc]) => Number(pc));
      // ldr r0, =...; movs.w r1, ...: the first two of the reset's instructions
      assert.equal((stops[1] as number) - (stops[0] as number), 6);
      assert.match(output, /Temporary breakpoint 1, next_random/);
      assert.match(output, /Value returned is/);
      assert.match(output, /exited normally/);
      assert.equal(status, 0);
    });

    it("refuses memory that isn't there and registers that aren't emulated", async function () {
      this.timeout(60_000);
      const { output } = await debug(["x/xw 0x60000000", "x/xw 0xe000ed00", "x/xw 0xe000e020"]);
      assert.match(output, /Cannot access memory at address 0x60000000/);
      // what is shown and what is refused come by two streams, which mix
      assert.match(output, /0x410fc241/);
      assert.match(output, /Cannot access memory at address 0xe000e020/);
    });
  },
  [GCC, GDB],
);
