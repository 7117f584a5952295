/** The alphabet: every command, plain and sealed, with each class of argument that it tells apart. */
import { COMMANDS, type CommandName } from "../../host/sdk/wire/generated.js";
import { ITS_OWN, NOTHING } from "./consent.js";
import type { Action, Argument } from "./rules.js";
import type { State } from "./state.js";

const good: Argument = { kind: "good" };
const bad = (word: "LENGTH" | "P1P2" | "CRYPTO" | "DATA" | "NAMES" | "WRONG_CODE"): Argument => ({
  kind: "bad",
  word,
});
const offer = (peer: number, link: number, fault?: "header"): [string, Argument] => [
  `OFFER ${link} of ${peer}${fault ? `, ${fault}` : ""}`,
  { kind: "offer", peer, link, ...(fault ? { fault } : {}) } as Argument,
];
const named = (n: number, ...peers: number[]): [string, Argument] => [
  `${peers.join("+")} of ${n}`,
  { kind: "names", names: { n, peers } },
];

/** What each command is given, besides what is wrong for all (below). */
const ARGUMENTS: Readonly<Partial<Record<CommandName, readonly [string, Argument][]>>> = {
  CERTIFY: [
    ["its own", good],
    ["by another maker", bad("CRYPTO")],
  ],
  OPEN: [
    ["a point", good],
    ["no point", bad("CRYPTO")],
  ],
  CODE: [
    ["right", good],
    ["wrong", bad("WRONG_CODE")],
  ],
  CHANGE_CODE: [
    ["good", good],
    ["cost 9", bad("DATA")],
  ],
  ACTIVATE: [
    ["good", good],
    ["cost 21", bad("DATA")],
  ],
  NAME_SOURCE: [
    ["source 0", { kind: "source", source: 0 }],
    ["source 1", { kind: "source", source: 1 }],
    ["its own id", bad("NAMES")],
  ],
  NAME_DESTINATIONS: [
    named(2, 0),
    named(2, 1),
    named(3, 0, 1),
    ["n = 4", bad("DATA")],
    ["its own id", bad("NAMES")],
  ],
  SEAL: [
    offer(0, 0),
    offer(0, 1),
    offer(1, 0),
    offer(1, 1),
    offer(0, 0, "header"),
    ["OFFER for another set", { kind: "offer", peer: 0, link: 0, fault: "set" }],
    ["OFFER spoilt", { kind: "offer", peer: 0, link: 1, fault: "signature" }],
    ["OFFER of its own", { kind: "offer", peer: 0, link: 0, fault: "own" }],
    ["OFFER of a stranger", { kind: "offer", peer: 9, link: 0 }],
  ],
  ACCEPT: [
    ["of source 0", { kind: "transfer", source: 0 }],
    ["of source 1", { kind: "transfer", source: 1 }],
    ["of source 0, spoilt", { kind: "transfer", source: 0, fault: "seal" }],
    ["of source 0, header", { kind: "transfer", source: 0, fault: "header" }],
  ],
  CONFIRM: [
    ["for slot 0", { kind: "receipt", slot: 0 }],
    ["for slot 1", { kind: "receipt", slot: 1 }],
    ["for nothing", { kind: "receipt", slot: 9 }],
  ],
  FINISH: [
    ["P1 = 0", { kind: "finish", force: false }],
    ["P1 = 1", { kind: "finish", force: true }],
  ],
  RESEND: [
    ["slot 0", { kind: "slot", slot: 0 }],
    ["slot 1", { kind: "slot", slot: 1 }],
  ],
  PUBLIC_KEY: [
    ["the master", good],
    ["depth 9", bad("DATA")],
  ],
  SIGN: [
    ["by the master", good],
    ["depth 1 without an index", bad("DATA")],
  ],
};
const HELD: readonly CommandName[] = ["ACTIVATE", "NAME_SOURCE", "CANCEL", "RESET"];
const OTHERS: readonly Action["command"][] = ["UNKNOWN", "SELECT", "CUT", "IDLE"];

