/**
 * The `espruino` package for the page, each time in a world of its own; it stands in the place of
 * host/flash/tools.ts there (host/web/build.ts).
 */

import { makeWorld } from "virtual:espruino";
import { prepareTools, quiet, type EspruinoTools } from "../../../flash/espruino-tools.js";

export function loadTools(settings: Readonly<Record<string, unknown>>): EspruinoTools {
  const silent = { log: quiet, warn: quiet, error: quiet };
  return prepareTools(makeWorld({}, silent, { userAgent: "page" }) as EspruinoTools, settings);
}
