/**
 * `kincard/bitcoin`: PSBTs signed by a card, accounts and their addresses, and what wallets take to
 * watch them. PSBTs need @scure/btc-signer, an optional peer. Browser-safe.
 */

export { isPsbt, readPsbt, signPsbt } from "./psbt.js";
export type { PsbtInput, PsbtOptions, PsbtOutput, PsbtSummary, SignedPsbt } from "./psbt.js";
export type { OwnKey } from "./psbt-keys.js";
export { masterFingerprint } from "./source.js";
export type { CardSource, SigningCard } from "./source.js";
export { accountAddress, readAccount } from "../wallet/account.js";
export type { Account, AccountOptions } from "../wallet/account.js";
export { descriptorChecksum, exportAccount } from "../wallet/descriptor.js";
export type { Exported } from "../wallet/descriptor.js";
export { addressOfKey } from "../wallet/kinds.js";
export type { KindName, NetworkName } from "../wallet/kinds.js";
