/**
 * The page's entry: what the host says, which card links there are, and the task that the address
 * after # names. docs/web.md describes the page.
 */

import { Deck } from "./cards/deck.js";
import { later } from "./later.js";
import { digitsOf } from "./links/web-nfc.js";
import { Page } from "./page.js";
import type { Task } from "./page.js";
import { Side } from "./side.js";
import { loadConfig } from "./kept/settings.js";
import { backupTask } from "./tasks/backup/backup.js";
import { homeTask, unknownTask } from "./tasks/home.js";
import { checkTask } from "./tasks/check.js";
import { receiveTask } from "./tasks/receive.js";
import { resetTask } from "./tasks/reset.js";
import { settingsTask } from "./tasks/settings/settings.js";
import { signTask } from "./tasks/sign.js";
import { verifyTask } from "./tasks/verify.js";
import { walletTask } from "./tasks/wallet.js";

const TASKS: Readonly<Record<string, Task>> = {
  wallet: walletTask,
  backup: backupTask,
  receive: receiveTask,
  sign: signTask,
  verify: verifyTask,
  check: checkTask,
  reset: resetTask,
  settings: settingsTask,
  psbt: later(async () => (await import("./psbt/psbt-task.js")).psbtTask),
  flash: later(async () => (await import("./flash/flash-task.js")).flashTask),
};

async function start(): Promise<void> {
  const config = await loadConfig();
  const main = document.getElementById("main") as HTMLElement;
  const live = document.getElementById("live") as HTMLElement;
  const deck = new Deck(config.boards ?? []);
  const side = new Side(deck, document.getElementById("side") as HTMLElement);
  await deck.findKnown();
  const page = new Page(config, deck, main, live);
  page.onShow = () => void side.draw();
  const route = () => {
    const digits = digitsOf(location.hash);
    if (digits !== undefined) {
      // A tap of a card opened this address: its name is good for a while, the address is not.
      deck.near = digits;
      history.replaceState(null, "", "#/");
    }
    const name = location.hash.replace(/^#\/?/, "");
    if (name !== "backup") page.forget();
    // Own names alone: "constructor" is no screen.
    const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
    void page.run(task ?? (name ? unknownTask : homeTask));
  };
  window.addEventListener("hashchange", route);
  route();
  const demo = document.getElementById("demo") as HTMLElement;
  demo.hidden = config.demo !== true;
  // Without it the page works all the same, only not offline.
  await navigator.serviceWorker?.register("sw.js").catch(() => undefined);
}

void start();
