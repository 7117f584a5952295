/** Is a card genuine, what does it hold, and, with the code, which cards share its key. */

import { formatLabel } from "../../../card/label.js";
import type { Ledger } from "../../../card/ledger.js";
import { isZero, toHex } from "../../../crypto/bytes.js";
import { HOLD_MS } from "../../../relay/events.js";
import type { SlotStateName } from "../../../wire/generated.js";
import { form, h } from "../dom.js";
import { STATES } from "../faults.js";
import { codeField } from "../fields.js";
import type { Page } from "../page.js";
import { cardPicture } from "../pictures.js";
import { afterwards, bigLabel, meet, refresh } from "./meet.js";
import type { MetCard } from "./meet.js";

export async function checkTask(page: Page): Promise<void> {
  const card = await meet(page, {
    title: "Check a card",
    text: "Hold any card to the phone, or connect it.",
    holdMs: HOLD_MS.check,
    suits: () => undefined,
  });
  await page.work("The card signs a fresh question", HOLD_MS.check, () => card.session.prove());
  const { state } = card.status;
  const hasKey = /^(WALLET|SHARING|SHARED|COPY)$/.test(state);
  const codes = codeField(false);
  const ask = async () => {
    const code = codes.take();
    if (!code) return;
    await page.run(() => showLedger(page, card, code).finally(() => code.wipe()), checkTask);
  };
  page.show(
    "This card is genuine",
    h("div", { class: "hero" }, cardPicture(card.link.hue, hasKey ? "key" : "empty")),
    h("p", { class: "lead" }, "Its label must be the same as the one printed on it:"),
    bigLabel(card.certificate.id),
    about(card),
    hasKey &&
      h(
        "section",
        {},
        h("h2", {}, "Which cards have this key?"),
        h("p", {}, "The card answers that to you alone."),
        form("Show its copies", () => void ask(), ...codes.elements),
      ),
    afterwards(),
  );
}

function about({ status }: MetCard): HTMLElement {
  const { state, misses, waitSeconds, firmware, demo, rngFailed } = status;
  const [short, long] = STATES[state];
  const rows: [string, string][] = [
    ["It is", `${short}. ${long}`],
    ["Wrong codes", misses ? `${misses} since the last right one` : "none"],
    ...(waitSeconds ? [["Locked", `for ${waitSeconds} more seconds`] as [string, string]] : []),
    ["Firmware", firmware],
    ...(rngFailed ? [["Warning", "its random numbers failed their test"] as [string, string]] : []),
    ...(demo ? [["Warning", "a demo card: it protects nothing"] as [string, string]] : []),
  ];
  return facts(rows);
}

export function facts(rows: readonly (readonly [string, string])[]): HTMLElement {
  const list = h("dl", { class: "facts" });
  for (const [name, value] of rows) list.append(h("dt", {}, name), h("dd", {}, value));
  return list;
}

type Code = Exclude<ReturnType<ReturnType<typeof codeField>["take"]>, undefined>;

async function showLedger(page: Page, card: MetCard, code: Code): Promise<void> {
  const ledger = await page.work("The card shows its copies", HOLD_MS.read, async (onProgress) => {
    // A refusal before, or a lost link, ended what was open.
    const session = await page.session(card.link);
    await refresh({ ...card, session });
    await session.enterCode(code, { onProgress, signal: page.signal });
    return session.ledger();
  });
  page.show(
    "Cards with this key",
    h("p", { class: "lead" }, summary(ledger)),
    ledgerList(ledger),
    h("p", { class: "hint" }, `Signed by the card just now. Wallet ${toHex(ledger.publicKey)}`),
    afterwards(),
  );
}

function summary({ state, copy, setSize }: Ledger): string {
  if (state === "COPY") return `This is card ${copy} of a set of at most ${setSize}.`;
  if (state === "WALLET") return "Only this card has the key. Make a backup.";
  return `This is the main card of a set of ${setSize}.`;
}

/** What the main card says of each place in its set. */
const SLOTS: Readonly<Record<SlotStateName, string>> = {
  OPEN: "still free",
  SEALED: "may hold the key; its receipt is still to come",
  CONFIRMED: "holds the key",
  CLOSED: "closed, never used",
  LOST: "may hold the key; closed without its receipt",
};

/** The cards that hold, or may hold, the key; as the card that was asked says. */
export function ledgerList({ state, ownId, sourceId, slots, setSize }: Ledger): HTMLElement {
  if (state === "COPY") {
    return facts([
      ["Main card", formatLabel(sourceId)],
      ["This copy", formatLabel(ownId)],
    ]);
  }
  const places = slots.slice(0, Math.max(0, setSize - 1)).map(({ state: slot, id }, index) => {
    const who = isZero(id) ? "nobody" : formatLabel(id);
    return [`Copy ${index + 1}`, `${who}: ${SLOTS[slot]}`] as const;
  });
  return facts([["Main card", formatLabel(ownId)], ...places]);
}
