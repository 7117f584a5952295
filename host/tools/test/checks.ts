/**
 * The steps before the suites: types, lint and layout. Types are checked as a whole, since any file
 * can spoil another's. Lint and layout read a file at a time: `npm test` gives them those that
 * differ from the remote's (a contributor's own) and a part of the others, another each time;
 * `--all`, `--only NAME` and a change of what they go by give them every file.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fromRoot } from "../../../firmware/build/paths.js";
import { PART, some } from "../../../test/support/full.js";

/** Where steps and suites leave what the next run can use. */
export const CACHE = fromRoot("build/test");

export interface Step {
  readonly name: string;
  /** Which part of the files it is given, for its line. */
  readonly part?: string;
  readonly command: readonly string[];
}
export const bin = (path: string) => [process.execPath, fromRoot("node_modules", path)];

/**
 * TypeScript 7, which checks in a sixth of the time of the 5.9 that compiles for the board; in one
 * thread it takes a quarter less altogether, and others run beside it.
 */
const types = (name: string, project: string): Step => ({
  name,
  command: [
    ...bin("typescript-7/bin/tsc"),
    ...["-p", project, "--singleThreaded"],
    ...["--incremental", "--tsBuildInfoFile", `${CACHE}/${name}.json`],
  ],
});

/** By these the others are judged: when one differs, all are read. */
const GROUND = /^(package-lock\.json|eslint\.config\.js|host\/tools\/lint\/|\.prettier)/;
/** Of the files that are as the remote has them one in so many. */
const ONE_IN = 8;
/** More than this are not named one by one: Windows takes 32,767 characters. */
const MOST_NAMED = 400;

/** Lines of git's answer; undefined without git, or outside of a clone. */
function git(...args: string[]): string[] | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd: fromRoot(), encoding: "utf8" });
  return status === 0 ? stdout.split(/[\0\n]/).filter(Boolean) : undefined;
}

/** `changed` and a part of the other `files`; undefined: all. */
export function chosen(
  list: string,
  files: readonly string[],
  changed: ReadonlySet<string>,
): string[] | undefined {
  if ([...changed].some((file) => GROUND.test(file))) return undefined;
  const others = files.filter((file) => !changed.has(file));
  const part = some(list, others, Math.ceil(others.length / ONE_IN));
  const all = [...files.filter((file) => changed.has(file)), ...part];
  return all.length < files.length && all.length <= MOST_NAMED ? all : undefined;
}

/** The project's files, and those of them that the remote has otherwise or not. */
function project() {
  const files = git("ls-files", "-z", "--cached", "--others", "--exclude-standard");
  const [base = "HEAD"] = git("merge-base", "HEAD", "origin/HEAD") ?? [];
  const changed = git("diff", "--name-only", "--no-renames", "-z", base, "--");
  const added = git("ls-files", "-z", "--others", "--exclude-standard");
  if (!files || !changed || !added) return undefined;
  return { files: files.filter((file) => existsSync(fromRoot(file))), changed, added };
}

export function checks(whole: boolean): readonly Step[] {
  const now = whole ? undefined : project();
  const changed = new Set([...(now?.changed ?? []), ...(now?.added ?? [])]);
  const step = (name: string, kinds: RegExp, command: readonly string[]): Step => {
    const files = now?.files.filter((file) => kinds.test(file));
    const given = files && chosen(name, files, changed);
    return { name, command: [...command, ...(given ?? ["."])], ...(given && { part: PART }) };
  };
  return [
    types("types", "tsconfig.json"),
    types("page-types", "host/apps/page/tsconfig.json"),
    step("lint", /\.(ts|m?js)$/, [
      ...bin("eslint/bin/eslint.js"),
      ...["--max-warnings", "0", "--no-warn-ignored"],
      ...["--cache", "--cache-location", `${CACHE}/lint.json`],
    ]),
    step("format", /\.(ts|m?js|json|css|html|ya?ml)$/, [
      ...bin("prettier/bin/prettier.cjs"),
      ...["--check", "--log-level", "warn"],
      ...["--cache", "--cache-location", `${CACHE}/format.json`],
    ]),
  ];
}
