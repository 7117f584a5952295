/**
 * What `npm run bench` measures, section by section. Those that are scripts of their own
 * (`npm run bench:air` and so on) run as such and are asked for JSON.
 */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { interpreterWords } from "../../emulator/board/interpreter/command.js";
import { boardById } from "../../../hw/boards/index.js";
import type { FirmwareInfo } from "../../../firmware/build/firmware.js";
import { buildKernel } from "../../../firmware/kernel/build.js";
import { DIST, fromRoot } from "../../../firmware/build/paths.js";
import { makeImage } from "../image/image.js";
import { measureAll } from "../measure/measure.js";
import { workloads } from "../measure/workloads.js";
import { hasCallgrind } from "./callgrind.js";
import type { Figures } from "./figures.js";

export interface Section {
  /** What its figures' names begin with. */
  readonly name: string;
  readonly about: string;
  /** Why it can't be measured here. */
  readonly lacks?: () => string | undefined;
  /** Takes seconds and needs nothing: `npm test` runs it too. */
  readonly quick?: true;
  /** Whose checked-in figures it reckons with: where those are written, it is measured after them. */
  readonly from?: string;
  /** Without the section's name. */
  readonly measure: () => Figures;
}

/** A bench's own JSON: the last line that it prints. Throws when it fails. */
function asked(script: string, ...more: string[]): unknown {
  const typescript = fromRoot("host/tools/build/typescript.mjs");
  const args = [
    "--import",
    typescript,
    fromRoot(`host/tools/bench/${script}.ts`),
    "--json",
    ...more,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ encoding: "utf8", maxBuffer: 1 << 26, cwd: fromRoot() },
  });
  if (status !== 0) throw new Error(`bench:${script} failed: ${stderr.trim() || stdout.trim()}`);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

const named = (name: string, figures: Figures): [string, number][] =>
  Object.entries(figures).map(([key, value]) => [`${name}.${key}`, value]);

/** Entries that handle secrets, and must have one trace whatever these are. */
const SECRET = ["pubkey", "sign", "ecdh"] as const;

function kernel(): Figures {
  const { bytes } = buildKernel();
  const costs = measureAll(bytes, workloads());
  const most = (pick: "traces" | "addressTraces") =>
    Math.max(...SECRET.map((entry) => costs.get(entry)?.[pick] ?? Infinity));
  return {
    size: bytes.length,
    stack: Math.max(...[...costs.values()].map(({ stack }) => stack)),
    traces: most("traces"),
    addressTraces: most("addressTraces"),
    ...Object.fromEntries(
      [...costs].flatMap(([entry, { cycles, instructions, stack }]) =>
        named(entry, { cycles, instructions, stack }),
      ),
    ),
  };
}

const product = (name: string) => join(DIST, name);

function card(): Figures {
  const info = JSON.parse(readFileSync(product("firmware.json"), "utf8")) as FirmwareInfo;
  const code = readFileSync(product("firmware.js"), "latin1");
  const bytes = new Uint8Array(readFileSync(product("kernel.bin")));
  const image = makeImage(boardById("puckjs"), { firmware: { code, info }, kernel: bytes });
  const { boot, manifest } = image;
  return {
    bundle: info.size,
    tokenised: boot.first.bytes.length + boot.bytes.length - boot.prelude,
    storage: manifest.used,
    nesting: info.nesting,
  };
}

/** Bytes of what is built for computers and browsers. */
function host(): Figures {
  const size = (name: string) => statSync(product(name)).size;
  const scripts = (folder: string) =>
    readdirSync(product(folder))
      .filter((name) => name.endsWith(".js"))
      .reduce((sum, name) => sum + size(`${folder}/${name}`), 0);
  return {
    library: scripts("host/lib"),
    page: scripts("web"),
    viewer: size("web/viewer.html"),
    virtual: size("browser/virtual.js"),
  };
}

