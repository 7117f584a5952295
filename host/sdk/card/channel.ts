/**
 * The authenticated channel, host's side, docs/protocol.md 5. Browser-safe.
 *
 * Before a secret can be sent the card has proved by its certificate and signature that it is a
 * genuine card of the given maker and, where the user named one, that very card. The channel ends
 * with any refusal; opening a new one is the caller's choice.
 */

import { counterNonce, seal, unseal } from "../crypto/aead.js";
import { isZero, Reader, wipe } from "../crypto/bytes.js";
import { ecdh, isPoint, makeKeyPair } from "../crypto/curve.js";
import { verifyDigest } from "../crypto/ecdsa.js";
import { hash, hkdf } from "../crypto/hash.js";
import { label } from "../crypto/labels.js";
import { Failure, LinkError, VerifyError } from "../failures/failure.js";
import type { LinkFailure } from "../failures/failure.js";
import { Age } from "../links/clock.js";
import type { TransmitOptions, Transport } from "../links/link.js";
import { CLA, IDLE_S, PROTOCOL_VERSION, SIZES, STATUS_WORDS, SUITE } from "../wire/generated.js";
import { exchange } from "./apdu.js";
import type { AnswerApdu, CommandApdu } from "./apdu.js";
import { verifyCertificate } from "./certificate.js";
import type { Certificate } from "./certificate.js";
import type { Command } from "./commands/command.js";
import { OPEN } from "./commands/codecs.js";
import type { OpenAnswer } from "./commands/codecs.js";
import { describeExpected, matchesId } from "./identity.js";
import type { ExpectedId } from "./identity.js";
import { formatLabel } from "./label.js";
import { plain } from "./plain.js";
import { CardError, OK } from "./words.js";

export interface ChannelOptions extends TransmitOptions {
  /** Kmaker's public key: whose cards are genuine. */
  readonly maker: Uint8Array;
  /** The card that the user named, if any. */
  readonly expectId?: ExpectedId;
}

/** The card may have answered. */
const UNHEARD: ReadonlySet<LinkFailure> = new Set(["timeout", "garbled"]);
/** How often the very same ciphertext is sent again when the link lost the answer. */
const RESENDS = 1;
/** A channel that was idle for longer is taken for ended; the card's own limit is IDLE_S. */
const FRESH_MS = (IDLE_S - 10) * 1000;

interface Keys {
  readonly toCard: Uint8Array;
  readonly toHost: Uint8Array;
}

interface Hello {
  readonly certificate: Certificate;
  readonly signature: Uint8Array;
  readonly salt: Uint8Array;
  readonly cost: number;
}

/** How an access code is stretched: salt [16], log2 of scrypt's N. */
export interface CodeCost {
  readonly salt: Uint8Array;
  readonly cost: number;
}

export class Channel {
  readonly certificate: Certificate;
  #code: CodeCost;
  #sent = 0;
  #received = 0;
  #keys: Keys | undefined;
  readonly #idle = new Age();
  #queue: Promise<unknown> = Promise.resolve();

  readonly #unsubscribe: () => void;
  readonly #transport: Transport;

  private constructor(transport: Transport, hello: Hello, keys: Keys) {
    this.#transport = transport;
    this.certificate = hello.certificate;
    this.#code = { salt: hello.salt, cost: hello.cost };
    this.#keys = keys;
    this.#unsubscribe = transport.onDisconnect(() => this.close());
  }

