/** docs/performance.md's tables, from the checked-in figures. */

import { document, markdown, type Document } from "../../../firmware/wire/docs.js";
import { checkedIn, MOST, WANTED, type Figures } from "./figures.js";
import { OTHERS, PEERS } from "./peers.js";

const CYCLES_A_MS = 64_000;
type Row = readonly (string | number)[];

const grouped = (value: number | undefined) => value?.toLocaleString("en") ?? "not measured";
const millions = (value: number | undefined) =>
  value === undefined ? "not measured" : (value / 1e6).toFixed(2);
const ms = (cycles: number | undefined) =>
  cycles === undefined ? "not measured" : (cycles / CYCLES_A_MS).toFixed(2);

/** The middle parts of names that begin and end so, in their order. */
function between(figures: Figures, prefix: string, suffix: string): string[] {
  return Object.keys(figures)
    .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
    .map((name) => name.slice(prefix.length, name.length - suffix.length));
}

function peersTable(figures: Figures): string {
  const times = (["pubkey", "sign", "verify", "ecdh"] as const).map((entry): Row => {
    const name = `kernel.${entry}.cycles`;
    return [`${entry}, ms`, ms(figures[name]), ms(MOST[name]), ...OTHERS[entry]];
  });
  const rest = (
    [
      ["size", "size, bytes"],
      ["stack", "stack, bytes"],
      ["traces", "instruction traces"],
      ["addressTraces", "address traces"],
    ] as const
  ).map(([key, what]): Row => {
    const name = `kernel.${key}`;
    const others = OTHERS[key].map((value) => (typeof value === "number" ? grouped(value) : value));
    return [what, grouped(figures[name]), grouped(MOST[name]), ...others];
  });
  return markdown(["", "ours", "at most", ...PEERS], [...times, ...rest]);
}

function entriesTable(figures: Figures): string {
  return markdown(
    ["entry", "cycles", "ms", "instructions", "stack"],
    between(figures, "kernel.", ".cycles").map((entry) => {
      const of = (key: string) => figures[`kernel.${entry}.${key}`];
      const cycles = of("cycles");
      return [
        entry,
        grouped(cycles),
        ms(cycles),
        grouped(of("instructions")),
        grouped(of("stack")),
      ];
    }),
  );
}

/** A figure's marks, where it has them: what it must not pass, and what was asked for beyond that. */
const marks = (name: string, shown = grouped): string[] =>
  [MOST, WANTED].map(({ [name]: mark }) => (mark === undefined ? "" : shown(mark)));

const sizesTable = (figures: Figures) =>
  markdown(
    ["", "bytes", "at most", "wanted"],
    (
      [
        ["the card's program, minified", "card.bundle"],
        ["the same, tokenised as a board stores it", "card.tokenised"],
        ["the native kernel", "kernel.size"],
        ["all of a card in a Puck.js's Storage, vault and headers included", "card.storage"],
      ] as const
    ).map(([what, name]) => [what, grouped(figures[name]), ...marks(name)]),
  );

const airTable = (figures: Figures) =>
  markdown(
    ["bytes a packet", "seconds", "at most", "as base64 lines, each confirmed"],
    between(figures, "air.", ".seconds").map((packet) => {
      const seconds = figures[`air.${packet}.seconds`] ?? NaN;
      const most = MOST[`air.${packet}.seconds`] ?? "";
      return [packet, seconds.toFixed(1), most, figures[`air.${packet}.asLines`]?.toFixed(1) ?? ""];
    }),
  );

const flashTable = (figures: Figures) =>
  markdown(
    ["card", "page erases", "words", "ms"],
    between(figures, "air.", ".flashMs").map((card) => {
      const of = (key: string) => figures[`air.${card}.${key}`] ?? NaN;
      return [card, of("erases"), grouped(of("words")), of("flashMs").toFixed(0)];
    }),
  );

const askedTable = (figures: Figures) =>
  markdown(
    ["command", "times"],
    between(figures, "air.", ".times")
      .map((command): [string, number] => [command, figures[`air.${command}.times`] ?? NaN])
      .sort(([, a], [, b]) => b - a),
  );

function interpreterTable(figures: Figures): string {
  const commands = (who: string) => between(figures, `espruino.${who}.`, "");
  const all = [...new Set([...commands("source"), ...commands("destination")])].sort();
  const of = (who: string, command: string) => {
    const count = figures[`espruino.${who}.${command}`];
    return count === undefined ? "" : millions(count);
  };
  const whole = (who: string) => [
    millions(figures[`espruino.${who}`]),
    ...marks(`espruino.${who}`, millions),
  ];
  return markdown(
    ["million instructions", "source", "at most", "wanted", "destination", "at most", "wanted"],
    [
      ["boot", millions(figures["espruino.boot"]), ...marks("espruino.boot", millions), "", "", ""],
      ["**the whole backup**", ...whole("source"), ...whole("destination")],
      ...all.map((command) => [
        command,
        of("source", command),
        "",
        "",
        of("destination", command),
        "",
        "",
      ]),
    ],
  );
}

