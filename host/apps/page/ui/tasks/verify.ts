/** Verifies a signed message; no card takes part. */

import { field, form, h } from "../dom.js";
import { codeOf, faultOf } from "../faults.js";
import { homeButton } from "../words/common.js";
import type { Page } from "../page.js";
import { verifySigned } from "../signed-message.js";
import { messageField } from "./sign.js";

export async function verifyTask(page: Page): Promise<void> {
  const message = messageField();
  const plain = { spellcheck: "false", autocapitalize: "none", class: "label" };
  const address = field("Address", plain);
  const signature = field("Signature", plain);
  const verdict = h("div", { role: "status" });
  const verify = () => {
    address.fault();
    signature.fault();
    verdict.replaceChildren();
    try {
      const good = verifySigned(message.input.value, address.input.value, signature.input.value);
      const text = good
        ? "The signature is good: whoever owns this address signed exactly this message."
        : "The signature is not good: the message was changed, or somebody else signed it.";
      verdict.append(h("p", { class: good ? "box good lead" : "box bad lead" }, text));
    } catch (error) {
      const wrong = codeOf(error) === "input/address" ? address : signature;
      wrong.fault(faultOf(error).what);
    }
  };
  page.show(
    "Verify a message",
    h("p", { class: "lead" }, "Copy all three exactly as you got them."),
    form("Verify", verify, message.element, address.element, signature.element),
    verdict,
    h("div", { class: "row" }, homeButton()),
  );
}