  /** The access code's salt and cost; zeros when the card has no code. */
  get salt(): Uint8Array {
    return this.#code.salt;
  }
  get cost(): number {
    return this.#code.cost;
  }
  /**
   * The card had no code when the channel was opened and has one now, with the key that it took: its
   * source's. A card that took another code refuses what is stretched so, as a wrong one.
   */
  tookCode(code: CodeCost): void {
    if (isZero(this.#code.salt)) this.#code = code;
  }
  get cardId(): Uint8Array {
    return this.certificate.id;
  }
  get isOpen(): boolean {
    return this.#keys !== undefined;
  }
  /** Open, and not idle for so long that the card may have ended it. */
  get isFresh(): boolean {
    return this.isOpen && this.#idle.milliseconds < FRESH_MS;
  }

  /** Throws VerifyError when the card is not the one it should be. */
  static async open(transport: Transport, options: ChannelOptions): Promise<Channel> {
    const { secret, point } = makeKeyPair();
    try {
      const answer = await plain(transport, OPEN, point, options);
      if (!isPoint(answer.cardPoint)) throw forged();
      const shared = ecdh(secret, answer.cardPoint) as Uint8Array;
      try {
        const { hello, keys } = agree(options, point, shared, answer);
        return new Channel(transport, hello, keys);
      } finally {
        wipe(shared);
      }
    } finally {
      wipe(secret);
    }
  }

  /** One command inside the channel. A refusal throws CardError and, but for PRESENCE, ends it. */
  run<In, Out>(command: Command<In, Out>, input: In, options?: TransmitOptions): Promise<Out> {
    const result = this.#queue.then(() => this.#runNow(command, input, options));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Forgets the keys. The card forgets its own with the next SELECT, OPEN or after 60 s. */
  close(): void {
    wipe(this.#keys?.toCard, this.#keys?.toHost);
    this.#keys = undefined;
    this.#unsubscribe();
  }

  async #runNow<In, Out>(
    command: Command<In, Out>,
    input: In,
    options?: TransmitOptions,
  ): Promise<Out> {
    const { p1, data } = command.encode(input);
    const keys = this.#keys;
    if (!keys) throw new Failure("channel/closed", {});
    const header = Uint8Array.of(CLA.CHANNEL, command.ins, p1, 0);
    const sealed = seal(keys.toCard, counterNonce(this.#sent++), header, data);
    const apdu = { cla: CLA.CHANNEL, ins: command.ins, p1, p2: 0, data: sealed };
    const told = this.#transport.witness?.(command.name);
    let opened: Uint8Array | undefined;
    try {
      const answer = await this.#deliver({ ...apdu, long: command.long }, options);
      if (answer.sw !== OK) throw new CardError(answer.sw, command.name, answer.data);
      opened = unseal(keys.toHost, counterNonce(this.#received++), answer.data, header);
      if (!opened || opened.length < 2) throw new VerifyError("verify/answer", {});
    } catch (error) {
      this.close();
      told?.();
      throw error;
    }
    told?.({ command: data, answer: opened });
    const result = opened.slice(0, -2);
    const sw = (opened.at(-2) as number) * 256 + (opened.at(-1) as number);
    wipe(opened);
    this.#idle.renew();
    if (sw !== OK) {
      if (sw !== STATUS_WORDS.PRESENCE.value) this.close();
      throw new CardError(sw, command.name, result, true);
    }
    return command.decode(result);
  }

  /** The same bytes again when an answer is lost; a card executes them once. */
  async #deliver(apdu: CommandApdu, options?: TransmitOptions): Promise<AnswerApdu> {
    // A chain can't be taken up in its middle: there the caller opens a new channel.
    const whole = this.#transport.extended || apdu.data.length <= 255;
    for (let resend = 0; ; resend++) {
      try {
        return await exchange(this.#transport, apdu, options);
      } catch (error) {
        const lost = error instanceof LinkError && UNHEARD.has(error.failure);
        if (!lost || !whole || resend === RESENDS) throw error;
      }
    }
  }
}

/** Checks the card's half of the handshake and derives the channel's keys. */
function agree(
  options: ChannelOptions,
  hostPoint: Uint8Array,
  shared: Uint8Array,
  { cardPoint, sealedHello }: OpenAnswer,
): { hello: Hello; keys: Keys } {
  const version = Uint8Array.of(PROTOCOL_VERSION, SUITE);
  const first = hash(label("HELLO"), version, hostPoint, cardPoint);
  const helloKey = hkdf(shared, first, "KHELLO");
  const opened = unseal(helloKey, counterNonce(0), sealedHello);
  wipe(helloKey);
  if (!opened) throw forged();
  const hello = parseHello(opened, options.maker);
  const { bytes, cardKey } = hello.certificate;
  const transcript = hash(label("CHANNEL"), version, bytes, hostPoint, cardPoint);
  if (!verifyDigest(cardKey, transcript, hello.signature)) throw forged();
  const { id } = hello.certificate;
  if (options.expectId !== undefined && !matchesId(options.expectId, id)) {
    const expected = describeExpected(options.expectId);
    throw new VerifyError("verify/other-card", { label: formatLabel(id), expected });
  }
  const keys = {
    toCard: hkdf(shared, transcript, "KTOCARD"),
    toHost: hkdf(shared, transcript, "KTOHOST"),
  };
  return { hello, keys };
}

function parseHello(bytes: Uint8Array, maker: Uint8Array): Hello {
  const needed = SIZES.HELLO;
  if (bytes.length !== needed)
    throw new Failure("format/size", { what: "the card's hello", bytes: bytes.length, needed });
  const reader = new Reader(bytes, "the card's hello");
  const certificate = verifyCertificate(maker, reader.take(SIZES.CERT));
  const signature = reader.take(SIZES.SIGNATURE);
  const salt = reader.take(SIZES.SALT);
  const cost = reader.byte();
  reader.end();
  return { certificate, signature, salt, cost };
}

const forged = () => new VerifyError("verify/handshake", {});
