/**
 * The conformance suite (docs/design.md, "One core"): one list of checks for any rack, virtual,
 * interpreter, boards or mixed. It uses links and sessions only, so a card is a card whatever it
 * is made of. Checks that a rack can't have are in the list all the same, with the reason.
 *
 * Limits: a card holds no wallet of value while this runs. Checks need their order: the last ones
 * leave the cards empty.
 */
import { lacks, type Check } from "./check.js";
import { GROUP, MEDDLED, type Scene } from "./checks/group.js";
import { LINE } from "./checks/line.js";
import { LAST, SINGLE } from "./checks/single.js";
import type { Place } from "./rack.js";
import { apduChecks } from "./vectors/apdus.js";
import { vectorChecks } from "./vectors/cases.js";
import { consentChecks } from "./vectors/consent.js";
import { lastCheck, tableChecks } from "./vectors/table.js";

/** What must be known of a place to plan for it. */
export interface Planned extends Pick<Place, "levers"> {
  readonly wire: boolean;
  /** Places of one board: its links, its firmware's versions. Default: a board of its own. */
  readonly board?: number;
}
export interface PlanOptions {
  /** Every ordered triple makes a set; default: the first one. */
  readonly triples?: boolean;
}

export function planned({ levers, wire }: Place): Planned {
  return { levers, wire: wire !== undefined };
}

const CARD = ["card"];
const PAIR = ["source", "copy"];
const TRIPLE = ["source", "copy", "copy"];

/** Every ordered group of so many places of different boards. */
function groups(cards: readonly Planned[], size: number): number[][] {
  if (size === 0) return [[]];
  return groups(cards, size - 1).flatMap((group) =>
    cards.flatMap((_, index) =>
      group.some((member) => boardOf(cards, member) === boardOf(cards, index))
        ? []
        : [[...group, index]],
    ),
  );
}
const boardOf = (cards: readonly Planned[], index: number) => cards[index]?.board ?? index;

/** Each place with the next one of another board. */
function ring(cards: readonly Planned[]): number[][] {
  return cards.flatMap((_, index) => {
    const others = [...cards.keys()].map((step) => (index + step) % cards.length);
    const next = others.find((other) => boardOf(cards, other) !== boardOf(cards, index));
    return next === undefined ? [] : [[index, next]];
  });
}

function singles(cards: readonly Planned[], list: typeof SINGLE): Check[] {
  if (!cards.length) return without(list, CARD);
  return list.flatMap(({ title, needs = [], run }) =>
    cards.map(({ levers }, index) => ({
      ...{ group: "card", title, cards: [index], roles: CARD, run },
      skip: lacks(levers, ...[needs].flat()),
    })),
  );
}

function lines(cards: readonly Planned[]): Check[] {
  if (!cards.length) return without(LINE, CARD);
  return LINE.flatMap(({ title, wire, run }) =>
    cards.map((card, index) => ({
      ...{ group: "link", title, cards: [index], roles: CARD, run },
      skip: wire && !card.wire ? "its link has no bytes below the commands" : undefined,
    })),
  );
}

/** One scene of these cards: its checks go on from each other. */
function scene(
  cards: readonly Planned[],
  list: typeof GROUP,
  members: readonly number[],
  roles: readonly string[],
): Check[] {
  const state: Scene = {};
  return list.map(({ title, needs = [], run }) => ({
    ...{ group: backupOf(roles), title, cards: members, roles },
    skip: members.map((index) => lacks(cards[index]!.levers, ...[needs].flat())).find(Boolean),
    run: (source, ...copies) => run(state, source!, ...copies),
  }));
}

/** For racks with too few cards: the checks by name. */
function without(list: readonly { title: string }[], roles: readonly string[]): Check[] {
  const skip = `needs ${roles.length} ${roles.length > 1 ? "cards" : "card"}`;
  const group = roles.length > 1 ? backupOf(roles) : "card";
  const run = async () => undefined;
  return list.map(({ title }) => ({ group, title, cards: [], roles, skip, run }));
}
const backupOf = (roles: readonly string[]) => `backup, ${roles.length} cards`;

/** Every check for these cards, in the order in which they are to be run. */
export function plan(cards: readonly Planned[], { triples = false }: PlanOptions = {}): Check[] {
  const pairs = groups(cards, 2);
  const sets = groups(cards, 3);
  return [
    ...singles(cards, SINGLE),
    ...lines(cards),
    ...(pairs.length ? [] : without([...GROUP, ...MEDDLED], PAIR)),
    ...pairs.flatMap((pair) => scene(cards, GROUP, pair, PAIR)),
    ...ring(cards).flatMap((pair) => scene(cards, MEDDLED, pair, PAIR)),
    ...(sets.length ? [] : without(GROUP, TRIPLE)),
    ...sets.slice(0, triples ? undefined : 1).flatMap((set) => scene(cards, GROUP, set, TRIPLE)),
    ...singles(cards, [LAST]).map((check) => ({ ...check, last: true as const })),
  ];
}

/**
 * The whole kit: the plan, and for each card what needs one that was never personalised (first),
 * APDUs, runs of consent, states × commands and the vectors (last). `seed` makes the kit's own keys.
 */
export function planKit(cards: readonly Planned[], seed: string): Check[] {
  const each = (list: (index: number) => Check[]) => cards.flatMap((_, index) => list(index));
  return [
    ...each((index) => tableChecks(index, seed, "blank")),
    ...each((index) => vectorChecks(index, seed, "blank")),
    ...plan(cards),
    ...each((index) => apduChecks(index, seed)),
    ...each((index) => consentChecks(index, cards[index]?.levers ?? {}, seed)),
    ...each((index) => tableChecks(index, seed, "others")),
    ...each((index) => vectorChecks(index, seed, "others")),
    ...each((index) => [lastCheck(index, seed)]),
  ];
}

/** The check with the cards that take part in it, by number. */
export function fullTitle({ title, cards, roles }: Check): string {
  const part = cards.map((index, role) => `${roles[role]} ${index + 1}`).join(", ");
  return `${title} (${part || roles.join(", ")})`;
}
