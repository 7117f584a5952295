/**
 * What a backup's bytes are, written down in this page's memory, and shown by the viewer of
 * recordings (host/apps/viewer) in a window of its own, which gets it handed over there. What is
 * inside the seals is written down of drawn demo cards alone.
 */

import { toHex } from "../../../../../sdk/crypto/bytes.js";
import { Recording } from "../../../../../sdk/recording/recorder.js";
import type { BackupEvent } from "../../../../../sdk/relay/events.js";
import { meeting, READY } from "../../../../viewer/mark.js";
import type { HandedOver } from "../../../../viewer/mark.js";
import { VIEWER_FILE } from "../../../config.js";
import { button, h } from "../../controls/dom.js";
import { saveFile } from "../../controls/save-file.js";
import type { Page } from "../../page.js";
import { roleName } from "../../words/cards.js";
import { stepWords } from "./ceremony-screen.js";

const FILE = "kincard-backup.jsonl";

export class BackupRecord {
  readonly #page: Page;
  readonly #recording: Recording;

  /** From now on, behind what an earlier try wrote. */
  constructor(page: Page) {
    this.#page = page;
    const inside = page.config.demo === true;
    const lines = page.recorded;
    this.#recording = new Recording((line) => void lines.push(`${line}\n`), { inside });
    page.deck.record(this.#recording);
  }

  noted(tell: (event: BackupEvent) => void): (event: BackupEvent) => void {
    return (event) => {
      if (event.type === "step") this.#recording.note(stepWords(event));
      if (event.type === "lost") this.#recording.note(`${roleName(event.role)} was out of reach`);
      tell(event);
    };
  }
  end(): void {
    this.#page.deck.record(undefined);
  }
}

/** What it shows stays what it was when this was called. */
export function recordPanel(page: Page, makers: readonly Uint8Array[]): HTMLElement {
  const text = page.recorded.join("");
  const handed: HandedOver = { kincard: "recording", text, makers: makers.map(toHex) };
  const blocked = h("p", { class: "fault", role: "status" });
  const look = () => {
    const view = window.open(VIEWER_FILE);
    blocked.textContent = view ? "" : "The browser opened no window: save the recording instead.";
    if (!view) return;
    const { heard, target } = meeting(location);
    // Also when its reader loads it once more.
    window.addEventListener("message", ({ source, origin, data }) => {
      if (source === view && origin === heard && data === READY) view.postMessage(handed, target);
    });
  };
  return h(
    "section",
    { class: "apart record", "aria-label": "What was recorded" },
    h(
      "p",
      {},
      "Every byte that passed is recorded in this page, until you leave it: look at what your phone could " +
        "read, and what was sealed.",
    ),
    h(
      "div",
      { class: "row" },
      button("What did my phone learn?", look),
      button("Save the recording", () => saveFile(FILE, text)),
    ),
    blocked,
  );
}
