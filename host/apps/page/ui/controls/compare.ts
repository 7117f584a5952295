/** Labels on the screen, to hold beside the cards. */

import { formatLabel } from "../../../../sdk/card/label.js";
import type { CardLink } from "../cards/deck.js";
import { button, h } from "./dom.js";
import { Stopped } from "../faults.js";
import type { Page } from "../page.js";
import { cardPicture } from "./pictures.js";

/** Big, in its groups, to hold beside the card. */
export const bigLabel = (id: Uint8Array) =>
  h(
    "p",
    { class: "biglabel label" },
    ...formatLabel(id)
      .split("-")
      .map((part) => h("span", {}, part)),
  );

/** For a user who typed no label: compares by eye, with what is printed on a drawn card too. */
export function compare(
  page: Page,
  title: string,
  name: string,
  id: Uint8Array,
  link?: CardLink,
): Promise<void> {
  const { printed, hue = 3 } = link ?? {};
  return page.ask((resolve, reject) => {
    page.show(
      title,
      h("p", { class: "lead" }, `${name}. Its label, as it proves:`),
      bigLabel(id),
      printed === undefined
        ? h("p", {}, "Compare it with the label printed on the card in your hand.")
        : h(
            "div",
            { class: "drawn" },
            cardPicture(hue, "unknown"),
            h(
              "p",
              {},
              `Compare it with what is printed on ${link?.name}, which is virtual: `,
              h("span", { class: "label one" }, printed),
            ),
          ),
      h("p", {}, "All characters must be the same. If not, it is somebody else's card: stop."),
      h(
        "div",
        { class: "row" },
        button("It is the same", resolve, "main"),
        button("No, stop", () => reject(new Stopped())),
      ),
    );
  });
}
