/** `kincard virtual` alone, as a process for tests. */

import { Command } from "commander";
import { addVirtualCommand } from "../../host/apps/cli/commands/virtual.js";

const program = new Command("kincard");
addVirtualCommand(program);
program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
