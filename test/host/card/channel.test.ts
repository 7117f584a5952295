/**
 * The channel against a scripted card: only the handshake's bytes and the AEAD are played here, as
 * docs/protocol.md 5 writes them, so that each can be made wrong.
 */

import assert from "node:assert/strict";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { concat, fromHex, toHex } from "../../../host/sdk/crypto/bytes.js";
import { ecdh, makeKeyPair, type KeyPair } from "../../../host/sdk/crypto/curve.js";
import { signDigest } from "../../../host/sdk/crypto/ecdsa.js";
import { hash, hkdf } from "../../../host/sdk/crypto/hash.js";
import { label } from "../../../host/sdk/crypto/labels.js";
import { issueCertificate } from "../../../host/sdk/card/certificate.js";
import { Channel } from "../../../host/sdk/card/channel.js";
import { CODE, PROVE } from "../../../host/sdk/card/commands/index.js";
import { cardId } from "../../../host/sdk/card/identity.js";
import { formatLabel } from "../../../host/sdk/card/label.js";
import { CardError } from "../../../host/sdk/card/words.js";
import { isFailure, LinkError, VerifyError } from "../../../host/sdk/failures/failure.js";
import { requestOf } from "./requests.js";
import { ScriptedTransport, type Answer } from "./transport.js";

const maker = makeKeyPair();
const card = makeKeyPair();
const VERSION = fromHex("0101");
const SALT = new Uint8Array(16).fill(7);
const CERT = issueCertificate(maker.secret, maker.point, requestOf(card, maker.point));

/** What can be made wrong. */
interface Faults {
  maker?: KeyPair;
  signer?: KeyPair;
  cardPoint?: Uint8Array;
  hello?: (plain: Uint8Array) => Uint8Array;
  sealed?: (sealed: Uint8Array) => Uint8Array;
}

function nonce(counter: number): Uint8Array {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint32(0, counter, true);
  return bytes;
}

/** Plays a card's side: `inside` answers decrypted commands; `outer` may replace a whole answer. */
class PlayedCard {
  toCard = new Uint8Array(0) as Uint8Array;
  toHost = new Uint8Array(0) as Uint8Array;
  received = 0;
  sent = 0;
  inside: (ins: number, data: Uint8Array) => Uint8Array = () => fromHex("9000");
  outer: (answer: Uint8Array, count: number) => Uint8Array | LinkError = (answer) => answer;

  constructor(private readonly faults: Faults = {}) {}

  readonly answer: Answer = (apdu, count) => {
    if (apdu[1] === 0x20) return this.open(apdu.slice(5, 38));
    const header = apdu.slice(0, 4);
    const data = apdu[4] ? apdu.slice(5, 5 + apdu[4]) : apdu.slice(7);
    const plain = chacha20poly1305(this.toCard, nonce(this.received++), header).decrypt(data);
    const answer = this.inside(apdu[1] as number, plain);
    const sealed = chacha20poly1305(this.toHost, nonce(this.sent++), header).encrypt(answer);
    return this.outer(concat(sealed, fromHex("9000")), count);
  };

  private open(hostPoint: Uint8Array): Uint8Array {
    const { faults } = this;
    const own = makeKeyPair();
    const shared = ecdh(own.secret, hostPoint) as Uint8Array;
    const signing = faults.maker ?? maker;
    const request = requestOf(card, signing.point);
    const cert = faults.maker ? issueCertificate(signing.secret, signing.point, request) : CERT;
    const first = hash(label("HELLO"), VERSION, hostPoint, own.point);
    const transcript = hash(label("CHANNEL"), VERSION, cert, hostPoint, own.point);
    const signature = signDigest((faults.signer ?? card).secret, transcript);
    const hello = concat(cert, signature, SALT, Uint8Array.of(12));
    const plain = faults.hello ? faults.hello(hello) : hello;
    const key = hkdf(shared, first, "KHELLO");
    const sealed = chacha20poly1305(key, nonce(0)).encrypt(plain) as Uint8Array;
    this.toCard = hkdf(shared, transcript, "KTOCARD");
    this.toHost = hkdf(shared, transcript, "KTOHOST");
    const sent = faults.sealed ? faults.sealed(sealed) : sealed;
    return concat(faults.cardPoint ?? own.point, sent, fromHex("9000"));
  }
}

async function opened(played = new PlayedCard(), extended = true) {
  const transport = new ScriptedTransport(played.answer, extended);
  const channel = await Channel.open(transport, { maker: maker.point });
  return { played, transport, channel };
}
const closed = (error: unknown) => isFailure(error, "channel/closed");
const refuses = (reason: VerifyError["reason"]) => (error: unknown) => {
  assert.ok(error instanceof VerifyError, String(error));
  assert.equal(error.reason, reason);
  return true;
};
const flip = (at: number) => (bytes: Uint8Array) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe("channel: handshake", () => {
  it("opens with a genuine card and tells salt and cost of its code", async () => {
    const { channel } = await opened();
    assert.equal(toHex(channel.cardId), toHex(cardId(card.point)));
    assert.equal(toHex(channel.salt), toHex(SALT));
    assert.equal(channel.cost, 12);
    assert.ok(channel.isFresh);
  });

  const wrong: [string, Faults, VerifyError["reason"]][] = [
    ["a card of another maker", { maker: makeKeyPair() }, "maker"],
    ["a signature by another key", { signer: makeKeyPair() }, "forged"],
    ["a certificate with a changed signature", { hello: flip(50) }, "forged"],
    ["a certificate with another card key", { hello: flip(20) }, "forged"],
    ["a certificate of another version", { hello: flip(0) }, "content"],
    ["a changed transcript signature", { hello: flip(110) }, "forged"],
    ["a hello changed on its way", { sealed: flip(3) }, "forged"],
    ["another ephemeral point", { cardPoint: makeKeyPair().point }, "forged"],
    ["an ephemeral point off the curve", { cardPoint: new Uint8Array(33).fill(2) }, "forged"],
  ];
  for (const [what, faults, reason] of wrong) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(opened(new PlayedCard(faults)), refuses(reason));
    });
  }

  it("refuses another card than the user named, and says which it is", async () => {
    const transport = new ScriptedTransport(new PlayedCard().answer);
    const expectId = new Uint8Array(16);
    const open = Channel.open(transport, { maker: maker.point, expectId });
    await assert.rejects(open, (error: Error) => {
      assert.ok(error.message.includes(formatLabel(cardId(card.point))));
      return refuses("identity")(error);
    });
  });

  it("takes the card's id, its hex and its label as names", async () => {
    const id = cardId(card.point);
    for (const expectId of [id, toHex(id), formatLabel(id), formatLabel(id).toLowerCase()]) {
      const transport = new ScriptedTransport(new PlayedCard().answer);
      await Channel.open(transport, { maker: maker.point, expectId });
    }
  });
});

