/** A task whose code comes when it is first wanted, so that the page opens without it. */

import { TaskError } from "./faults.js";
import type { Task } from "./page.js";

/** Parts of two builds never meet (host/tools/build/page): an old page finds its own parts gone. */
export function later(load: () => Promise<Task>): Task {
  const task: Task = async (page) => {
    const loaded = await load().catch(() => {
      throw new TaskError(
        "This part of the page could not be loaded.",
        "Check the network, and load the page again: there may be a newer one.",
      );
    });
    page.check();
    // Trying again is the task's own business from here on.
    await page.run(loaded);
  };
  return task;
}
