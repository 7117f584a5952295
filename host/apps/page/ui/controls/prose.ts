/** Sentences in which labels and addresses stand: a label is compared, so it is never broken. */

import { h } from "./dom.js";

const LABEL = /([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4})/;

/** As children of an element. */
export const prose = (text: string): (Node | string)[] =>
  text
    .split(LABEL)
    .map((part) => (LABEL.test(part) ? h("span", { class: "label one" }, part) : part));
