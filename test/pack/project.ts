/**
 * The package as others have it: packed, and installed from the tarball into an empty project in a
 * temporary folder. npm's cache is asked before the registry.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../firmware/build/paths.js";

const HUNG_MS = 300_000;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without what an npm that runs this test hands down, and without colours. */
function environment(folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_(cache|registry|nodedir))|NODE_OPTIONS|KINCARD_)/.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: "1", XDG_CONFIG_HOME: join(folder, "config") };
}

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "kincard-pack-"));

  constructor() {
    this.write("package.json", JSON.stringify({ name: "consumer", type: "module", private: true }));
  }

  run(command: string, args: readonly string[], cwd = this.folder): Ran {
    const env = environment(this.folder);
    const options = { cwd, env, encoding: "utf8", timeout: HUNG_MS } as const;
    return spawnSync(command, args, { ...options, maxBuffer: 1 << 26 });
  }
  node(...args: string[]): Ran {
    return this.run(process.execPath, args);
  }
  npx(...args: string[]): Ran {
    return this.run("npx", ["--offline", ...args]);
  }
  /** A binary of the clone's own node_modules. */
  tool(path: string, ...args: string[]): Ran {
    return this.node(join(ROOT, "node_modules", path), ...args);
  }
  install(...names: string[]): void {
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];
    const ran = this.run("npm", ["install", ...quiet, ...names]);
    if (ran.status !== 0) throw new Error(`npm install ${names.join(" ")}: ${ran.stderr}`);
  }
  /** Packs the clone, as `npm publish` would; the tarball's path. */
  pack(): string {
    const ran = this.run("npm", ["pack", "--pack-destination", this.folder], ROOT);
    const name = readdirSync(this.folder).find((file) => file.endsWith(".tgz"));
    if (ran.status !== 0 || !name) throw new Error(`npm pack: ${ran.stderr}`);
    return join(this.folder, name);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }
  write(name: string, text: string): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }
  has(...parts: string[]): boolean {
    return existsSync(this.path(...parts));
  }
  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), "utf8");
  }
  /** Every package in node_modules, nested ones too. */
  packages(): string[] {
    const { packages } = JSON.parse(this.read("node_modules/.package-lock.json")) as {
      packages: object;
    };
    return Object.keys(packages);
  }
  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Files under a folder, from there. */
export function filesIn(folder: string, from = ""): string[] {
  return readdirSync(join(folder, from), { withFileTypes: true }).flatMap((entry) => {
    const path = from ? `${from}/${entry.name}` : entry.name;
    return entry.isDirectory() ? filesIn(folder, path) : [path];
  });
}
export const sizeOf = (folder: string): number =>
  filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
