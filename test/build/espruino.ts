/** Runs a script on the real interpreter that ESPRUINO_BIN names, in a folder of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ESPRUINO_BIN = process.env["ESPRUINO_BIN"];
export const NO_INTERPRETER = "skipped: ESPRUINO_BIN does not name an interpreter";

const MARK = "-- begins --";

/** What `code` prints, line by line, prompts and banner taken off. */
export function onInterpreter(code: string, milliseconds = 10_000): string[] {
  const folder = mkdtempSync(join(tmpdir(), "kincard-build-"));
  try {
    writeFileSync(join(folder, "script.js"), `print("${MARK}");\n${code}\nquit();\n`, "latin1");
    const { stdout, error } = spawnSync(ESPRUINO_BIN!, ["script.js"], {
      cwd: folder,
      encoding: "latin1",
      timeout: milliseconds,
      input: "",
    });
    if (error) throw error;
    const lines = stdout.replaceAll("\r", "").split("\n");
    const from = lines.findIndex((line) => line.includes(MARK));
    // the prompt and terminal control sequences follow the last line
    return lines.slice(from + 1).filter((line) => line && !line.startsWith(">"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
