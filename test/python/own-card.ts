/** The card of test/python as a process, with a planted bug when told so. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Debian's own interpreter where there is one: others don't see Debian's packages. */
export const PYTHON =
  process.env.KINCARD_PYTHON ?? (existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3");

/** Why the Python programs can't run; undefined when they can. */
export function missingPython(): string | undefined {
  const run = spawnSync(PYTHON, ["-c", "import cryptography.hazmat.primitives.ciphers.aead"]);
  if (run.status === 0) return undefined;
  return run.error ? `no ${PYTHON}` : "the Debian package python3-cryptography is not installed";
}

export class OwnCard {
  private constructor(
    private readonly child: ChildProcess,
    readonly uri: string,
    /** Where its power and its time are controlled. */
    readonly control: string,
  ) {}

  /** `bug`: Python that replaces a part of the card before it starts. */
  static async start(bug = ""): Promise<OwnCard> {
    const parts = ["", "_backup", "_consent", "_power", "_table", "_wallet"];
    const text = `import ${parts.map((part) => `own_card${part}`).join(", ")}\n${bug}\n`;
    const child = spawn(PYTHON, ["-B", "-s", "-c", `${text}own_card.main()`, "0", "0"], {
      cwd: HERE,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const uris: Record<string, string> = {};
    for await (const line of createInterface({ input: child.stdout })) {
      const [, name = "", uri = ""] = /^(listening|control) (.*)$/.exec(line) ?? [];
      uris[name] = uri;
      const { listening, control } = uris;
      if (listening && control) return new OwnCard(child, listening, control);
    }
    throw new Error("the card ended before it listened");
  }
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const over = once(this.child, "exit");
    this.child.kill();
    await over;
  }
}
