/**
 * A process that takes a flash file's lock when told to, at a given moment, and says what came of
 * it.
 */
import { lockFile } from "../../host/sdk/files/lock.js";

const [flash = ""] = process.argv.slice(2);
let giveBack = (): void => undefined;

process.on("message", (message: number | string) => {
  if (typeof message === "string") {
    giveBack();
    giveBack = () => undefined;
    process.send?.("given back");
    return;
  }
  while (Date.now() < message); // all at once
  try {
    giveBack = lockFile(flash);
    process.send?.("held");
  } catch (error) {
    process.send?.((error as Error).message);
  }
});
process.send?.("ready");