const bluetoothTable = (figures: Figures) =>
  markdown(
    ["million instructions", "source", "at most", "wanted", "destination"],
    (
      [
        ["the whole backup", "whole"],
        ["the same without what stands in for the radio", "own"],
      ] as const
    ).map(([what, key]) => {
      const of = (figures: Figures, who = "source") => {
        const count = figures[`bluetooth.${who}.${key}`];
        return count === undefined ? "" : (count / 1e6).toFixed(1);
      };
      return [what, of(figures), of(MOST), of(WANTED), of(figures, "destination")];
    }),
  );

const nfcTable = (figures: Figures) =>
  markdown(
    ["frame", "instructions", "ms at 1.3 cycles each"],
    [
      ...between(figures, "nfc.frame.", "").map((kind): [string, string] => [
        kind,
        `frame.${kind}`,
      ]),
      ...between(figures, "nfc.rest.", "").map((kind): [string, string] => [
        `after ${kind}`,
        `rest.${kind}`,
      ]),
    ].map(([what, name]) => {
      const count = figures[`nfc.${name}`] ?? NaN;
      return [what, grouped(count), ms(1.3 * count)];
    }),
  );

const tapsTable = (figures: Figures) =>
  markdown(
    ["reader", "frames", "pages written", "seconds", "at most", "wanted"],
    between(figures, "taps.", ".seconds").map((family) => {
      const of = (key: string) => figures[`taps.${family}.${key}`] ?? NaN;
      const cells = [grouped(of("frames")), of("pages"), of("seconds").toFixed(1)];
      return [family, ...cells, ...marks(`taps.${family}.seconds`)];
    }),
  );

function boardTable(figures: Figures): string {
  const parts = ["javascript", "kernel", "flash", "line"] as const;
  const row = (name: string): string[] => {
    const values = parts.map((part) => figures[`board.${name}.${part}`] ?? NaN);
    const sum = values.reduce((all, one) => all + one, 0);
    return [...values, sum].map((value) => (value < 0.05 ? "" : value.toFixed(value < 10 ? 1 : 0)));
  };
  return markdown(
    ["ms", "times", "JavaScript", "kernel", "flash", "line", "sum"],
    [
      ...between(figures, "board.", ".count").map((command) => {
        return [command, figures[`board.${command}.count`] ?? NaN, ...row(command)];
      }),
      ["**the whole backup, three cards**", "", ...row("whole")],
    ],
  );
}

const boardWholeTable = (figures: Figures) =>
  markdown(
    ["", "ms", "at most", "wanted"],
    [
      [
        "board time of the whole backup, all cards: without the line",
        ...[grouped(figures["board.whole.ms"]), ...marks("board.whole.ms")],
      ],
    ],
  );

function chipTable(figures: Figures): string {
  return markdown(
    ["command", "ms", "million instructions", "page erases", "words", "of it flash, ms"],
    between(figures, "chip.", ".times").map((command) => {
      const of = (key: string) => figures[`chip.${command}.${key}`] ?? NaN;
      const times = [of("ms").toFixed(0), millions(of("instructions"))];
      return [command, ...times, of("erases"), of("words"), of("flashMs").toFixed(0)];
    }),
  );
}

const chipMostTable = (figures: Figures) =>
  markdown(
    ["on the emulated chip", "", "at most", "wanted"],
    (
      [
        ["from power-on to the first answer, ms", "chip.boot.ms"],
        ["the most stack in use, bytes", "chip.stack"],
        ["the least stack left, bytes", "chip.stackLeft"],
        ["the fewest of Espruino's variables free", "chip.variablesFree"],
      ] as const
    ).map(([what, name]) => [what, grouped(figures[name]), ...marks(name)]),
  );

const MAKERS: Readonly<Record<string, (figures: Figures) => string>> = {
  peers: peersTable,
  entries: entriesTable,
  sizes: sizesTable,
  air: airTable,
  flash: flashTable,
  asked: askedTable,
  interpreter: interpreterTable,
  bluetooth: bluetoothTable,
  nfc: nfcTable,
  taps: tapsTable,
  board: boardTable,
  boardWhole: boardWholeTable,
  chip: chipTable,
  chipMost: chipMostTable,
};

export const PERFORMANCE: Document = document(
  "performance.md",
  Object.fromEntries(Object.entries(MAKERS).map(([name, make]) => [name, () => make(checkedIn())])),
);
