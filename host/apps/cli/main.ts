/** `kincard`: the command line over maker, cards, relay and virtual boards. */

import { EXIT } from "./failure.js";
import { runProgram } from "./program.js";
import { isBlocked } from "./asking/secrets.js";
import { lostWords, watchStreams } from "./asking/streams.js";

watchStreams();
await runProgram(process.argv.slice(2));
// What still waits (a prompt, a descriptor) must not keep the program alive.
process.stdout.write("", () => {
  // process.exit() would wait for a descriptor that nobody writes to; the signal does not.
  if (isBlocked()) return process.kill(process.pid, "SIGINT");
  // A stream tells of its failure a moment later; who heard nothing must not take it for a success.
  setImmediate(() => process.exit(process.exitCode || (lostWords() ? EXIT.FILES : EXIT.OK)));
});
