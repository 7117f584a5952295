/**
 * The card's bundle: tsc -> rollup -> terser -> made safe for the interpreter -> checked.
 * `dist/firmware.js` is what a board and a virtual board run, `dist/firmware.json` describes it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup, type OutputOptions, type RollupBuild } from "rollup";
import { bundleOptions } from "../../rollup.config.js";
import { isFunction, parseCode, type AnyNode } from "./check/ast.js";
import { callGraph, nesting } from "./check/calls.js";
import { BuildRefused } from "./check/findings.js";
import { callFindings, chainText, earlyFindings, ownName } from "./check/index.js";
import { checkModule, orderFindings, type NameOf } from "./check/index.js";
import { locator, refuse, type Locate, type RawMap } from "./check/sources.js";
import { compileFirmware } from "./compile.js";
import { firmwareConfig, type FirmwareConfig } from "./config.js";
import { hoistPlugin } from "./passes/hoist.js";
import { DIST, EMIT, ROOT } from "./paths.js";
import { pretokenise } from "./passes/pretokenise.js";
import { sizesByModule } from "./sizes.js";
import { digest, isFresh, writeStamp } from "./stamp.js";

/** dist/firmware.json */
export interface FirmwareInfo {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly pretokenised: number;
  readonly makerKey: string;
  readonly demo: boolean;
  readonly version: string;
  /** Nested calls at worst, and the chain. */
  readonly nesting: number;
  readonly deepest: string;
  /** Bytes of each module, rough. */
  readonly modules: readonly (readonly [file: string, bytes: number])[];
}
export interface Firmware {
  readonly code: string;
  readonly map: RawMap;
  readonly info: FirmwareInfo;
  /** Absolute, where it was written; undefined if it was not. */
  readonly path: string | undefined;
}
export interface FirmwareOptions {
  /** 66 hex digits; default: the published demo key. */
  readonly makerKey?: string;
  /** Default: dist. `null` = write nothing. */
  readonly outDir?: string | null;
  /** What a card says that it is; default: the package's. */
  readonly version?: readonly number[];
}

const NAME = "firmware.js";

async function generate(build: RollupBuild, options: OutputOptions, plugins?: OutputOptions) {
  const { output } = await build.generate({ ...options, ...plugins });
  const [chunk] = output;
  return { code: chunk.code.trimEnd(), map: chunk.map as unknown as RawMap };
}
/** A function's name in the sources, though the minifier renamed it. */
function nameBy(locate: Locate): NameOf {
  return (node: AnyNode) => {
    if (!isFunction(node)) return ownName(node);
    const from = (node.id ?? node).loc!.start;
    const place = locate(from.line, from.column);
    return place?.name ?? (place ? `${place.file}:${place.line}` : ownName(node));
  };
}

/** Bundles what tsc left at `input`, checks it, refuses it with file and line. */
export async function bundle(config: FirmwareConfig, input: string) {
  const { output, ...options } = bundleOptions(config, input);
  const build = await rollup(options);
  try {
    // with its own names first: an order of modules that leaves a variable unset
    const plain = await generate(build, output, { plugins: [hoistPlugin()] });
    refuse(orderFindings(plain.code), locator(plain.map, ROOT), NAME);

    const made = await generate(build, output);
    const locate = locator(made.map, ROOT);
    const graph = callGraph(parseCode(made.code));
    const nameOf = nameBy(locate);
    const findings = [
      ...checkModule(made.code),
      ...earlyFindings(made.code),
      ...callFindings(graph, nameOf),
    ];
    refuse(findings, locate, NAME);
    return { ...made, locate, nesting: nesting(graph), deepest: chainText(graph.deepest, nameOf) };
  } catch (error) {
    throw unwrapped(error);
  } finally {
    await build.close();
  }
}
/** rollup wraps what a plugin throws. */
function unwrapped(error: unknown): unknown {
  const { cause, message } = error as { cause?: unknown; message?: string };
  if (error instanceof BuildRefused) return error;
  return cause instanceof BuildRefused ? cause : new BuildRefused(message ?? String(error));
}

/** Builds the firmware for one maker; the compiler's output is made once and used again. */
export async function buildFirmware(options: FirmwareOptions = {}): Promise<Firmware> {
  const { version, makerKey } = options;
  const config = { ...firmwareConfig(makerKey), ...(version ? { version } : {}) };
  compileFirmware();
  const made = await bundle(config, join(EMIT, "main.js"));
  const info: FirmwareInfo = {
    file: NAME,
    size: made.code.length,
    sha256: createHash("sha256").update(made.code, "latin1").digest("hex"),
    pretokenised: pretokenise(made.code).length,
    makerKey: config.makerKey,
    demo: config.demo,
    version: config.version.join("."),
    nesting: made.nesting,
    deepest: made.deepest,
    modules: sizesByModule(made.code, made.locate),
  };
  const outDir = options.outDir === undefined ? DIST : options.outDir;
  const path = outDir === null ? undefined : join(outDir, NAME);
  if (outDir !== null) {
    mkdirSync(outDir, { recursive: true });
    writeFileSync(join(outDir, NAME), made.code, "latin1");
    writeFileSync(join(outDir, `${NAME}.map`), JSON.stringify(made.map));
    writeFileSync(join(outDir, "firmware.json"), JSON.stringify(info, null, 2) + "\n");
  }
  return { code: made.code, map: made.map, info, path };
}

/** The same into `outDir`, only if something changed since. */
export async function freshFirmware(options: FirmwareOptions & { outDir?: string } = {}) {
  const outDir = options.outDir ?? DIST;
  const stamp = join(outDir, "firmware.stamp");
  const infoFile = join(outDir, "firmware.json");
  const inputs = ["firmware/src", "firmware/tsconfig.json", "firmware/build", "rollup.config.js"];
  const value = digest(
    [...inputs, "package.json", "package-lock.json"],
    firmwareConfig(options.makerKey).makerKey,
  );
  if (!isFresh(stamp, value, [join(outDir, NAME), infoFile])) {
    await buildFirmware({ ...options, outDir });
    writeStamp(stamp, value);
  }
  return JSON.parse(readFileSync(infoFile, "utf8")) as FirmwareInfo;
}