/** Both halves, as CONSENT is told them. */
const half = (p1: 0 | 1, about: string): [string, Argument] => [
  p1 ? `P1 = 1, ${about === ITS_OWN ? "the right" : "another"} half` : `P1 = 0 for ${about}`,
  { kind: "half", p1, about },
];
const HALVES = [
  ...["0 0", "0 1", "1 0", "0 1 signature", ITS_OWN, NOTHING].map((about) => half(0, about)),
  ...[ITS_OWN, NOTHING].map((about) => half(1, about)),
];

function actionsOf(name: CommandName): Action[] {
  const own: readonly [string, Argument][] = ARGUMENTS[name] ?? [["", good]];
  const wrong: [string, Argument][] = [
    ["with P2 = 1", bad("P1P2")],
    ["with more data than it takes", bad("LENGTH")],
  ];
  return [...(name === "CONSENT" ? HALVES : own), ...wrong].flatMap(([what, argument]) =>
    [false, true].flatMap((sealed): Action[] => {
      const title = `${name} ${what}${sealed ? ", sealed" : ""}`;
      const action: Action = { name: title, command: name, sealed, argument };
      const held = sealed && HELD.includes(name) && argument.kind !== "bad";
      return held ? [action, heldFor(action)] : [action];
    }),
  );
}
const heldFor = (action: Action): Action => ({
  ...{ ...action, name: `${action.name}, held`, held: true },
});
const other = (command: Action["command"], sealed = false): Action => ({
  ...{ name: `${command}${sealed ? ", sealed" : ""}`, command, sealed, argument: good },
});

/** Of a card that is not asked for CONSENT, which goes by the clock. */
export const ACTIONS: readonly Action[] = [
  ...COMMANDS.flatMap(({ name }) => (name === "CONSENT" ? [] : actionsOf(name))),
  ...OTHERS.flatMap((command) =>
    command === "UNKNOWN" ? [other(command), other(command, true)] : [other(command)],
  ),
];

/**
 * Of a card whose runs are explored. The rest of a state is thinned out, since each of them is met
 * with every stage of a run: one OFFER fewer, one way of naming fewer; what is wrong for every
 * command alike only for those that runs are about.
 */
const THINNED: readonly string[] = ["1 of 2", "OFFER 1 of 1", "OFFER 0 of 0, header"];
const ABOUT: readonly Action["command"][] = ["CONSENT", "SEAL", "ACCEPT"];
const SEALED_ONLY = new Set(
  COMMANDS.flatMap(({ name, access }) => (access === "plain" ? [] : [name as string])),
);
const alike = ({ argument, command, sealed }: Action) =>
  (!sealed && SEALED_ONLY.has(command)) ||
  (argument.kind === "bad" && (argument.word === "P1P2" || argument.word === "LENGTH"));
export const CONSENT_ACTIONS: readonly Action[] = [
  ...COMMANDS.flatMap(({ name }) => actionsOf(name))
    .filter((action) => ABOUT.includes(action.command) || !alike(action))
    .filter(({ command, name }) => !THINNED.some((what) => name.startsWith(`${command} ${what}`)))
    .flatMap((action) =>
      action.command === "SEAL" && !alike(action) ? [action, heldFor(action)] : [action],
    ),
  ...OTHERS.map((command) => other(command)),
  ...[other("UNKNOWN", true), other("MINUTE")],
];
/** A salt is of use to ACTIVATE alone here, and each part of a run is told what is its own. */
export function consentWants({ command, argument }: Action, s: State): boolean {
  const gives = s.state !== "OFFERED";
  if (command === "SALT") return s.state === "EMPTY" || !gives;
  if (argument.kind !== "half") return true;
  if (argument.p1) return argument.about === ITS_OWN || !gives;
  return argument.about === NOTHING || gives === (argument.about !== ITS_OWN);
}
