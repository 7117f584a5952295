/** A process that adds one to the number in a file, so many times, each time under the lock. */
import { readFileSync, writeFileSync } from "node:fs";
import { LockedError, lockFile } from "../../host/sdk/files/lock.js";

const [path = "", count = ""] = process.argv.slice(2);

function locked(): () => void {
  for (;;) {
    try {
      return lockFile(path);
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
    }
  }
}
process.send?.("ready");
process.once("message", () => {
  for (let at = 0; at < Number(count); at++) {
    const unlock = locked();
    writeFileSync(path, String(Number(readFileSync(path, "utf8")) + 1));
    unlock();
  }
  process.disconnect();
});
