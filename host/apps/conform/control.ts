/**
 * Levers by the control lines of a board (host/emulator/board/control.ts, docs/cli.md): `on`, `off`,
 * `press`, `release`, and `advance S` where time is emulated. Each is answered by "ok".
 */
import { LinkError } from "../../sdk/links/link.js";
import { parseLinkUri } from "../../sdk/links/registry.js";
import { openTcp } from "../../sdk/links/line/tcp.js";
import { within } from "../../sdk/links/time/waits.js";
import type { Levers } from "./rack.js";

/** A board that boots answers in less. */
const ANSWER_MS = 20_000;

/** One line there and back. Throws LinkError, and Error with the board's own word. */
async function ask(uri: string, line: string): Promise<void> {
  const link = parseLinkUri(uri);
  if (link.scheme !== "tcp") throw new Error(`${uri}: control lines go over tcp:HOST:PORT`);
  const duplex = await openTcp(link.host, link.port);
  try {
    let text = "";
    const answer = new Promise<string>((resolve, reject) => {
      duplex.onData((bytes) => {
        text += Buffer.from(bytes).toString("latin1");
        if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
      });
      duplex.onClose(() => reject(new LinkError("link/hung-up", { link: uri, detail: undefined })));
    });
    await duplex.write(new TextEncoder().encode(`${line}\n`));
    const late = () => new LinkError("link/no-answer", { link: uri, seconds: ANSWER_MS / 1000 });
    const said = await within(answer, { ms: ANSWER_MS, late });
    if (said !== "ok") throw new Error(`${uri} says to "${line}": ${said}`);
  } finally {
    await duplex.close();
  }
}

/** What the board there lets be done to it. Throws as its first line does. */
export async function leversAt(uri: string): Promise<Levers> {
  await ask(uri, "release");
  const canAdvance = await ask(uri, "advance 0").then(
    () => true,
    () => false,
  );
  return {
    power: { off: () => ask(uri, "off"), on: () => ask(uri, "on") },
    button: (held) => ask(uri, held ? "press" : "release"),
    ...(canAdvance ? { time: (seconds: number) => ask(uri, `advance ${seconds}`) } : {}),
  };
}
