/**
 * One card on one transport: every command of the protocol with its checks made, in the words of
 * an app. Browser-safe.
 *
 * A session never opens a channel, repeats a code or picks up a lost channel by itself: whoever
 * uses it decides. A refusal (CardError) ends the channel and forgets the code on the card.
 */

import { formatXpub } from "../crypto/bip32.js";
import type { ExtendedKey, XpubVersion } from "../crypto/bip32.js";
import { equal, isZero, wipe } from "../crypto/bytes.js";
import type { AccessCode, StretchOptions } from "../crypto/code.js";
import { recoverPoint, verifyDigest } from "../crypto/ecdsa.js";
import { randomBytes } from "../crypto/random.js";
import type { Transport } from "../links/link.js";
import { SCRYPT } from "../wire/generated.js";
import { Failure, VerifyError } from "../failures/failure.js";
import type { Certificate, CertificateRequest } from "./certificate.js";
import { Channel } from "./channel.js";
import type { ChannelOptions } from "./channel.js";
import * as commands from "./commands/index.js";
import type { Command } from "./commands/index.js";
import { withGesture } from "./gesture.js";
import type { OnGesture } from "./gesture.js";
import { verifyLedger, verifyProof } from "./ledger.js";
import type { Ledger } from "./ledger.js";
import { plain, select } from "./plain.js";

export interface NewCodeOptions extends StretchOptions {
  /** log2 of scrypt's N, 10..20. */
  cost?: number;
  /** Told the salt that the card drew, before the code is stretched with it; throws for a no. */
  onSalt?: (salt: Uint8Array) => void | Promise<void>;
}

export class CardSession {
  #channel: Channel | undefined;
  #unlocked = false;
  /** Told, twice a second, that the card waits for its button; without it nobody waits. */
  onGesture: OnGesture | undefined;

  constructor(readonly transport: Transport) {}

  // ---- in the clear -------------------------------------------------------------------------

  /** Selects the application; ends the channel. */
  async select() {
    this.closeChannel();
    return select(this.transport);
  }
  status(): Promise<commands.Status> {
    return plain(this.transport, commands.STATUS, undefined);
  }
  /** The first words with a card: SELECT where its link needs that, and STATUS. */
  async greet(): Promise<commands.Status> {
    if (this.transport.needsSelect && !this.channel) await this.select();
    return this.status();
  }
  /** Makes Kcard on a blank card; the maker signs what comes back. */
  personalise(): Promise<CertificateRequest> {
    return plain(this.transport, commands.PERSONALISE, undefined);
  }
  /** `uri` (uriRecord): the address that the card's NFC tag shows; public, and not signed. */
  certify(certificate: Uint8Array, uri: Uint8Array = new Uint8Array(0)): Promise<void> {
    return plain(this.transport, commands.CERTIFY, { certificate, uri });
  }
  /** What the card says its certificate is: only `openChannel` proves it. */
  certificate(): Promise<Certificate> {
    return plain(this.transport, commands.CERTIFICATE, undefined);
  }
  // ---- the channel --------------------------------------------------------------------------

