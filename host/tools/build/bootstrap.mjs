/**
 * First step of `npm start`, `npm run build` and `npm test`. Plain JavaScript that needs Node
 * alone: gets the dependencies when they are missing or differ from package-lock.json, then hands
 * over to main.ts.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const TYPESCRIPT = new URL("typescript.mjs", import.meta.url).href;
const LEAST_NODE = { major: 20, minor: 19 };

/** @param {string} message */
function stop(message) {
  console.error(message);
  if (process.argv[2] === "test") console.log("0 passed, 1 failed, 0 skipped");
  process.exit(1);
}

function nodeIsOldEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > LEAST_NODE.major || (major === LEAST_NODE.major && minor >= LEAST_NODE.minor);
}

/** Name of the first package that is missing or of another version, undefined if all are there. */
function outdated() {
  /** @param {string} file */
  const read = (file) => JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  const wanted = read("package-lock.json");
  let present;
  try {
    present = read("node_modules/.package-lock.json");
  } catch {
    return "node_modules";
  }
  for (const [place, entry] of Object.entries(wanted)) {
    // optional: another platform's binaries are rightly absent
    if (place === "" || entry.optional) continue;
    if (present[place]?.version !== entry.version) return place;
  }
  return undefined;
}

/** @param {string} reason */
function install(reason) {
  console.error(
    `Getting the dependencies (npm ci), because ${reason} is missing or out of date ...`,
  );
  const npm = process.env.npm_execpath;
  /** @type {import("node:child_process").SpawnSyncOptions} */
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, "ci"], options)
    : spawnSync("npm", ["ci"], { ...options, shell: process.platform === "win32" });
  if (status !== 0)
    stop(
      `The dependencies could not be installed${error ? ` (${error.message})` : ""}. ` +
        "This needs the npm registry once; what npm says above is the cause. " +
        "Nothing was built. Try again with: npm ci",
    );
}

if (!nodeIsOldEnough())
  stop(
    `Kincard needs Node ${LEAST_NODE.major}.${LEAST_NODE.minor} or newer; this is ${process.versions.node}.`,
  );
const reason = outdated();
if (reason) install(reason);

const task = spawnSync(
  process.execPath,
  ["--import", TYPESCRIPT, join(root, "host/tools/build/main.ts"), ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
process.exit(task.status ?? 1);
