/** What a transaction would do, and whether the card is to sign it. */

import { formatPath } from "../../../../sdk/crypto/bip32.js";
import type { PsbtSummary } from "../../../../sdk/signers/psbt.js";
import { coins, lockTimeText } from "../../../terminal/psbt-lines.js";
import { button, h } from "../controls/dom.js";
import type { Child } from "../controls/dom.js";
import type { Page } from "../page.js";
import { facts } from "../tasks/check.js";
import type { Fact } from "../tasks/check.js";
import { homeButton } from "../words/common.js";

/** Whoever says no goes to the start: nothing was signed. */
export function question(page: Page, summary: PsbtSummary): Promise<void> {
  const { network, spent, unproven } = summary;
  return page.ask((resolve) =>
    page.show(
      "Sign this transaction?",
      h("p", { class: "lead" }, `You spend ${coins(spent, network)}, the fee included.`),
      facts([...outputs(summary), ["Fee", coins(summary.fee, network)]]),
      h(
        "p",
        {},
        "Compare the whole of each address with the one that you were given, not just its beginning.",
      ),
      unproven &&
        h(
          "p",
          { class: "box" },
          "The file does not prove all amounts that it spends: where it lies, the fee can be higher than shown. " +
            "Sign it only if you trust the program that made it.",
        ),
      h("div", { class: "row" }, button("Sign it", resolve, "main"), homeButton()),
      h("h2", {}, "Where it comes from"),
      facts(inputs(summary)),
    ),
  );
}

const amountAt = (amount: string, to: string, note?: string): Child =>
  h(
    "span",
    {},
    h("strong", {}, amount),
    h("br"),
    h("span", { class: "label" }, to),
    note !== undefined && h("span", { class: "hint" }, h("br"), note),
  );

function outputs({ outputs, network, lockTime }: PsbtSummary): Fact[] {
  const each = (change: boolean) =>
    outputs
      .filter((output) => (output.change !== undefined) === change)
      .map(({ amount, to, change: path }): Fact => {
        const back = path && `Back to your wallet, ${formatPath(path)}`;
        return [path ? "Change" : "To", amountAt(coins(amount, network), to, back)];
      });
  const when: Fact[] = lockTime ? [["Not before", lockTimeText(lockTime)]] : [];
  return [...each(false), ...each(true), ...when];
}

const inputs = ({ inputs, network }: PsbtSummary): Fact[] =>
  inputs.map(({ amount, address, own }): Fact => [
    own ? "Yours" : "Another's",
    amountAt(coins(amount, network), address, own && formatPath(own.path)),
  ]);
