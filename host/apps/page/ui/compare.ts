/** Labels on the screen, to hold beside the cards. */

import { formatLabel } from "../../../sdk/card/label.js";
import { button, h } from "./dom.js";
import { Stopped } from "./faults.js";
import type { Page } from "./page.js";

/** Big, in its groups, to hold beside the card. */
export const bigLabel = (id: Uint8Array) =>
  h(
    "p",
    { class: "biglabel label" },
    ...formatLabel(id)
      .split("-")
      .map((part) => h("span", {}, part)),
  );

/** For a user who typed no label: compares by eye. */
export function compare(
  page: Page,
  title: string,
  cards: readonly (readonly [name: string, id: Uint8Array])[],
): Promise<void> {
  return page.ask((resolve, reject) => {
    const many = cards.length > 1;
    page.show(
      title,
      h(
        "p",
        { class: "lead" },
        many
          ? "Compare each of these with the label printed on your card."
          : "Compare this with the label printed on your card.",
      ),
      ...cards.flatMap(([name, id]) => [h("h2", {}, name), bigLabel(id)]),
      h("p", {}, "All characters must be the same. If not, it is somebody else's card: stop."),
      h(
        "div",
        { class: "row" },
        button(many ? "They are the same" : "It is the same", resolve, "main"),
        button("No, stop", () => reject(new Stopped())),
      ),
    );
  });
}
