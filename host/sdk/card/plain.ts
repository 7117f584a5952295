/**
 * Commands outside the channel, and SELECT. Browser-safe.
 */

import { fromHex, Reader } from "../crypto/bytes.js";
import { Failure } from "../failures/failure.js";
import type { TransmitOptions, Transport } from "../links/link.js";
import { AID, CLA, INS_SELECT, PROTOCOL_VERSION, SUITE } from "../wire/generated.js";
import { exchange } from "./apdu.js";
import type { Command } from "./commands/command.js";
import { CardError, OK } from "./words.js";

/** Runs one command in the clear. Throws CardError when the card refuses. */
export async function plain<In, Out>(
  transport: Transport,
  command: Command<In, Out>,
  input: In,
  options?: TransmitOptions,
): Promise<Out> {
  const { p1, data } = command.encode(input);
  const apdu = { cla: CLA.PLAIN, ins: command.ins, p1, p2: 0, data, long: command.long };
  const answer = await exchange(transport, apdu, options);
  if (answer.sw !== OK) throw new CardError(answer.sw, command.name, answer.data);
  return command.decode(answer.data);
}

export interface Selected {
  /** "1.2.3" */
  readonly firmware: string;
}

/** Selects the application; ends any channel. */
export async function select(transport: Transport, options?: TransmitOptions): Promise<Selected> {
  const data = fromHex(AID);
  const apdu = { cla: CLA.ISO, ins: INS_SELECT, p1: 4, p2: 0, data };
  const answer = await exchange(transport, apdu, options);
  if (answer.sw !== OK) throw new CardError(answer.sw, "SELECT", answer.data);
  const reader = new Reader(answer.data, "the card's answer to SELECT");
  if (reader.byte() !== PROTOCOL_VERSION || reader.byte() !== SUITE) {
    throw new Failure("format/version", {});
  }
  const firmware = reader.take(3).join(".");
  reader.end();
  return { firmware };
}
