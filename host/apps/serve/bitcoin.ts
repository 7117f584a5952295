/**
 * Bitcoin's commands of `kincard serve`, as HWI (the Hardware Wallet Interface of Bitcoin Core) names
 * them. Its library is loaded when a transaction is to be signed.
 */

import { formatPath, formatXpub, parsePath } from "../../sdk/crypto/bip32.js";
import { toBase64 } from "../../sdk/crypto/text.js";
import { withPackage } from "../../sdk/failures/optional.js";
import { messageDigest } from "../../sdk/signed/message.js";
import { signBitcoinMessage } from "../../sdk/signers/bitcoin-message.js";
import { cardOf, CardKey, masterFingerprint } from "../../sdk/signers/source.js";
import { readAccount } from "../../sdk/wallet/account.js";
import { exportAccount } from "../../sdk/wallet/descriptor.js";
import { addressOfKey, KINDS, kindOfPath, NETWORKS } from "../../sdk/wallet/kinds.js";
import type { KindName } from "../../sdk/wallet/kinds.js";
import { psbtLines } from "../terminal/psbt-lines.js";
import type { Entry, Param } from "./entry.js";
import { BASE64, listOf, PATH, TEXT, whole } from "./shapes.js";

const AT: Param = { name: "path", says: "the key's path", schema: PATH };
const NO: { readonly const: false } = { const: false };

export const BITCOIN: readonly Entry[] = [
  {
    name: "enumerate",
    says: "the cards that are served: this one",
    params: [],
    gives: {
      name: "devices",
      schema: listOf(
        whole({
          ...{ type: { const: "kincard" }, model: { const: "kincard" }, label: TEXT },
          path: { const: "kincard", description: "of the device, for HWI's callers" },
          fingerprint: { type: "string", pattern: "^[0-9a-f]{8}$" },
          ...{ needs_pin_sent: NO, needs_passphrase_sent: NO },
        }),
      ),
    },
    run: async (_, { source, label }) => [
      {
        ...{ type: "kincard", model: "kincard", label, path: "kincard" },
        ...{ fingerprint: await masterFingerprint(source) },
        ...{ needs_pin_sent: false, needs_passphrase_sent: false },
      },
    ],
  },
  {
    name: "getxpub",
    says: "the extended public key at a path",
    params: [AT],
    gives: { name: "key", schema: whole({ xpub: TEXT }) },
    run: async (given, { source, network }) => {
      const path = parsePath(given.text("path"));
      const key = await (await cardOf(source)).publicKey(path);
      return { xpub: formatXpub(key, NETWORKS[network].coin === 0 ? "xpub" : "tpub") };
    },
  },
  {
    name: "getdescriptors",
    says: "an account's output descriptors, of each kind of address",
    params: [
      {
        ...{ name: "account", says: "which account (0)", optional: true },
        schema: { type: "integer", minimum: 0, maximum: 999 },
      },
    ],
    gives: {
      name: "descriptors",
      schema: whole({ receive: listOf(TEXT), internal: listOf(TEXT) }),
    },
    run: async (given, { source, network }) => {
      const account = Number(given.value("account") ?? 0);
      const found = { receive: [] as string[], internal: [] as string[] };
      for (const kind of Object.keys(KINDS) as KindName[]) {
        const { receive, change } = exportAccount(
          await readAccount(source, { kind, network, account }),
        );
        found.receive.push(receive);
        found.internal.push(change);
      }
      return found;
    },
  },
  {
    name: "displayaddress",
    says: "the address at a path, shown where the card is served: it has no display",
    params: [AT],
    gives: { name: "shown", schema: whole({ address: TEXT }) },
    run: async (given, { source, network, show }) => {
      const path = parsePath(given.text("path"));
      const { publicKey } = await (await cardOf(source)).publicKey(path);
      const address = addressOfKey(publicKey, kindOfPath(path) ?? "pkh", network);
      show("An address of this card:", [
        ["path", formatPath(path)],
        ["address", address],
      ]);
      return { address };
    },
  },
  {
    name: "signmessage",
    says: "a message, in Bitcoin Core's form, by the P2PKH address of the path",
    params: [{ name: "message", says: "the text", schema: TEXT }, AT],
    gives: { name: "signed", schema: whole({ signature: BASE64 }) },
    asks: true,
    run: async (given, { source, network, approve }) => {
      const message = given.text("message");
      const path = parsePath(given.text("path"));
      messageDigest(message); // throws for what can't be signed
      const key = await CardKey.at(source, path);
      await approve("A message, for Bitcoin:", [
        ["address", addressOfKey(key.publicKey, "pkh", network)],
        ["path", formatPath(path)],
        ["message", JSON.stringify(message)],
      ]);
      return { signature: await signBitcoinMessage(key, message) };
    },
  },
  {
    name: "signtx",
    says: "the card's inputs of a PSBT",
    params: [{ name: "psbt", says: "the PSBT", schema: BASE64 }],
    gives: {
      name: "result",
      schema: whole({
        psbt: BASE64,
        signed: { type: "boolean", description: "an input was signed" },
      }),
    },
    asks: true,
    run: async (given, { source, network, approve }) => {
      const load = () => import("../../sdk/signers/psbt.js");
      const sdk = await withPackage("@scure/btc-signer", load);
      const psbt = given.text("psbt");
      const summary = await sdk.readPsbt(source, psbt, { network });
      await approve(`A transaction on ${network}:`, psbtLines(summary));
      const signed = await sdk.signPsbt(source, psbt, { network });
      return { psbt: toBase64(signed.psbt), signed: signed.signed.length > 0 };
    },
  },
];
