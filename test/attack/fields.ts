/**
 * Each field of each message, spoilt in each way, and what the card says to it: asked of a real
 * card in the situation in which the unspoilt message is taken, to which the conformance kit brings
 * it. The table of docs/protocol.md, section 15, is made of this.
 */
import { Stage } from "../../host/apps/conform/vectors/stage.js";
import type { StatusWordName } from "../../host/sdk/wire/generated.js";
import { freshCard } from "../support/place.js";
import { statusWord } from "../support/words.js";
import { SITUATIONS } from "../vectors/cases/index.js";
import { offerBy } from "../vectors/cases/offer.js";
import { keysOfPeer } from "../vectors/cases/receipt.js";
import { transferBy } from "../vectors/cases/transfer.js";
import type { World } from "../vectors/cases/types.js";
import { channelHeader, sealCommand, shortApdu } from "../vectors/channel.js";
import * as m from "../vectors/messages.js";
import { byte, flip, put, type Bytes } from "../vectors/suite.js";

type Make = (w: World) => Bytes;
interface Target {
  readonly name: string;
  readonly command: "CERTIFY" | "SEAL" | "ACCEPT" | "CONFIRM" | "PROVE";
  readonly situation: string;
  readonly layout: m.Layout;
  readonly good: Make;
  /** The same message of another genuine card, of a card of another maker, of an earlier time. */
  readonly another?: Make;
  readonly stranger?: Make;
  readonly earlier?: Make;
}
const PROVE = channelHeader(0x44);
const strange = (w: World) => ({
  ...w.peers[0],
  certificate: m.certificate(w.stranger, w.peers[0].kcard.public),
});
const prove = (w: World, count = 0) => {
  if (!w.channel) throw new Error("this situation has no channel");
  return shortApdu(PROVE, sealCommand(w.channel.toCard, count, PROVE, new Uint8Array(32)));
};

export const TARGETS: readonly Target[] = [
  {
    ...{ name: "Cert_Card", command: "CERTIFY", situation: "blank", layout: m.LAYOUTS.CERTIFICATE },
    good: (w) => m.certificate(w.maker, w.card.kcard),
    another: (w) => w.peers[0].certificate,
    stranger: (w) => m.certificate(w.stranger, w.card.kcard),
  },
  {
    ...{ name: "OFFER", command: "SEAL", situation: "wallet-named", layout: m.LAYOUTS.OFFER },
    good: (w) => offerBy(w, w.peers[0]),
    another: (w) => offerBy(w, w.peers[1], { counter: byte(0, 0, 3, 3) }),
    stranger: (w) => offerBy(w, strange(w)),
    earlier: (w) =>
      offerBy(w, w.peers[0], {
        klink: w.peers[0].nextKlink.public,
        counter: byte(0, 0, 1, 1),
        setId: w.source.bytes("an earlier set", 16),
      }),
  },
  {
    ...{ name: "TRANSFER", command: "ACCEPT", situation: "offered", layout: m.LAYOUTS.TRANSFER },
    good: (w) => transferBy(w),
    another: (w) => transferBy(w, { peer: w.peers[1] }),
    stranger: (w) => transferBy(w, { peer: strange(w) }),
    earlier: (w) =>
      transferBy(w, {
        peer: { ...w.peers[0], klink: w.peers[0].nextKlink },
        parts: { offerHash: w.source.bytes("an earlier OFFER") },
      }),
  },
  {
    ...{ name: "RECEIPT", command: "CONFIRM", situation: "sharing-receipt" },
    layout: m.LAYOUTS.RECEIPT,
    good: (w) => m.receipt(keysOfPeer(w).kreceipt, w.transfer!),
    another: (w) => m.receipt(w.source.bytes("another Kreceipt"), w.transfer!),
    earlier: (w) =>
      m.receipt(
        keysOfPeer(w).kreceipt,
        w.transfer!.map((value) => value ^ 1),
      ),
  },
  {
    ...{ name: "a sealed command", command: "PROVE", situation: "empty-channel" },
    layout: [
      ["INS", 1, 1],
      ["P1", 2, 1],
      ["P2", 3, 1],
      ["ciphertext", 5, 32],
      ["tag", 37, 16],
    ],
    good: (w) => prove(w),
    earlier: (w) => prove(w, 1),
  },
];

