/**
 * The backup: the relay of the command line (host/sdk/relay) with this page around it. It goes on
 * after a reload from what run-store.ts keeps.
 */

import { describeExpected } from "../../../../../sdk/card/identity.js";
import type { ExpectedId } from "../../../../../sdk/card/identity.js";
import { formatLabel } from "../../../../../sdk/card/label.js";
import type { AccessCode } from "../../../../../sdk/crypto/code.js";
import { equal } from "../../../../../sdk/crypto/bytes.js";
import { backup } from "../../../../../sdk/relay/ceremony.js";
import type { BackupResult } from "../../../../../sdk/relay/ceremony.js";
import type { Run } from "../../../../../sdk/relay/run/run.js";
import { CeremonyScreen } from "./ceremony-screen.js";
import { button, form, h } from "../../controls/dom.js";
import { codeField, labelField, printedLabels } from "../../controls/fields.js";
import type { Page } from "../../page.js";
import { setPicture } from "../../controls/pictures.js";
import type { Placed } from "../../controls/pictures.js";
import { Presenter } from "./present.js";
import { BackupRecord, recordPanel } from "./record.js";
import { roleName } from "../../words/cards.js";
import { go, homeButton } from "../../words/common.js";
import { forgetRun, pageRun, savedRun } from "../../kept/run-store.js";
import { ledgerList } from "../check.js";
import { guardOf } from "../../cards/known.js";
import { afterwards, makerOf } from "../meet.js";

interface Plan {
  readonly setSize: number;
  readonly code: AccessCode;
  readonly source?: ExpectedId;
  readonly copies?: readonly (ExpectedId | undefined)[];
}

export async function backupTask(page: Page): Promise<void> {
  page.makers();
  const plan = await makePlan(page);
  try {
    await perform(page, plan);
    page.forget();
  } finally {
    // A wallet that was made here keeps its code for another try, until the user goes elsewhere.
    if (plan.code !== page.fresh?.code) plan.code.wipe();
  }
}

async function makePlan(page: Page): Promise<Plan> {
  const { fresh } = page;
  const run = savedRun();
  if (!run) return askPlan(page);
  if (fresh && run.source && equal(run.source.id, fresh.source.id)) {
    return { setSize: run.setSize, code: fresh.code, source: fresh.source.id };
  }
  return askCode(page, run);
}

/** Going on: only the code is missing. */
function askCode(page: Page, run: Run): Promise<Plan> {
  const codes = codeField(false);
  const known = [run.source, ...run.copies].flatMap((card) => (card ? [card.id] : []));
  return page.ask((resolve) => {
    const next = () => {
      const code = codes.take();
      if (code) resolve({ setSize: run.setSize, code });
    };
    const anew = () => {
      forgetRun();
      void page.run(backupTask);
    };
    page.show(
      "Go on with your backup",
      h("p", { class: "lead" }, "It goes on where it stopped. These cards take part:"),
      h("ul", { class: "label" }, ...known.map((id) => h("li", {}, formatLabel(id)))),
      form("Go on", next, ...codes.elements),
      h("div", { class: "row" }, button("Start over instead", anew), homeButton()),
    );
  });
}

/** How many cards, which ones, the code: all on one screen. */
function askPlan(page: Page): Promise<Plan> {
  const { fresh } = page;
  const main = labelField("Main card");
  main.element.hidden = fresh !== undefined;
  const copies = [labelField("Copy 1"), labelField("Copy 2")] as const;
  const codes = fresh ? undefined : codeField(false);
  let setSize = 3;
  const choose = (size: number) => {
    setSize = size;
    copies[1].element.hidden = size === 2;
  };
  return page.ask((resolve) => {
    const next = () => {
      const asked = [main, ...copies.slice(0, setSize - 1)];
      const labels: (string | undefined)[] = [];
      for (const label of asked) {
        const text = label.read();
        if (text === false) return;
        labels.push(text);
      }
      const code = fresh ? fresh.code : codes?.take();
      const [source, ...named] = labels;
      if (code) resolve({ setSize, code, source: fresh?.source.id ?? source, copies: named });
    };
    page.show(
      "Back up your wallet",
      sizes(choose),
      h("h2", {}, "Which cards?"),
      h(
        "p",
        {},
        "Type the label printed on each card: then no other card can take its place. Or leave it empty, ",
        "and compare it later.",
      ),
      printedLabels(page, [main, ...copies], fresh?.link),
      form(
        "Start the backup",
        next,
        ...[main, ...copies].map(({ element }) => element),
        ...(codes?.elements ?? []),
      ),
      h(
        "p",
        { class: "hint" },
        "Each card is needed once or twice, for one to four seconds each time.",
      ),
    );
  });
}

