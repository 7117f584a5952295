/** Verifies a signed message; no card takes part. */

import { readSignedMessage } from "../../../../sdk/signed/block.js";
import { verifySigned } from "../../../../sdk/signed/verify.js";
import type { Verdict } from "../../../../sdk/signed/verify.js";
import { field, form, h } from "../controls/dom.js";
import { codeOf, faultOf } from "../faults.js";
import { homeButton } from "../words/common.js";
import type { Page } from "../page.js";
import { messageField } from "./sign.js";

const VERDICTS: Readonly<Record<Verdict, string>> = {
  good: "The signature is good: whoever owns this address signed exactly this message.",
  "other-line-breaks":
    "The signature is good: whoever owns this address signed exactly these words, on lines that end " +
    "as Windows ends them.",
  bad: "The signature is not good: the message was changed, or somebody else signed it.",
};

export async function verifyTask(page: Page): Promise<void> {
  const message = messageField();
  const plain = { spellcheck: "false", autocapitalize: "none", class: "label" };
  const address = field("Address", plain);
  const signature = field("Signature", plain);
  const places = [
    ["input/address", address],
    ["input/message", message],
  ] as const;
  const verdict = h("div", { role: "status" });
  const verify = () => {
    address.fault();
    signature.fault();
    message.fault();
    verdict.replaceChildren();
    try {
      const found = verifySigned(message.input.value, address.input.value, signature.input.value);
      const mood = found === "bad" ? "box bad lead" : "box good lead";
      verdict.append(h("p", { class: mood }, VERDICTS[found]));
    } catch (error) {
      const code = codeOf(error) ?? "";
      const [, wrong = signature] = places.find(([start]) => code.startsWith(start)) ?? [];
      wrong.fault(faultOf(error).what);
    }
  };
  // A signed message as it was pasted is taken apart.
  message.input.addEventListener("input", () => {
    const block = readSignedMessage(message.input.value);
    if (!block) return;
    message.input.value = block.message;
    address.input.value = block.address;
    signature.input.value = block.signature;
    address.fault();
    signature.fault();
  });
  // A verdict is about the three as they were.
  for (const { input } of [message, address, signature]) {
    input.addEventListener("input", () => verdict.replaceChildren());
  }
  page.show(
    "Verify a message",
    h(
      "p",
      { class: "lead" },
      "Paste all of it into the first field, from BEGIN to END: it is taken apart. Or copy each of the three.",
    ),
    form("Verify", verify, message.element, address.element, signature.element),
    verdict,
    h("div", { class: "row" }, homeButton()),
  );
}
