/**
 * Colours for a terminal, and none for anything else (util.styleText; NO_COLOR, FORCE_COLOR).
 */

import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];
export type Paint = (format: Format, text: string) => string;

export function hasColours(stream: NodeJS.WriteStream, env = process.env): boolean {
  if (env.NO_COLOR) return false;
  // As Node reads it: any other word is a no, "false" among them.
  if (env.FORCE_COLOR !== undefined) return /^(|1|2|3|true)$/.test(env.FORCE_COLOR);
  return stream.isTTY === true && stream.hasColors();
}

/**
 * By the locale (POSIX: LC_ALL, LC_CTYPE, LANG, the first that is set); other systems always are.
 */
export function isUtf8(env = process.env, platform: string = process.platform): boolean {
  if (platform === "win32" || platform === "darwin") return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  // None at all is a service or a container, whose output is read elsewhere.
  return !locale || /utf-?8/i.test(locale);
}

export function painter(stream: NodeJS.WriteStream): Paint {
  if (!hasColours(stream)) return (_, text) => text;
  return (format, text) => styleText(format, text, { validateStream: false });
}
