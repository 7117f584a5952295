/**
 * Asks the real interpreter where the bodies of functions lie after it booted an image: `trace()`
 * prints every variable and its kind. The Linux build reads Storage as the boards with external
 * flash do ("FlashString"), boards with mapped flash say "NativeString"; a body that was copied is
 * a plain String.
 *
 * Source: Espruino 2v29, src/jsparse.c jspeFunctionDefinitionInternal, src/jsvar.c jsvTrace.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calledFunction, parseCode } from "../../../firmware/build/check/ast.js";

export interface Bodies {
  readonly inFlash: number;
  readonly inRam: number;
}
/** The hidden property that holds a function's code, then what kind of variable that is. */
const BODY = /"\\xFFcod"\s+#\d+\[[^\]]*\] (\w+)/g;
const MARK = "traced";
const PROMPT_MS = 5000;

export function countBodies(trace: string): Bodies {
  const kinds = [...trace.matchAll(BODY)].map((match) => match[1] ?? "");
  const inFlash = kinds.filter((kind) => kind === "FlashString" || kind === "NativeString").length;
  return { inFlash, inRam: kinds.length - inFlash };
}

/** The bundle without its first statement, which closes the prompt that the question is typed at. */
export function askable(code: string): string {
  const program = parseCode(code);
  const body = calledFunction(program);
  const call = program.body.find(
    ({ start, end }) => body && start <= body.start && body.end <= end,
  );
  return code.slice(call?.start);
}

/** Boots `flash` on the interpreter `bin` in a folder of its own, and types `trace()`. */
export async function bodiesOnInterpreter(bin: string, flash: Uint8Array): Promise<Bodies> {
  const folder = mkdtempSync(join(tmpdir(), "kincard-bodies-"));
  writeFileSync(join(folder, "espruino.flash"), flash);
  const child = spawn(bin, [], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  try {
    const output = await new Promise<string>((resolve, reject) => {
      let text = "";
      const late = setTimeout(() => {
        const tail = JSON.stringify(text.slice(-200));
        reject(new Error(`the interpreter did not get to its prompt: ${tail}`));
      }, PROMPT_MS);
      child.on("error", reject);
      child.stdout.on("data", (data: Buffer) => {
        const before = text;
        text += data.toString("latin1");
        if (!before.includes(">") && text.includes(">"))
          child.stdin.write(`trace();print("${MARK}"+"!")\n`);
        if (!text.includes(`${MARK}!`)) return;
        clearTimeout(late);
        resolve(text);
      });
    });
    return countBodies(output);
  } finally {
    // it ignores SIGTERM
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}
