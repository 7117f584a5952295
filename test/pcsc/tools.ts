/** Debian's smart-card tools as clients of a card: they know nothing of Kincard, only bytes. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { concat, fromHex, toHex } from "../../host/sdk/crypto/bytes.js";
import { READERS } from "./service.js";

const TOOL_MS = 20_000;
const GET_RESPONSE = Uint8Array.of(0, 0xc0, 0, 0, 0);

/** Sends APDUs; the last one's answer, its pages put together, or an assertion on any refusal. */
export type Client = (slot: number, apdus: readonly Uint8Array[]) => Promise<Uint8Array>;

interface Said {
  readonly data: Uint8Array;
  readonly sw: number;
}

/** Not by spawnSync: this process must stay free to notice when a tool takes too long. */
function run(file: string, args: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), TOOL_MS);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => (text += String(data)));
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      if (status === 0) resolve(text);
      else reject(new Error(`${file} ended with ${status}: ${text}`));
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** `opensc-tool -s`: fetches pages by itself. Told not to try its forty drivers on the card. */
export const openscTool: Client = async (slot, apdus) => {
  const sends = apdus.flatMap((apdu) => ["-s", toHex(apdu)]);
  const text = await run("opensc-tool", ["-c", "default", "-r", READERS[slot] as string, ...sends]);
  const said = text
    .split(/^Received /m)
    .slice(1)
    .map(readOpensc);
  return lastOf(said, apdus.length, text);
};

/** `(SW1=0x90, SW2=0x00):` and lines of up to 16 bytes with their characters behind them. */
function readOpensc(block: string): Said {
  const [head = "", ...lines] = block.split("\n");
  const [, sw1 = "", sw2 = ""] = /^\(SW1=0x(..), SW2=0x(..)\)/.exec(head) ?? [];
  const bytes = lines.map((line) => /^((?:[0-9A-F]{2} ?){1,16})/.exec(line)?.[1] ?? "").join("");
  return { data: fromHex(bytes.replaceAll(" ", "")), sw: parseInt(sw1 + sw2, 16) };
}

/** `scriptor`: sends what it is told and nothing else, so the pages are asked for here. */
export const scriptor: Client = async (slot, apdus) => {
  const ask = async (list: readonly Uint8Array[]) => {
    const input = list.map((apdu) => `${toHex(apdu).replace(/..(?=.)/g, "$& ")}\n`).join("");
    const text = await run("scriptor", ["-r", READERS[slot] as string], input);
    return { text, said: text.split(/^< /m).slice(1).map(readScriptor) };
  };
  const { text, said } = await ask(apdus);
  if ((said.at(-1)?.sw ?? 0) >>> 8 !== 0x61) return lastOf(said, apdus.length, text);
  // What is left is gone with the connection: all of it again, and then the rest.
  const all = await ask([...apdus, GET_RESPONSE]);
  return lastOf(all.said, apdus.length + 1, all.text);
};

/** `AA BB 90 00 : Normal processing.`, over as many lines as it takes. */
function readScriptor(block: string): Said {
  const bytes = fromHex((block.split(":")[0] as string).replaceAll(/\s/g, ""));
  const data = bytes.slice(0, -2);
  return { data, sw: (bytes.at(-2) ?? 0) * 256 + (bytes.at(-1) ?? 0) };
}

function lastOf(said: readonly Said[], count: number, text: string): Uint8Array {
  assert.equal(said.length, count, `an answer is missing: ${text}`);
  let data = new Uint8Array(0);
  let paged = false;
  said.forEach((answer, index) => {
    data = Uint8Array.from(paged ? concat(data, answer.data) : answer.data);
    paged = answer.sw >>> 8 === 0x61;
    const taken = answer.sw === 0x9000 || (paged && index + 1 < count);
    assert.ok(taken, `APDU ${index + 1} was refused with ${answer.sw.toString(16)}: ${text}`);
  });
  return data;
}