interface AirJson {
  readonly air: readonly { packet: number; seconds: number; asLines: number }[];
  readonly flash: readonly { card: string; erases: number; words: number; ms: number }[];
  readonly asked: readonly { command: string; times: number }[];
}
function air(): Figures {
  const json = asked("virtual/air") as AirJson;
  const exact = (value: number) => Math.round(1000 * value) / 1000;
  return Object.fromEntries([
    ...json.air.flatMap(({ packet, seconds, asLines }) =>
      named(String(packet), { seconds: exact(seconds), asLines: exact(asLines) }),
    ),
    ...json.flash.flatMap(({ card, erases, words, ms }) =>
      named(card, { erases, words, flashMs: exact(ms) }),
    ),
    ["exchanges", json.asked.reduce((sum, { times }) => sum + times, 0)],
    ...json.asked.map(({ command, times }) => [`${command}.times`, times]),
  ]) as Figures;
}

interface TapsJson extends Readonly<Record<"taps" | "exchanges" | "frames" | "pages", number>> {
  readonly family: string;
  readonly seconds: number;
}
function taps(): Figures {
  return Object.fromEntries(
    (asked("virtual/taps") as TapsJson[]).flatMap(({ family, frames, pages, exchanges, seconds }) =>
      named(family, { frames, pages, exchanges, seconds: Math.round(1000 * seconds) / 1000 }),
    ),
  ) as Figures;
}

type BoardTimes = Readonly<Record<"javascript" | "kernel" | "flash" | "line", number>>;
interface BoardJson {
  readonly commands: readonly (BoardTimes & { readonly command: string; readonly count: number })[];
  readonly whole: BoardTimes;
}
function board(): Figures {
  const { commands, whole } = asked("virtual/board") as BoardJson;
  const round = (ms: number) => Math.round(10 * ms) / 10;
  const each = ({ javascript, kernel, flash, line }: BoardTimes) => ({
    ...{ javascript: round(javascript), kernel: round(kernel) },
    ...{ flash: round(flash), line: round(line) },
  });
  const { javascript, kernel, flash } = whole;
  return Object.fromEntries([
    ...commands.flatMap((row) => named(row.command, { ...each(row), count: row.count })),
    ...named("whole", { ...each(whole), ms: round(javascript + kernel + flash) }),
  ]) as Figures;
}

interface EspruinoJson {
  readonly boot: number;
  readonly bytes: number;
  readonly source: readonly EspruinoRow[];
  readonly destination: readonly EspruinoRow[];
}
interface EspruinoRow {
  readonly command: string;
  readonly count: number;
  readonly backup: boolean;
  /** Of the count, the stand-in radio's. */
  readonly standIn: number;
}
/** Thumb-2 instructions, rounded to the thousand: they are estimates. */
const thousands = (count: number) => Math.round(count / 1000) * 1000;
function espruino(): Figures {
  const json = asked("espruino") as EspruinoJson;
  const inBackup = (rows: readonly EspruinoRow[]) => rows.filter(({ backup }) => backup);
  const sum = (rows: readonly EspruinoRow[]) =>
    thousands(inBackup(rows).reduce((all, { count }) => all + count, 0));
  const each = (name: string, rows: readonly EspruinoRow[]) =>
    [...new Set(inBackup(rows).map(({ command }) => command))].map((command) => {
      const counts = inBackup(rows).filter((row) => row.command === command);
      return [`${name}.${command}`, thousands(Math.max(...counts.map(({ count }) => count)))];
    });
  return Object.fromEntries([
    ["boot", thousands(json.boot)],
    ["source", sum(json.source)],
    ["destination", sum(json.destination)],
    ...each("source", json.source),
    ...each("destination", json.destination),
  ]) as Figures;
}

/** The same by the stand-in radio: with what that costs by itself, and without. */
function bluetooth(): Figures {
  const { source, destination } = asked("espruino", "--radio") as EspruinoJson;
  const sums = (rows: readonly EspruinoRow[]) => {
    const own = rows.filter(({ backup }) => backup);
    const all = own.reduce((sum, { count }) => sum + count, 0);
    const standIn = own.reduce((sum, row) => sum + row.standIn, 0);
    return { whole: thousands(all), own: thousands(all - standIn) };
  };
  return Object.fromEntries([
    ...named("source", sums(source)),
    ...named("destination", sums(destination)),
  ]);
}

