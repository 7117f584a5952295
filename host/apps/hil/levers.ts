/** What a rack file's levers do: run a command, or ask the person beside the board. */

import { spawn } from "node:child_process";
import type { Levers } from "../conform/rack.js";
import type { Lever, RackBoard } from "./rack-file.js";

/** Asks somebody to do something; resolves when it is done, throws when nobody will. */
export type Ask = (what: string) => Promise<void>;

const LIMIT_MS = 30_000;

export function leversOf(board: RackBoard, name: string, ask: Ask): Levers {
  const { power, button } = board;
  const pull = (lever: Lever, on: boolean, words: string) =>
    lever === "ask" ? ask(`${name}: ${words}`) : shell(on ? lever.on : lever.off);
  return {
    ...(power
      ? {
          power: {
            off: () => pull(power, false, "take its power away"),
            on: () => pull(power, true, "give it power again"),
          },
        }
      : {}),
    ...(button
      ? {
          button: (held: boolean) =>
            pull(button, held, held ? "hold its button, and keep holding" : "release its button"),
        }
      : {}),
  };
}

/** The user's own command, by their shell; what it says is shown when it fails. */
export function shell(command: string, limitMs = LIMIT_MS): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => (said = (said + String(data)).slice(-400)));
    const late = setTimeout(() => child.kill("SIGKILL"), limitMs);
    const fail = (why: string) =>
      reject(new Error(`"${command}" ${why}${said && `: ${said.trim()}`}`));
    child.on("error", (error) => fail(error.message));
    child.on("close", (exit, signal) => {
      clearTimeout(late);
      if (exit === 0) resolve();
      else fail(signal ? `did not end within ${limitMs / 1000} s` : `ended with ${exit}`);
    });
  });
}
