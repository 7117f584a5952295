/**
 * Turns the relay child and the library under it into plain JavaScript: a process starts from that
 * in a tenth of the time, and kill.test.ts starts a hundred.
 */
import { join } from "node:path";
import { fromRoot } from "../../firmware/build/paths.js";
import { bundle } from "../../host/tools/build/library.js";

const OUT = fromRoot("build/test-relay");

/** The path of the child's JavaScript. */
export async function compileChild(): Promise<string> {
  await bundle({ child: "test/relay/child.ts" }, OUT);
  return join(OUT, "child.js");
}
