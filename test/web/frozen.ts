/**
 * A page that stops at a message: the moment before a reload or a cut, held for as long as it
 * takes.
 */

import type { Page } from "playwright-core";

/**
 * From this message on nothing more reaches a card: the moment before a reload or a cut.
 * `window.unheard`: something was said to one since.
 */
export const freezeAt = (message: string) => `
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, value) {
    setItem.call(this, key, value);
    if (value.includes('"${message}"') && !sessionStorage.getItem("thaw")) window.frozen = true;
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (!window.frozen) send.call(this, data);
    else window.unheard = true;
  };
`;

/** What was frozen reaches the cards again; the next page is not frozen at all. */
export const thaw = (page: Page) =>
  page.evaluate("sessionStorage.setItem('thaw', 'yes'); window.frozen = false");
