/** The bytes of one command or answer: each in the colour of what protects it, and named. */

import type { Part } from "../../../sdk/recording/index.js";
import { h } from "../../page/ui/controls/dom.js";
import { protection } from "../words.js";

/** `title`: who says this to whom. */
export function bytesView(title: string, data: Uint8Array, parts: readonly Part[]): HTMLElement {
  let from = 0;
  const rows = parts.map((part) => {
    const own = data.subarray(from, from + part.size);
    from += part.size;
    return row(part, own);
  });
  return h(
    "section",
    { class: "bytes" },
    h("h3", {}, `${title}, ${data.length} bytes`),
    rows.length ? h("dl", {}, ...rows.flat()) : h("p", { class: "soft" }, "Nothing came back."),
  );
}

function row({ name, size, cover, by }: Part, data: Uint8Array): HTMLElement[] {
  const hex = [...data].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const note = protection(cover, by);
  return [
    h(
      "dt",
      { class: cover },
      name,
      h("small", {}, `${size} byte${size === 1 ? "" : "s"}${note ? `, ${note}` : ""}`),
    ),
    h("dd", { class: cover }, hex),
  ];
}
