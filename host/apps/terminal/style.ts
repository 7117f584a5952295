/**
 * Colours for a terminal, and none for anything else (util.styleText; NO_COLOR, FORCE_COLOR).
 */

import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];
export type Paint = (format: Format, text: string) => string;

export function hasColours(stream: NodeJS.WriteStream, env = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && stream.hasColors();
}

export function painter(stream: NodeJS.WriteStream): Paint {
  if (!hasColours(stream)) return (_, text) => text;
  return (format, text) => styleText(format, text, { validateStream: false });
}
