/**
 * Where this user's own files lie (XDG Base Directory Specification 0.8; %APPDATA% on Windows). An
 * empty or relative value counts as unset, as the specification says: a private key must not land
 * in whatever folder the program was started from. Node only.
 */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Absolute path; it need not exist. */
export function userFolder(env: NodeJS.ProcessEnv = process.env, home = homedir()): string {
  const named = [env["XDG_CONFIG_HOME"], env["APPDATA"]].find((path) => path && isAbsolute(path));
  return join(named ?? join(home, ".config"), "kincard");
}
