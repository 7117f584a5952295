/** The viewer's page: the recording that it was made with, or one that is opened from a file. */

import { Failure } from "../../../sdk/failures/failure.js";
import { h } from "../../page/ui/controls/dom.js";
import { saveFile } from "../../page/ui/controls/save-file.js";
import { embedded, handedOver, load } from "./data.js";
import type { Loaded } from "./data.js";
import { showRun } from "./show.js";

const main = document.getElementById("main") as HTMLElement;

function show({ text, runs, makers }: Loaded): void {
  const shown = h("div");
  const choose = (index: number) => {
    const run = runs[index];
    if (run) shown.replaceChildren(showRun(run, makers));
  };
  const runsOf = h(
    "select",
    { id: "runs", change: (event) => choose((event.target as HTMLSelectElement).selectedIndex) },
    ...runs.map((_, index) => h("option", {}, `Run ${index + 1} of ${runs.length}`)),
  );
  const several = h("p", {}, h("label", { for: "runs" }, "Which run: "), runsOf);
  several.hidden = runs.length === 1;
  main.replaceChildren(several, shown, saveButton(text));
  // The last one is what its reader has just seen.
  runsOf.selectedIndex = runs.length - 1;
  choose(runs.length - 1);
}

/** As `kincard view` and `kincard replay` take it. */
function saveButton(text: string): HTMLElement {
  const save = () => saveFile("kincard-recording.jsonl", text);
  return h(
    "div",
    { class: "save" },
    h("button", { type: "button", click: save }, "Save this recording"),
    h(
      "span",
      { class: "soft" },
      "as a file for ",
      h("code", {}, "kincard view"),
      " and ",
      h("code", {}, "kincard replay"),
    ),
  );
}

/** Nothing leaves this page: its policy lets it talk to nobody. */
function ask(fault?: string): void {
  const input = h("input", {
    ...{ type: "file", id: "file", accept: ".jsonl,.json,.txt" },
    change: () => void open(input.files?.[0]),
  });
  main.replaceChildren(
    h(
      "p",
      {},
      h("label", { for: "file" }, "A recording, as "),
      h("code", {}, "--record"),
      " wrote it:",
    ),
    input,
    h("p", { class: "fault", role: "alert" }, fault ?? ""),
  );
}

async function open(file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    show(load(await file.text()));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    ask(`${file.name} can't be shown: ${error.message}.`);
  }
}

const found = embedded(document);
if (found) show(found);
else {
  ask();
  handedOver(show);
}
