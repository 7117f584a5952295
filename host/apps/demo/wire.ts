/**
 * What one copy costs on the wire, as docs/design.md counts: the APDU bytes of OFFER, SEAL, ACCEPT
 * and CONFIRM (headers, data, status words), each message counted once, where its sender emits it.
 */

import type { Recorder, RecordedApdu } from "../../sdk/links/meter.js";
import type { DemoCard } from "./cards.js";

/** Commands whose data is a message that another card emitted: only their headers count. */
const CARRIED = new Set<RecordedApdu["name"]>(["SEAL", "ACCEPT", "CONFIRM"]);

/** Header and length bytes of a command APDU (ISO 7816-4 5.1, short or extended, no Le). */
function overhead(command: Uint8Array): number {
  if (command.length <= 5) return command.length;
  return command[4] === 0 ? 7 : 5;
}

/** Of the APDUs that made the copy: what a card refused before is left out. */
export function copyBytes(source: readonly RecordedApdu[], { apdus }: Recorder): number {
  const first = (name: RecordedApdu["name"]) =>
    apdus.filter((apdu) => apdu.name === name && isOk(apdu)).slice(0, 1);
  const made = [...first("OFFER"), ...first("ACCEPT"), ...source];
  return made.reduce((sum, { name, command, answer }) => {
    const sent = CARRIED.has(name) ? overhead(command) : command.length;
    return sum + sent + answer.length;
  }, 0);
}

export function isOk({ answer }: RecordedApdu): boolean {
  return answer.at(-2) === 0x90 && answer.at(-1) === 0;
}

/** SEAL and CONFIRM that the source answered well, copy by copy. */
export function sourceApdus({ apdus }: Recorder, copy: number): RecordedApdu[] {
  return ["SEAL", "CONFIRM"].flatMap((name) => {
    const done = apdus.filter((apdu) => apdu.name === name && isOk(apdu));
    return done.slice(copy, copy + 1);
  });
}

export function totals(cards: readonly DemoCard[]): { apdus: number; bytes: number } {
  return {
    apdus: cards.reduce((sum, { meter }) => sum + meter.apdus, 0),
    bytes: cards.reduce((sum, { meter }) => sum + meter.bytes, 0),
  };
}
