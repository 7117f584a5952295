/**
 * Counting and recording on any link: observers to pass to `openLink`. Browser-safe.
 */

import { CLA, COMMANDS, INS_GET_RESPONSE, INS_SELECT } from "../wire/generated.js";
import type { CommandName } from "../wire/generated.js";
import type { LinkObserver } from "./link.js";

/** Counts APDUs and every byte on the wire, framing and repeats included. */
export class Meter implements LinkObserver {
  apdus = 0;
  /** Bytes of APDUs and answers, without framing. */
  apduBytes = 0;
  bytesOut = 0;
  bytesIn = 0;

  get bytes(): number {
    return this.bytesOut + this.bytesIn;
  }
  wire(direction: "out" | "in", bytes: Uint8Array): void {
    if (direction === "out") this.bytesOut += bytes.length;
    else this.bytesIn += bytes.length;
  }
  apdu(command: Uint8Array, answer: Uint8Array): void {
    this.apdus++;
    this.apduBytes += command.length + answer.length;
  }
}

export interface RecordedApdu {
  /** The command's name by its INS; undefined for one that is not Kincard's. */
  readonly name: CommandName | "SELECT" | "GET RESPONSE" | undefined;
  /** Whether the data goes through the authenticated channel, unreadable to this observer. */
  readonly sealed: boolean;
  readonly command: Uint8Array;
  readonly answer: Uint8Array;
}

/** Keeps everything that an eavesdropper of this link sees. */
export class Recorder implements LinkObserver {
  readonly apdus: RecordedApdu[] = [];
  apdu(command: Uint8Array, answer: Uint8Array): void {
    this.apdus.push({
      name: nameOf(command),
      sealed: ((command[0] as number) & ~CLA.CHAIN) === CLA.CHANNEL,
      command: command.slice(),
      answer: answer.slice(),
    });
  }
}

function nameOf(command: Uint8Array): RecordedApdu["name"] {
  const ins = command[1];
  if (command[0] === CLA.ISO) {
    return ins === INS_SELECT ? "SELECT" : ins === INS_GET_RESPONSE ? "GET RESPONSE" : undefined;
  }
  return COMMANDS.find((entry) => entry.ins === ins)?.name;
}
