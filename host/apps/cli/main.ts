/** `kincard`: the command line over maker, cards, relay and virtual boards. */

import { runProgram } from "./program.js";

await runProgram(process.argv.slice(2));
// What still waits (a prompt, a descriptor) must not keep the program alive.
process.stdout.write("", () => process.exit());
