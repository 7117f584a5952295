/** Every situation of a card under test with the inputs that it gets there. */
import { certifyCases, certifyWithAddress } from "./certificate.js";
import * as commands from "./commands.js";
import * as offers from "./offer.js";
import { confirmAfterAll, confirmCases, confirmNothing, confirmTwice } from "./receipt.js";
import { acceptAgain, acceptCases } from "./transfer.js";
import type { Situation } from "./types.js";

/** The file that holds a situation's cases: `invalid-NAME.json`. */
export const FILES = {
  certificate: [
    {
      id: "blank",
      state: "BLANK",
      session: "none",
      given: "PERSONALISE made Kcard; no certificate yet",
      cases: [...commands.blankCases, ...certifyCases],
    },
    {
      id: "blank-address",
      state: "BLANK",
      session: "none",
      given: "PERSONALISE made Kcard; the NFC tag is to show an address",
      cases: certifyWithAddress,
    },
  ],
  offer: [
    {
      id: "wallet",
      state: "WALLET",
      session: "none",
      given: "a wallet, asked without channel and code",
      cases: [...commands.walletCases, ...confirmNothing, ...offers.sealWithoutCode],
    },
    {
      id: "wallet-unnamed",
      state: "WALLET",
      session: "code",
      given: "a wallet in a channel with the code; no destination was named",
      cases: offers.sealWithoutNaming,
    },
    {
      id: "wallet-named",
      state: "WALLET",
      session: "code",
      named: { n: 2, peers: [0] },
      given: "a wallet in a channel with the code; peer 0 is named for a set of two",
      cases: offers.sealCases,
    },
    {
      id: "sharing-open",
      state: "SHARING",
      session: "code",
      n: 3,
      slot: "SEALED",
      named: { n: 3, peers: [0, 1] },
      given: "a set of three: sealed to peer 0, a place free; both peers named, with the code",
      cases: [...commands.resendCases, ...offers.sealBesideSlot],
    },
    {
      id: "sharing-open-codeless",
      state: "SHARING",
      session: "none",
      n: 3,
      slot: "SEALED",
      given: "a set of three: sealed to peer 0, a place free; no channel",
      cases: offers.sealBesideSlotPlain,
    },
    {
      id: "sharing-channel",
      state: "SHARING",
      session: "channel",
      n: 3,
      slot: "SEALED",
      given: "a set of three: sealed to peer 0, a place free; in a channel, before the access code",
      cases: commands.resendWithoutCode,
    },
    {
      id: "sharing-full",
      state: "SHARING",
      session: "code",
      n: 2,
      slot: "SEALED",
      named: { n: 2, peers: [1] },
      given: "a set of two: sealed to peer 0; peer 1 is named, with the code",
      cases: [...offers.sealWithoutPlace, ...commands.namingInSharing, ...commands.finishCases],
    },
    {
      id: "sharing-confirmed",
      state: "SHARING",
      session: "code",
      n: 3,
      slot: "CONFIRMED",
      named: { n: 3, peers: [0, 1] },
      given: "a set of three: peer 0 confirmed, a place free; both peers named, with the code",
      cases: [...commands.resendAfterReceipt, ...offers.sealAfterReceipt, ...confirmTwice],
    },
  ],
  transfer: [
    {
      id: "offered",
      state: "OFFERED",
      session: "none",
      given: "a destination that was told peer 0 and its set, and made its OFFER",
      cases: acceptCases,
    },
    {
      id: "copy",
      state: "COPY",
      session: "none",
      given: "a destination that took the TRANSFER of peer 0",
      cases: [...commands.copyCases, ...acceptAgain],
    },
  ],
  commands: [
    {
      id: "empty",
      state: "EMPTY",
      session: "none",
      given: "certified; no channel",
      cases: [...commands.emptyCases, ...commands.openCases, ...commands.apduCases],
    },
    {
      id: "empty-channel",
      state: "EMPTY",
      session: "channel",
      given: "certified; a channel is open and has counted nothing yet",
      cases: [...commands.unsaltedCases, ...commands.channelCases],
    },
    {
      id: "empty-salt",
      state: "EMPTY",
      session: "salt",
      given: "certified; in a channel in which SALT was answered",
      cases: commands.activateCases,
    },
    {
      id: "wallet-codeless",
      state: "WALLET",
      session: "channel",
      given: "a wallet in a channel, before the access code",
      cases: commands.codelessCases,
    },
    {
      id: "wallet-code",
      state: "WALLET",
      session: "code",
      given: "a wallet in a channel with the code",
      cases: [...commands.keyCases, ...commands.namingCases],
    },
    {
      id: "sharing-receipt",
      state: "SHARING",
      session: "none",
      n: 2,
      slot: "SEALED",
      given: "a set of two: sealed to peer 0, whose receipt is awaited",
      cases: confirmCases,
    },
    {
      id: "shared",
      state: "SHARED",
      session: "none",
      n: 2,
      slot: "CONFIRMED",
      given: "a set of two, finished",
      cases: [...commands.sharedCases, ...confirmAfterAll],
    },
  ],
} as const satisfies Record<string, readonly Situation[]>;

export const SITUATIONS: readonly Situation[] = Object.values(FILES).flat();