export const COLUMNS = [
  "a bit turned over",
  "zeros",
  "ones",
  "another card's",
  "another maker's",
  "another time's",
] as const;
export type Column = (typeof COLUMNS)[number];

/** What is sent for one cell. `all`: each bit, not the first and the last one alone. */
export function inputs(target: Target, column: Column, at: number, size: number, all: boolean) {
  const good = target.good;
  const from = (other: Make | undefined): Make[] =>
    other ? [(w) => put(good(w), at, other(w).slice(at, at + size))] : [];
  switch (column) {
    case "zeros":
      return [(w: World) => put(good(w), at, new Uint8Array(size))];
    case "ones":
      return [(w: World) => put(good(w), at, new Uint8Array(size).fill(255))];
    case "another card's":
      return from(target.another);
    case "another maker's":
      return from(target.stranger);
    case "another time's":
      return from(target.earlier);
    default: {
      const bits = Array.from({ length: 8 * size }, (_, bit) => bit);
      const taken = all ? bits : [0, 8 * size - 1];
      return taken.map(
        (bit): Make =>
          (w) =>
            flip(good(w), at + (bit >> 3), 1 << (bit & 7)),
      );
    }
  }
}

export interface Cell {
  readonly target: string;
  readonly field: string;
  readonly column: Column;
  /** Empty: what is there is the same as in the good message, or there is no such message. */
  readonly words: readonly StatusWordName[];
  readonly sent: number;
}

/** Asks a card for every cell. `each` hears of progress, cell by cell. */
export async function askAll(
  all: boolean,
  seed: string,
  each: (cell: Cell) => void = () => {},
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const target of TARGETS) {
    const situation = SITUATIONS.find(({ id }) => id === target.situation)!;
    const named = `${seed} ${target.name}`;
    const stage = await Stage.set(freshCard(named), situation, named);
    try {
      for (const [field, at, size] of target.layout)
        for (const column of COLUMNS) {
          const told = await ask(stage, target, inputs(target, column, at, size, all));
          const cell = { target: target.name, field, column, ...told };
          cells.push(cell);
          each(cell);
        }
      const word = await send(stage, target, target.good(await stage.ready()));
      if (word !== "OK") throw new Error(`${target.name} unspoilt: ${word}`);
    } finally {
      await stage.close();
    }
  }
  return cells;
}
async function ask(stage: Stage, target: Target, makes: readonly Make[]) {
  const words = new Set<StatusWordName>();
  let sent = 0;
  for (const make of makes) {
    const world = await stage.ready();
    const [input, good] = [make(world), target.good(world)];
    if (input.every((value, index) => value === good[index])) continue;
    sent++;
    words.add(await send(stage, target, input));
  }
  return { words: [...words].sort(), sent };
}
async function send({ card }: Stage, { command }: Target, input: Bytes): Promise<StatusWordName> {
  const answer = await (command === "PROVE" ? card.raw(input) : card.plain(command, input));
  return statusWord(answer.sw) as StatusWordName;
}

/** The table: a row a field, a column a way to spoil it. */
export function table(cells: readonly Cell[]): string {
  const rows = new Map<string, string[]>();
  for (const { target, field, words } of cells) {
    const key = `| ${target} | ${field} `;
    rows.set(key, [...(rows.get(key) ?? []), words.join(" or ")]);
  }
  const head = ["message", "field", ...COLUMNS];
  const lines = [...rows].map(([key, words]) => `${key}| ${words.join(" | ")} |`);
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---|").join("")}`, ...lines].join("\n");
}