  get channel(): Channel | undefined {
    return this.#channel?.isOpen ? this.#channel : undefined;
  }
  /** Whether the access code holds for the channel that is open. */
  get unlocked(): boolean {
    return this.#unlocked && this.#channel?.isFresh === true;
  }
  /** Proves that the card is genuine (and the expected one) and opens the channel. */
  async openChannel(options: ChannelOptions): Promise<Channel> {
    this.closeChannel();
    this.#channel = await Channel.open(this.transport, options);
    return this.#channel;
  }
  closeChannel(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#unlocked = false;
  }
  /** Runs any command inside the channel. */
  run<In, Out>(command: Command<In, Out>, input: In): Promise<Out> {
    if (!this.#channel) throw new Failure("channel/closed", {});
    return this.#channel.run(command, input);
  }

  /** Stretches the code for this card and gives it. CardError: WRONG_CODE or WAIT. */
  async enterCode(code: AccessCode, options?: StretchOptions): Promise<void> {
    const channel = this.#openOrThrow();
    if (isZero(channel.salt)) {
      throw new VerifyError("verify/no-code", {});
    }
    const stretched = await code.stretch(channel.salt, channel.cost, options);
    try {
      await channel.run(commands.CODE, stretched);
      this.#unlocked = true;
    } finally {
      wipe(stretched);
    }
  }
  /** Makes the wallet key under a new access code. */
  async activate(code: AccessCode, options: NewCodeOptions = {}): Promise<commands.Activated> {
    const activated = await this.#withNewCode(commands.ACTIVATE, code, options);
    this.#unlocked = true;
    return activated;
  }
  /** A new access code for this card alone; needs the old one in this channel. */
  changeCode(code: AccessCode, options: NewCodeOptions = {}): Promise<void> {
    return this.#withNewCode(commands.CHANGE_CODE, code, options);
  }

  // ---- backup: what a relay carries ---------------------------------------------------------

  /** The stored OFFER [239]. */
  offer(): Promise<Uint8Array> {
    return this.#carried(commands.OFFER, undefined);
  }
  /**
   * TRANSFER [366] for an OFFER. The first one for a card needs `nameDestinations` before, and
   * where the card's maker wants consent, `consent`, and then the card's button.
   */
  seal(offer: Uint8Array): Promise<Uint8Array> {
    return withGesture(() => this.#carried(commands.SEAL, offer), this.onGesture);
  }
  /** RECEIPT [32] for a TRANSFER. */
  accept(transfer: Uint8Array): Promise<Uint8Array> {
    return this.#carried(commands.ACCEPT, transfer);
  }
  confirm(receipt: Uint8Array): Promise<void> {
    return this.#carried(commands.CONFIRM, receipt);
  }

  // ---- backup: what only the channel carries ------------------------------------------------

  nameSource(source: commands.SourceName): Promise<void> {
    return this.#meant(commands.NAME_SOURCE, source);
  }
  nameDestinations(names: commands.DestinationNames): Promise<void> {
    return this.run(commands.NAME_DESTINATIONS, names);
  }
  /** One half of a run of on-card consent, of either card [32]; relay/visits/consent.ts has the order. */
  consent(half: 0 | 1, data: Uint8Array): Promise<Uint8Array> {
    return this.run(commands.CONSENT, { half, data });
  }
  /** The stored TRANSFER [366] of a sealed slot: 0 or 1, as the ledger lists them. */
  resend(slot: number): Promise<Uint8Array> {
    return this.run(commands.RESEND, slot);
  }
  finish(options: commands.FinishOptions = {}): Promise<void> {
    return this.run(commands.FINISH, options);
  }
  cancel(): Promise<void> {
    return this.#meant(commands.CANCEL, undefined);
  }
  reset(): Promise<void> {
    return this.#meant(commands.RESET, undefined);
  }

  // ---- the wallet ---------------------------------------------------------------------------

  async publicKey(path: readonly number[]): Promise<ExtendedKey> {
    const { parent, ...key } = await this.run(commands.PUBLIC_KEY, path);
    return isZero(parent) ? { path, ...key } : { path, ...key, parent };
  }
  async xpub(path: readonly number[], version?: XpubVersion): Promise<string> {
    return formatXpub(await this.publicKey(path), version);
  }
  /** Signs a digest; checks the signature when the caller knows the key at that path. */
  async sign(
    path: readonly number[],
    digest: Uint8Array,
    publicKey?: Uint8Array,
  ): Promise<commands.WalletSignature> {
    const signed = await this.run(commands.SIGN, { path, digest });
    const recovered = recoverPoint(digest, signed.signature, signed.recoveryId);
    const wanted = publicKey ?? recovered;
    if (
      !recovered ||
      !wanted ||
      !equal(recovered, wanted) ||
      !verifyDigest(wanted, digest, signed.signature)
    ) {
      throw new VerifyError("verify/signature", {});
    }
    return signed;
  }

  // ---- proofs -------------------------------------------------------------------------------

  /** Has the card prove that it holds its Kcard; a fresh challenge unless one is given. */
  async prove(challenge = randomBytes(32)): Promise<{ challenge: Uint8Array; proof: Uint8Array }> {
    const { certificate } = this.#openOrThrow();
    const proof = await this.run(commands.PROVE, challenge);
    verifyProof(certificate, challenge, proof);
    return { challenge, proof };
  }
  /** The copy ledger, verified; a fresh challenge unless one is given. */
  async ledger(challenge = randomBytes(32)): Promise<Ledger> {
    const { certificate } = this.#openOrThrow();
    return verifyLedger(certificate, challenge, await this.run(commands.LEDGER, challenge));
  }

  /** Closes the channel and the transport. */
  async close(): Promise<void> {
    this.closeChannel();
    await this.transport.close();
  }

  // -------------------------------------------------------------------------------------------

  /**
   * What a card takes from anybody: inside the channel while one is open, where a listener learns
   * nothing of it, else in the clear. A channel that grew stale the card has forgotten too.
   */
  #carried<In, Out>(command: Command<In, Out>, input: In): Promise<Out> {
    if (this.#channel?.isFresh) return this.#channel.run(command, input);
    this.closeChannel();
    return plain(this.transport, command, input);
  }
  /** What may need a physical act on the card: asked again while there is somebody to tell. */
  #meant<In, Out>(command: Command<In, Out>, input: In): Promise<Out> {
    return withGesture(() => this.run(command, input), this.onGesture);
  }
  #openOrThrow(): Channel {
    if (!this.channel) throw new Failure("channel/closed", {});
    return this.channel;
  }
  async #withNewCode<Out>(
    command: Command<commands.NewCode, Out>,
    code: AccessCode,
    { cost = SCRYPT.DEFAULT, onSalt, ...options }: NewCodeOptions,
  ): Promise<Out> {
    const salt = await this.run(commands.SALT, undefined);
    await onSalt?.(salt);
    const stretched = await code.stretch(salt, cost, options);
    try {
      return await this.#meant(command, { cost, stretched });
    } finally {
      wipe(stretched);
    }
  }
}
