/**
 * The `espruino` package for the page, each time in a world of its own; it stands in the place of
 * host/apps/flasher/espruino/tools.ts there (host/tools/build/page/page.ts).
 */

import { makeWorld } from "virtual:espruino";
import { prepareTools, quiet, type EspruinoTools } from "../../../flasher/espruino/parts.js";

export function loadTools(settings: Readonly<Record<string, unknown>>): EspruinoTools {
  const silent = { log: quiet, warn: quiet, error: quiet };
  return prepareTools(makeWorld({}, silent, { userAgent: "page" }) as EspruinoTools, settings);
}
