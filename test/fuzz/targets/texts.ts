/**
 * What people type, scan or paste, and what a tag shows: labels, links, paths, addresses, signed
 * messages, NDEF addresses. A refusal is a Failure; what is taken must come out the same again.
 */
import { formatLabel, groupLabel, labelMatches, parseLabel } from "../../../host/sdk/card/label.js";
import { uriRecord } from "../../../host/sdk/card/uri-record.js";
import { parsePath } from "../../../host/sdk/crypto/bip32.js";
import { fromHex, toHex } from "../../../host/sdk/crypto/bytes.js";
import { AccessCode } from "../../../host/sdk/crypto/code.js";
import { parseLinkUri } from "../../../host/sdk/links/registry.js";
import { readSerial } from "../../../host/sdk/maker/store.js";
import { readAddress, scriptOf } from "../../../host/sdk/signed/address.js";
import { verifySigned } from "../../../host/sdk/signed/verify.js";
import { bytes, must, taken, text, type Target } from "./target.js";

const ID = fromHex("8614aae11650957304c973c9ab2012d5");
const ADDRESSES = [
  "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
  "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
  "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
  "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
];

async function readers(input: string): Promise<void> {
  const label = await taken(() => parseLabel(input));
  if (label !== undefined) {
    must(labelMatches(label, ID) === (formatLabel(ID) === groupLabel(input)), "label: matches");
  }
  groupLabel(input);
  const record = await taken(() => uriRecord(input));
  if (record) must(record.length <= 47 && record.length > 1, "an address too long was taken");
  const path = await taken(() => parsePath(input));
  if (path) must(path.length <= 8, "a path too deep was taken");
  const link = await taken(() => parseLinkUri(input));
  if (link) must(input.trim().startsWith(`${link.scheme}:`), "a link of another kind");
  const address = await taken(() => readAddress(input));
  if (address) must(scriptOf(address).length > 20, "an address without a script");
  const code = await taken(() => AccessCode.from(input));
  code?.wipe();
  await taken(() => readSerial(input));
  const hex = await taken(() => fromHex(input));
  if (hex) must(toHex(hex) === input.toLowerCase(), "hex that does not come out again");
}

export const texts: Target = {
  name: "texts",
  most: 256,
  seeds: () =>
    [
      formatLabel(ID),
      "https://kincard.example/",
      "https://www.example.org/a?b#c",
      "m/84'/0'/0'/0/7",
      "m/44h/0h",
      "tcp:localhost:9001",
      "tcp:[::1]:80",
      "serial:/dev/ttyACM0@115200",
      "ble:Kincard 12ab",
      toHex(ID),
      ...ADDRESSES,
    ].map(bytes),
  words: ["tcp:", "serial:", "https://", "m/", "'", "h/", "bc1q", "@", ":", "-"].map(bytes),
  run: (input) => readers(text(input)),
};

/** A signed message as it is pasted: message, address, signature, a line each. */
export const signed: Target = {
  name: "signed",
  most: 400,
  seeds: () => ADDRESSES.map((address) => bytes(`hello\n${address}\n${"A".repeat(87)}=`)),
  words: [...ADDRESSES, "\n", "=", "AkcwRAIg"].map(bytes),
  run: async (input) => {
    const [message = "", address = "", ...rest] = text(input).split("\n");
    await taken(() => verifySigned(message, address, rest.join("\n")));
  },
};
