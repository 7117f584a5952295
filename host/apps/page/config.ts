/** kincard.json: what the host of the page tells it. All of it is public. Browser-safe. */

/** Answered by whoever serves the page; the network's word comes before a cache's. */
export const CONFIG_FILE = "kincard.json";

export interface BoardConfig {
  readonly name: string;
  /** Where its WebSocket is, relative to the page. */
  readonly url: string;
  /** As printed on the card. */
  readonly label: string;
}
export interface PageConfig {
  /** Kmaker, hex: whose cards are genuine. */
  readonly maker?: string;
  /** And those of these; each set of cards has one maker. */
  readonly makers?: readonly string[];
  /** Kmaker's private key is published. */
  readonly demo?: boolean;
  /** Virtual boards of `kincard web`. */
  readonly boards?: readonly BoardConfig[];
}

/** The viewer of recordings, beside the page. */
export const VIEWER_FILE = "viewer.html";

/** Boards' images beside the page, and the list of them. */
export const IMAGES_FOLDER = "images";
export const IMAGES_FILE = "images.json";

export interface ListedImage {
  readonly board: string;
  readonly title: string;
  readonly version: string;
  readonly demo: boolean;
  /** Of its folder, relative to the page; with a slash at the end. */
  readonly url: string;
}

/** Text messages of a board's WebSocket: a finger on its button. */
export const BUTTON = { DOWN: "press", UP: "release" } as const;

/**
 * And the other way: which of its red, green and blue lights are lit, and since when in milliseconds
 * of the board's own time, as "lights 100 62500". One for each change.
 */
export const LIGHTS = "lights ";

/** A WebSocket's close code (RFC 6455 7.4.2, private use): another page has the virtual card. */
export const TAKEN = 4000;
