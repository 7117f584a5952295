/** How a recording gets into the page that shows it. Browser-safe. */

/** Where html.ts puts it in the viewer's file. */
export const DATA_MARK = "<!-- recording -->";
/** The element with the recording's text. */
export const DATA_ID = "recording";
/** Its Kmakers, hex, with spaces between them. */
export const MAKERS_ATTRIBUTE = "data-makers";

/** What a viewer that another page opened says to it, until it is handed a recording. */
export const READY = "kincard.viewer";
/**
 * Between whom a recording is handed over: pages of one origin. From a disk every page has an
 * origin of its own, which can't be named: there the windows alone say who they are.
 */
export const meeting = ({ protocol, origin }: { protocol: string; origin: string }) =>
  protocol === "file:" ? { heard: "null", target: "*" } : { heard: origin, target: origin };
/** A recording, handed over in memory (`postMessage`). */
export interface HandedOver {
  readonly kincard: "recording";
  readonly text: string;
  /** Kmakers, hex. */
  readonly makers: readonly string[];
}
export const isHandedOver = (data: unknown): data is HandedOver =>
  typeof data === "object" &&
  data !== null &&
  (data as HandedOver).kincard === "recording" &&
  typeof (data as HandedOver).text === "string" &&
  Array.isArray((data as HandedOver).makers);
