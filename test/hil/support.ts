/** `kincard hil` as a process. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../host/apps/cli/bin/kincard.mjs", import.meta.url));

export interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** On these boards, to the end. */
export function testBoards(boards: readonly string[], ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, "hil", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", KINCARD_BOARDS: boards.join(",") },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => resolve({ exit, out, err }));
  });
}
