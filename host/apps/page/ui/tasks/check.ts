/** Is a card genuine, what does it hold, and, with the code, which cards share its key. */

import { formatLabel } from "../../../../sdk/card/label.js";
import type { Ledger } from "../../../../sdk/card/ledger.js";
import { isZero } from "../../../../sdk/crypto/bytes.js";
import { HOLD_MS } from "../../../../sdk/relay/events.js";
import type { SlotStateName } from "../../../../sdk/wire/generated.js";
import { button, form, h } from "../controls/dom.js";
import type { Child } from "../controls/dom.js";
import { WITH_KEY } from "../faults.js";
import { STATES } from "../words/cards.js";
import { codeField } from "../controls/fields.js";
import { go } from "../words/common.js";
import type { Page } from "../page.js";
import { cardPicture } from "../controls/pictures.js";
import { giveCode, guardOf, ownName, presented } from "../cards/known.js";
import { afterwards, bigLabel, meet, publicKeyOf } from "./meet.js";
import type { MetCard } from "./meet.js";

export async function checkTask(page: Page): Promise<void> {
  const card = await meet(page, {
    title: "Check a card",
    text: "Hold any card to the phone, or connect it.",
    holdMs: HOLD_MS.check,
    suits: () => undefined,
    anyCard: true,
  });
  await page.work("The card answers a fresh challenge", HOLD_MS.check, () => card.session.prove());
  const { state } = card.status;
  const hasKey = WITH_KEY.includes(state);
  const name = await ownName(card);
  const codes = codeField(false);
  const ask = async () => {
    const code = codes.take();
    if (!code) return;
    await page.run((own) => showLedger(own, card, code).finally(() => code.wipe()), checkTask);
  };
  page.show(
    "This card is genuine",
    h("div", { class: "hero small" }, cardPicture(card.link.hue, hasKey ? "key" : "empty")),
    h("p", { class: "lead" }, "Its label must be the same as the one printed on it:"),
    bigLabel(card.certificate.id),
    name !== undefined && h("p", {}, "You call it ", h("strong", {}, name)),
    about(card),
    hasKey &&
      h(
        "section",
        {},
        h("h2", {}, "Which cards have this key?"),
        h("p", {}, "Only someone with the access code can see this."),
        form("Show its copies", () => void ask(), ...codes.elements),
      ),
    afterwards(),
  );
}

function about({ status }: MetCard): HTMLElement {
  const { state, misses, waitSeconds, firmware, demo, rngFailed } = status;
  const [short, long] = STATES[state];
  const rows: Fact[] = [
    ["What it is", `${short}. ${long}`],
    ["Wrong codes", misses ? `${misses} since the last right one` : "none"],
    ...(waitSeconds ? [["Locked", `for ${waitSeconds} more seconds`] as const] : []),
    ["Software", firmware],
    ...(rngFailed
      ? [["Warning", "its random numbers failed their test: don't use it"] as const]
      : []),
    ...(demo ? [["Warning", "a demo card: it protects nothing"] as const] : []),
  ];
  return facts(rows);
}

export type Fact = readonly [name: string, value: Child];

export function facts(rows: readonly Fact[]): HTMLElement {
  const list = h("dl", { class: "facts" });
  for (const [name, value] of rows) list.append(h("dt", {}, name), h("dd", {}, value));
  return list;
}

type Code = Exclude<ReturnType<ReturnType<typeof codeField>["take"]>, undefined>;

async function showLedger(page: Page, card: MetCard, code: Code): Promise<void> {
  const guard = guardOf(page, [], undefined, () => card.link);
  await guard.admit(presented(card));
  const ledger = await page.work("The card shows its copies", HOLD_MS.read, async (onProgress) => {
    // A refusal before, or a lost link, ended what was open.
    const again = { ...card, session: await page.session(card.link) };
    await giveCode(page, again, code, onProgress);
    const shown = await again.session.ledger();
    await guard.learned(presented(again), { setId: shown.setId, state: shown.state });
    return shown;
  });
  page.show(
    "Cards with this key",
    h("p", { class: "lead" }, summary(ledger)),
    ledgerList(ledger),
    publicKeyOf(ledger.publicKey),
    afterwards(ledger.state === "WALLET" && button("Back it up now", () => go("#/backup"), "main")),
  );
}

function summary({ state, copy, setSize }: Ledger): string {
  if (state === "COPY") return `This is copy ${copy}. It opens the wallet as the main card does.`;
  if (state === "WALLET") return "Only this card has the key. Back it up.";
  return `This is the main card of ${setSize}.`;
}

/** What the main card says of each place in its set. */
const SLOTS: Readonly<Record<SlotStateName, string>> = {
  OPEN: "still free",
  SEALED: "the main card has not heard yet that it has the key",
  CONFIRMED: "has the key",
  CLOSED: "closed, never used",
  LOST: "may have the key; it was never confirmed",
};

/** On one line at 360 px, with what is said of the card under it. */
const label = (id: Uint8Array, note?: string) =>
  h("span", {}, h("span", { class: "label one" }, formatLabel(id)), note && ` ${note}`);

/** The cards that hold, or may hold, the key; as the card that was asked says. */
export function ledgerList({ state, ownId, sourceId, slots, setSize }: Ledger): HTMLElement {
  if (state === "COPY") {
    return facts([
      ["Main card", label(sourceId)],
      ["This copy", label(ownId)],
    ]);
  }
  const places = slots.slice(0, Math.max(0, setSize - 1)).map(({ state: slot, id }, index) => {
    const note = SLOTS[slot];
    return [`Copy ${index + 1}`, isZero(id) ? note : label(id, note)] as const;
  });
  return facts([["Main card", label(ownId)], ...places]);
}
