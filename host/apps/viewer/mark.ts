/** How a recording lies in the page that shows it. Browser-safe. */

/** Where html.ts puts it in dist/viewer.html. */
export const DATA_MARK = "<!-- recording -->";
/** The element with the recording's text. */
export const DATA_ID = "recording";
/** Its Kmakers, hex, with spaces between them. */
export const MAKERS_ATTRIBUTE = "data-makers";
