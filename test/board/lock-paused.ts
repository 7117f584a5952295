/**
 * A process that takes a file's lock over, and stops in the middle: when it may, and before it does.
 * It says how far it came in files, since who started it is not listening: FILE.child holds
 * "paused", then, when FILE.go is there, "held" or why not.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { lockFile } from "../../host/sdk/files/lock.js";

const [path = ""] = process.argv.slice(2);
const wait = new Int32Array(new SharedArrayBuffer(4));
const { existsSync, rmSync, writeFileSync, renameSync } = fs;
const say = (word: string) => {
  writeFileSync(`${path}.said`, word);
  renameSync(`${path}.said`, `${path}.child`);
};

fs.rmSync = (file, options) => {
  if (file === `${path}.lock`) {
    say("paused");
    while (!existsSync(`${path}.go`)) Atomics.wait(wait, 0, 0, 5);
  }
  rmSync(file, options);
};
syncBuiltinESMExports();
try {
  lockFile(path);
  say("held");
} catch (error) {
  say((error as Error).message);
}
// Whoever started it ends it: what it holds is a living process's.
setInterval(() => undefined, 1000);