function nfc(): Figures {
  const json = asked("nfc") as { frames: Figures; rest: Figures; boot: number };
  return {
    boot: json.boot,
    ...Object.fromEntries(named("frame", json.frames)),
    ...Object.fromEntries(named("rest", json.rest)),
  };
}

interface ChipJson {
  readonly boot: { readonly ms: number; readonly instructions: number };
  readonly commands: readonly ({ readonly command: string } & Readonly<
    Record<"times" | "ms" | "instructions" | "erases" | "words" | "flashMs", number> &
      Record<"stack" | "stackLeft" | "variablesFree", number>
  >)[];
}
function chip(): Figures {
  const { boot, commands } = asked("chip") as ChipJson;
  const round = (ms: number) => Math.round(10 * ms) / 10;
  return Object.fromEntries([
    ...named("boot", { ms: round(boot.ms), instructions: boot.instructions }),
    ["stack", Math.max(...commands.map(({ stack }) => stack))],
    ["stackLeft", Math.min(...commands.map(({ stackLeft }) => stackLeft))],
    ["variablesFree", Math.min(...commands.map(({ variablesFree }) => variablesFree))],
    ...commands.flatMap(({ command, times, ms, instructions, erases, words, flashMs }) =>
      named(command, {
        ...{ times, ms: round(ms), instructions, erases, words },
        flashMs: round(flashMs),
      }),
    ),
  ]) as Figures;
}

/** Seconds of processor time, the least of three. */
function cli(): Figures {
  const program = fromRoot("host/apps/cli/bin/kincard.mjs");
  const once = (...args: string[]): number => {
    // `times` prints the shell's own processor time, then that of what it ran.
    const script = '"$0" "$@" >/dev/null && times';
    const { stdout } = spawnSync("bash", ["-c", script, process.execPath, program, ...args], {
      encoding: "utf8",
    });
    const children = stdout.trim().split("\n")[1] ?? "";
    const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
    );
    if (seconds.length !== 2) throw new Error(`no times in ${JSON.stringify(stdout)}`);
    return seconds[0]! + seconds[1]!;
  };
  const least = (...args: string[]) => Math.min(...[1, 2, 3].map(() => once(...args)));
  return { "version.seconds": least("--version"), "help.seconds": least("--help") };
}

const noInterpreter = () =>
  !interpreterWords().length
    ? "ESPRUINO_BIN names no interpreter"
    : hasCallgrind()
      ? undefined
      : "callgrind is not installed";

export const SECTIONS: readonly Section[] = [
  { name: "kernel", about: "native code, by the cycle model", quick: true, measure: kernel },
  { name: "card", about: "bytes of the card's code", quick: true, measure: card },
  { name: "air", about: "a three-card backup, 30 ms an event", quick: true, measure: air },
  {
    name: "taps",
    about: "a three-card backup by NFC",
    quick: true,
    from: "nfc",
    measure: taps,
  },
  {
    name: "board",
    about: "a three-card backup by wire, ms",
    quick: true,
    from: "espruino",
    measure: board,
  },
  { name: "host", about: "bytes of what computers get", measure: host },
  {
    name: "espruino",
    about: "a three-card backup on the interpreter, Thumb-2 instructions",
    lacks: noInterpreter,
    measure: espruino,
  },
  {
    name: "bluetooth",
    about: "the same over the stand-in radio, packets of 50 bytes",
    lacks: noInterpreter,
    measure: bluetooth,
  },
  { name: "nfc", about: "frames on the interpreter", lacks: noInterpreter, measure: nfc },
  {
    name: "chip",
    about: "commands on the emulated chip",
    lacks: () => (process.env.KINCARD_FIRMWARE ? undefined : "KINCARD_FIRMWARE names no firmware"),
    measure: chip,
  },
  { name: "cli", about: "processor time of a start, on this machine", measure: cli },
];

/** A section's figures by their whole names. */
export const figuresOf = ({ name, measure }: Section): Figures =>
  Object.fromEntries(named(name, measure()));
