/** The alphabet: every command, plain and sealed, with each class of argument that it tells apart. */
import { COMMANDS, type CommandName } from "../../host/sdk/wire/generated.js";
import type { Action, Argument } from "./rules.js";

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

export const ACTIONS: readonly Action[] = [
  // CONSENT goes by the clock: test/card/consent.test.ts.
  ...COMMANDS.flatMap(({ name }) => {
    if (name === "CONSENT") return [];
    const own = ARGUMENTS[name] ?? [["", good] as [string, Argument]];
    const wrong: [string, Argument][] = [
      ["with P2 = 1", bad("P1P2")],
      ["with more data than it takes", bad("LENGTH")],
    ];
    return [...own, ...wrong].flatMap(([what, argument]) =>
      [false, true].flatMap((sealed): Action[] => {
        const action = {
          ...{
            name: `${name} ${what}${sealed ? ", sealed" : ""}`,
            command: name,
            sealed,
            argument,
          },
        };
        const held = sealed && HELD.includes(name) && argument.kind !== "bad";
        return held ? [action, { ...action, name: `${action.name}, held`, held }] : [action];
      }),
    );
  }),
  ...OTHERS.flatMap((command) =>
    (command === "UNKNOWN" ? [false, true] : [false]).map((sealed): Action => ({
      ...{ name: `${command}${sealed ? ", sealed" : ""}`, command, sealed, argument: good },
    })),
  ),
];
