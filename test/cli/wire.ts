/** Instruction bytes and flags by name, for relays that look into what they carry. */

import { COMMANDS, FLAGS, STATES } from "../../host/sdk/wire/generated.js";
import type { CommandName } from "../../host/sdk/wire/generated.js";

export { FLAGS, STATES };
export const INS = Object.fromEntries(COMMANDS.map(({ name, ins }) => [name, ins])) as Readonly<
  Record<CommandName, number>
>;
