/** Signed messages as people paste them: every form that is about, and what is none of them. */

import assert from "node:assert/strict";
import { formatSignedMessage, readSignedMessage } from "../../../host/sdk/signed/block.js";

const address = "1HUBHMij46Hae75JPdWjeZ5Q7KaL7EFRSD";
const signature =
  "HNwjRSSWdPBsBaTjcNNHPbKIVBWCGEILbGmPqPRWLkQzOhHRbGJzZr1rAzMmNH+fHYdPrFvUtZkQsbwq1hyL3Bc=";

describe("a signed message in one text", () => {
  for (const message of [
    "I was here.",
    "two\nlines\n",
    "",
    "  spaces \n\n",
    "-----BEGIN SIGNATURE-----\nnot this one",
    "Address: not this one either",
  ])
    it(`is read as it was written: ${JSON.stringify(message)}`, () => {
      const text = formatSignedMessage({ message, address, signature });
      assert.deepEqual(readSignedMessage(text), { message, address, signature });
      assert.deepEqual(readSignedMessage(`\n ${text} \n\n`), { message, address, signature });
    });

  it("may have lines that end as Windows ends them", () => {
    const text = formatSignedMessage({ message: "a", address, signature });
    const read = readSignedMessage(text.replaceAll("\n", "\r\n"));
    assert.deepEqual(read, { message: "a", address, signature });
  });

  it("may name its parts as other programs do, and wrap the signature", () => {
    const text = [
      "-----BEGIN BITCOIN SIGNED MESSAGE-----",
      "I was here.",
      "-----BEGIN BITCOIN SIGNATURE-----",
      "Version: Bitcoin-qt (1.0)",
      `Address: ${address}`,
      "",
      signature.slice(0, 64),
      signature.slice(64),
      "-----END BITCOIN SIGNATURE-----",
    ].join("\n");
    assert.deepEqual(readSignedMessage(text), { message: "I was here.", address, signature });
  });

  for (const [what, text] of [
    ["plain text", "I was here."],
    ["no end", formatSignedMessage({ message: "a", address, signature }).slice(0, -5)],
    ["no signature", formatSignedMessage({ message: "a", address, signature: "" })],
    [
      "no middle",
      "-----BEGIN BITCOIN SIGNED MESSAGE-----\na\n-----END BITCOIN SIGNED MESSAGE-----",
    ],
  ] as const)
    it(`is not seen in ${what}`, () => assert.equal(readSignedMessage(text), undefined));
});