function sizes(choose: (size: number) => void): HTMLElement {
  const option = (size: number, text: string) => {
    const input = h("input", {
      ...{ type: "radio", name: "size", value: size, checked: size === 3 },
      change: () => choose(size),
    });
    return h("label", { class: "option" }, input, setPicture(size), h("span", {}, text));
  };
  return h(
    "fieldset",
    { class: "options" },
    h("legend", {}, "How many cards do you want in all?"),
    option(2, "Two cards"),
    option(3, "Three cards"),
  );
}

async function perform(page: Page, plan: Plan): Promise<void> {
  const { setSize, code, source, copies } = plan;
  const { fresh } = page;
  const presenter = new Presenter(page);
  const screen = new CeremonyScreen(page, setSize, (role) => presenter.linkOf(role));
  presenter.ask = screen.ask;
  presenter.labels = (role) => {
    const name = role.kind === "source" ? source : copies?.[role.index];
    return name === undefined ? undefined : describeExpected(name);
  };
  if (fresh) presenter.bind({ kind: "source" }, fresh.link);
  const maker = await makerOfSet(page, presenter);
  screen.mount();
  // Cards that were not named by label are compared when they are met first.
  const named = [source, ...(copies ?? [])].filter((label) => label !== undefined);
  const guard = guardOf(
    page,
    named,
    () => screen.mount(),
    () => presenter.current,
  );
  const record = new BackupRecord(page);
  const result = await backup({
    ...{ maker, code, setSize, store: pageRun },
    signal: AbortSignal.any([page.signal, screen.differed]),
    present: presenter.present,
    source: fresh?.source,
    expectSource: source,
    expectCopies: copies,
    guard,
    onEvent: record.noted(screen.onEvent),
  }).finally(() => {
    screen.end();
    record.end();
  });
  page.check();
  finished(page, result, screen.placed(), maker);
}

/** Kmaker of the cards that take part: of the backup that goes on, or what the main card says. */
async function makerOfSet(page: Page, presenter: Presenter): Promise<Uint8Array> {
  const makers = page.makers();
  const known = page.fresh?.maker ?? savedRun()?.maker;
  const trusted = makers.find((maker) => known && equal(maker, known));
  if (trusted || makers.length === 1) return trusted ?? (makers[0] as Uint8Array);
  const role = { kind: "source" } as const;
  const link = await page.tap(`${roleName(role)}, please`, presenter.requestFor(role));
  const session = await page.session(link);
  await session.greet();
  const maker = await makerOf(session, makers);
  presenter.bind(role, link);
  return maker;
}

/** Nothing is at work any more; a main card whose ledger has all its copies is done as they are. */
const still = (cards: readonly Placed[], complete: boolean) =>
  cards.map((card): Placed => ({ ...card, mark: complete ? "done" : card.mark, active: false }));

function finished(
  page: Page,
  { complete, setSize, source, copies }: BackupResult,
  cards: readonly Placed[],
  maker: Uint8Array,
): void {
  const all = copies.length + 1;
  page.show(
    complete ? "Your backup is done" : "Your copies are good",
    h("div", { class: "hero small" }, setPicture(setSize, still(cards, complete))),
    h(
      "p",
      { class: "lead" },
      complete
        ? `${all === 2 ? "Both" : "All three"} cards now open the same wallet, with the same code. Each was tried just now.`
        : "Only the main card has not heard of it yet: it is needed once more.",
    ),
    complete
      ? h(
          "p",
          {},
          "Keep them in different places: any one of them is enough. Now you can receive to your wallet.",
        )
      : h("p", {}, "Go on whenever the main card is at hand. Nothing is lost."),
    complete
      ? afterwards(
          button("Receive", () => go("#/receive"), "main"),
          button("Check a card", () => go("#/check")),
        )
      : afterwards(button("Go on now", () => void page.run(backupTask), "main")),
    source && h("h2", {}, "Your cards"),
    source && ledgerList(source.ledger),
    recordPanel(page, [maker]),
  );
}