describe("channel: commands", () => {
  const challenge = new Uint8Array(32).fill(9);

  it("are sealed with their header, and every answer has its own count", async () => {
    const { played, channel } = await opened();
    played.inside = (ins, data) => {
      assert.equal(ins, PROVE.ins);
      assert.equal(toHex(data), toHex(challenge));
      return concat(new Uint8Array(64).fill(played.sent), fromHex("9000"));
    };
    for (let i = 0; i < 5; i++) assert.equal((await channel.run(PROVE, challenge))[0], i);
    assert.equal(played.received, 5);
  });

  it("queue up when they are given at once", async () => {
    const { played, channel } = await opened();
    played.inside = () => concat(new Uint8Array(64).fill(played.sent), fromHex("9000"));
    const answers = await Promise.all([1, 2, 3].map(() => channel.run(PROVE, challenge)));
    assert.deepEqual(
      answers.map((answer) => answer[0]),
      [0, 1, 2],
    );
  });

  it("are short, with Le, where only short APDUs go through", async () => {
    const { played, transport, channel } = await opened(new PlayedCard(), false);
    played.inside = () => fromHex("9000");
    await channel.run(CODE, new Uint8Array(32));
    // 32 + 16 bytes and Le.
    assert.equal(transport.sent.at(-1)?.length, 4 + 1 + 48 + 1);
  });

  it("that are refused inside end the channel, with the card's own word and data", async () => {
    const { played, channel } = await opened();
    played.inside = () => fromHex("0500046300");
    await assert.rejects(channel.run(CODE, new Uint8Array(32)), (error) => {
      assert.ok(error instanceof CardError);
      assert.deepEqual([error.word, error.misses, error.waitSeconds], ["WRONG_CODE", 5, 4]);
      return error.authentic;
    });
    assert.equal(channel.isOpen, false);
    await assert.rejects(channel.run(CODE, new Uint8Array(32)), closed);
  });

  it("that are refused outside end the channel too, maybe not by the card", async () => {
    const { played, channel } = await opened();
    played.outer = () => fromHex("6982");
    await assert.rejects(channel.run(PROVE, challenge), (error) => {
      assert.ok(error instanceof CardError);
      return error.word === "CHANNEL" && !error.authentic;
    });
    assert.equal(channel.isOpen, false);
  });

  const changes: [string, (answer: Uint8Array) => Uint8Array][] = [
    ["changed", flip(2)],
    ["cut short", (answer) => concat(answer.slice(0, 9), fromHex("9000"))],
    ["empty", () => fromHex("9000")],
  ];
  for (const [what, change] of changes) {
    it(`with an answer that is ${what} end the channel`, async () => {
      const { played, channel } = await opened();
      played.outer = change;
      await assert.rejects(channel.run(CODE, new Uint8Array(32)), refuses("forged"));
      assert.equal(channel.isOpen, false);
    });
  }

  it("with an answer that was recorded before end the channel", async () => {
    const { played, channel } = await opened();
    let first: Uint8Array | undefined;
    played.outer = (answer) => (first ??= answer);
    await channel.run(CODE, new Uint8Array(32));
    await assert.rejects(channel.run(CODE, new Uint8Array(32)), refuses("forged"));
  });

  it("send the very same bytes again when the answer is lost, once", async () => {
    const { played, transport, channel } = await opened();
    const lost = new LinkError("link/no-answer", { link: "test", seconds: 1 });
    let kept: Uint8Array | undefined;
    played.outer = (answer) => {
      kept = answer;
      return lost;
    };
    const real = played.answer;
    const again: Answer = (apdu, count) => (kept && count === 3 ? kept : real(apdu, count));
    (transport as unknown as { answer: Answer }).answer = again;
    await channel.run(CODE, new Uint8Array(32));
    assert.equal(toHex(transport.sent[1] as Uint8Array), toHex(transport.sent[2] as Uint8Array));
    assert.ok(channel.isOpen);
    (transport as unknown as { answer: Answer }).answer = () => lost;
    await assert.rejects(channel.run(CODE, new Uint8Array(32)), LinkError);
    assert.equal(transport.sent.length, 5);
    assert.equal(channel.isOpen, false);
  });

  it("are not sent again when the link is gone", async () => {
    const { transport, channel } = await opened();
    (transport as unknown as { answer: Answer }).answer = () =>
      new LinkError("link/closed", { link: "test" });
    await assert.rejects(channel.run(CODE, new Uint8Array(32)), LinkError);
    assert.equal(transport.sent.length, 2);
  });

  it("end with the link", async () => {
    const { transport, channel } = await opened();
    await transport.close();
    assert.equal(channel.isOpen, false);
  });
});
