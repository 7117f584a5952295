/** `kincard`: the command line over maker, cards, relay and virtual boards. */

import { EXIT } from "./failure.js";
import { runProgram } from "./program.js";
import { lostWords, watchStreams } from "./streams.js";

watchStreams();
await runProgram(process.argv.slice(2));
// What still waits (a prompt, a descriptor) must not keep the program alive.
process.stdout.write("", () => {
  // Who did not hear the program must not take it for a success.
  process.exit(process.exitCode || (lostWords() ? EXIT.FILES : EXIT.OK));
});
