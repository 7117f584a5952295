/**
 * The host's library against the vectors: it must make the same bytes, take what is valid and
 * refuse what is not. The vectors share no code with it (suite.ts and messages.ts come from the
 * document).
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  issueCertificate,
  verifyCertificate,
  verifyRequest,
} from "../../host/sdk/card/certificate.js";
import { Channel } from "../../host/sdk/card/channel.js";
import { command as makeCommand } from "../../host/sdk/card/commands/command.js";
import { cardId, makerId } from "../../host/sdk/card/identity.js";
import { compareLedgers, verifyLedger, verifyProof } from "../../host/sdk/card/ledger.js";
import { verifyOffer, verifyTransfer } from "../../host/sdk/card/messages.js";
import { encodePath } from "../../host/sdk/crypto/bip32.js";
import { normaliseCode, stretch } from "../../host/sdk/crypto/code.js";
import { ecdh, isPoint, pointOf } from "../../host/sdk/crypto/curve.js";
import { signDigest, verifyDigest } from "../../host/sdk/crypto/ecdsa.js";
import { encodeFrame } from "../../host/sdk/links/line/line.js";
import type { Transport } from "../../host/sdk/links/link.js";
import type { CommandName } from "../../host/sdk/wire/generated.js";
import type { ceremony } from "./ceremony.js";
import { FOLDER } from "./generate.js";
import type { InvalidFile } from "./invalid.js";
import { fromHex, hex } from "./suite.js";

type Ceremony = ReturnType<typeof ceremony>;

interface Hop {
  command: string;
  response: string;
}
interface ChannelJson {
  card: string;
  purpose: string;
  E_h: { secret: string };
  open: { apdus: Hop[] };
  exchanges: { command: CommandName; data: string; answer: string; apdus: Hop[] }[];
}
interface CopyJson {
  destination: string;
  Klink_D: { secret: string; public: string };
  Klink_S: { secret: string; public: string };
  Z: string;
  OFFER: string;
  TRANSFER: string;
  offerHash: string;
}
const load = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as T;

for (const count of [2, 3]) {
  describe(`the host's library against ceremony-${count}.json`, () => {
    const v = load<Ceremony>(`ceremony-${count}.json`);
    const maker = fromHex(v.maker.Kmaker.public);
    const certificateOf = (name: string) => {
      const card = v.cards.find((c) => c.name === name)!;
      return verifyCertificate(maker, fromHex(card.certificate));
    };
    const copies = v.copies as CopyJson[];

    it("makes the maker id, the card ids and the certificates", () => {
      assert.equal(hex(makerId(maker)), v.maker.makerId);
      assert.equal(hex(pointOf(fromHex(v.maker.Kmaker.secret))), v.maker.Kmaker.public);
      for (const card of v.cards) {
        const answer = fromHex(card.personalise.answer);
        const request = { cardKey: answer.slice(0, 33), signature: answer.slice(33) };
        verifyRequest(maker, request);
        const issued = issueCertificate(fromHex(v.maker.Kmaker.secret), maker, request);
        assert.equal(hex(issued), card.certificate);
        assert.equal(hex(cardId(fromHex(card.Kcard.public))), card.id);
        assert.equal(hex(certificateOf(card.name).id), card.id);
      }
    });
    it("stretches the access code", async () => {
      const { accessCode, accessCodeBytes, salt, cost, S } = v.wallet;
      assert.equal(hex(normaliseCode(accessCode)), accessCodeBytes);
      assert.equal(hex(await stretch(fromHex(accessCodeBytes), fromHex(salt), cost)), S);
    });
    it("takes OFFER and TRANSFER apart, and agrees on Z", () => {
      for (const copy of copies) {
        const offer = verifyOffer(maker, fromHex(copy.OFFER));
        assert.equal(hex(offer.link), copy.Klink_D.public);
        assert.equal(hex(offer.sourceId), v.cards[0]?.id);
        assert.equal(hex(offer.setId), v.wallet.setId);
        const transfer = verifyTransfer(maker, fromHex(copy.TRANSFER), fromHex(copy.OFFER));
        assert.equal(hex(transfer.offerHash), copy.offerHash);
        const z = ecdh(fromHex(copy.Klink_D.secret), transfer.link);
        assert.equal(hex(z ?? new Uint8Array()), copy.Z);
        assert.equal(hex(ecdh(fromHex(copy.Klink_S.secret), offer.link)!), copy.Z);
      }
    });
    it("a TRANSFER for another OFFER is refused", () => {
      const [first, second] = copies;
      const other = second ?? load<Ceremony>("ceremony-3.json").copies[0];
      const offer = fromHex((other as CopyJson).OFFER);
      assert.throws(() => verifyTransfer(maker, fromHex(first!.TRANSFER), offer), /another offer/);
    });
    it("verifies ledgers and proofs, and the ledgers belong together", () => {
      const ledgers = v.ledgers.map((entry) => {
        const certificate = certificateOf(entry.card);
        verifyProof(certificate, fromHex(entry.proofChallenge), fromHex(entry.proof));
        const answer = fromHex(entry.body + entry.signature);
        assert.throws(() => verifyLedger(certificate, new Uint8Array(32), answer), /another/);
        return verifyLedger(certificate, fromHex(entry.challenge), answer);
      });
      const [source, ...rest] = ledgers;
      assert.equal(source!.state, "SHARED");
      for (const copy of rest) assert.deepEqual(compareLedgers(source!, copy), []);
      assert.equal(source!.setSize, count);
    });
    it("encodes paths and signs as the card does", () => {
      for (const entry of v.keys) {
        assert.equal(hex(encodePath(entry.path)), entry.pathBytes);
        const signature = signDigest(fromHex(entry.secret), fromHex(entry.digest));
        assert.equal(hex(signature), entry.signAnswer.slice(0, 128));
        const key = fromHex(entry.publicKeyAnswer).slice(0, 33);
        assert.ok(verifyDigest(key, fromHex(entry.digest), signature));
      }
    });
    it("frames lines", () => {
      for (const { seq, apdu, line } of v.frames) {
        const encoded = Buffer.from(encodeFrame({ seq, apdu: fromHex(apdu) })).toString("latin1");
        assert.equal(encoded, `${line}\n`);
      }
    });
    for (const channel of v.channels as unknown as ChannelJson[]) {
      it(`speaks the channel: ${channel.card}, ${channel.purpose}`, () => replay(maker, channel));
    }
  });
}

/** Runs a transcript through the host's Channel: it must send exactly the bytes written down. */
async function replay(maker: Uint8Array, channel: ChannelJson): Promise<void> {
  const expected = [...channel.open.apdus, ...channel.exchanges.flatMap(({ apdus }) => apdus)];
  const transport: Transport = {
    name: "transcript",
    extended: false,
    transmit: (apdu) => {
      const hop = expected.shift();
      // Le may follow where a short command is the last of its chain.
      const sent = hex(apdu).replace(/^(.*?)(00)?$/, (all, body: string) =>
        all === `${hop?.command}00` ? body : all,
      );
      assert.equal(sent, hop?.command);
      return Promise.resolve(fromHex(hop?.response ?? ""));
    },
    onDisconnect: () => () => undefined,
    close: () => Promise.resolve(),
  };
  const opened = await withRandom(fromHex(channel.E_h.secret), () =>
    Channel.open(transport, { maker }),
  );
  for (const { command, data, answer } of channel.exchanges) {
    const raw = makeCommand<Uint8Array, Uint8Array>(
      command,
      (bytes) => ({ data: bytes }),
      (bytes) => bytes,
    );
    assert.equal(hex(await opened.run(raw, fromHex(data))), answer);
  }
  opened.close();
  assert.equal(expected.length, 0, "the host sent less than the transcript");
}
/**
 * `work` with a platform whose first random bytes are known; curve arithmetic blinds with the rest.
 */
async function withRandom<T>(bytes: Uint8Array, work: () => Promise<T>): Promise<T> {
  const crypto = globalThis.crypto;
  const original = crypto.getRandomValues.bind(crypto);
  let left = 1;
  crypto.getRandomValues = ((out: Uint8Array) => {
    if (left-- < 1) return original(out);
    out.set(bytes);
    return out;
  }) as typeof original;
  try {
    return await work();
  } finally {
    crypto.getRandomValues = original;
  }
}

/** Flags whose faults lie in what the host sees and checks: chain, header, points, lengths. */
const SEEN = ["InvalidSignature", "HighS", "WrongMaker", "WrongVersion", "InvalidPoint", "Length"];
/** Cert_Card of CERTIFY's data: what follows it, if anything may, is not signed. */
const cert = (data: Uint8Array) => (data.length > 150 ? data : data.subarray(0, 103));
/** Commands with the host's check for them, by the file that holds the cases. */
const CHECKS = {
  certificate: [
    "CERTIFY",
    (maker: Uint8Array, data: Uint8Array) => verifyCertificate(maker, cert(data)),
  ],
  offer: ["SEAL", (maker: Uint8Array, data: Uint8Array) => verifyOffer(maker, data)],
  transfer: ["ACCEPT", (maker: Uint8Array, data: Uint8Array) => verifyTransfer(maker, data)],
} as const;

for (const [name, [command, verify]] of Object.entries(CHECKS)) {
  describe(`the host's library against invalid-${name}.json`, () => {
    const file = load<InvalidFile>(`invalid-${name}.json`);
    const tests = file.testGroups.flatMap(({ Kmaker, situation, tests: list }) =>
      list
        .filter((test) => test.command === command && test.data !== undefined)
        .map((test) => ({ ...test, situation, maker: fromHex(Kmaker.public) })),
    );
    it("takes what a card takes, or refuses for the names alone", () => {
      const valid = tests.filter(({ comment, flags, word }) => {
        const unsigned = comment.includes("spoilt signature");
        return (
          (flags[0] === "Valid" && !unsigned) || (flags[0] === "WrongName" && word === "NAMES")
        );
      });
      assert.ok(valid.length > 0);
      for (const { maker, data, comment } of valid) {
        if (/destination itself$|TRANSFER's header$/.test(comment) && name === "transfer") continue;
        assert.doesNotThrow(() => verify(maker, fromHex(data!)), comment);
      }
    });
    it("refuses every case whose fault it can see", () => {
      const bad = tests.filter(({ flags }) => flags.some((flag) => SEEN.includes(flag)));
      assert.ok(bad.length > 20, `only ${bad.length} cases`);
      for (const { maker, data, comment } of bad) {
        assert.throws(() => verify(maker, fromHex(data!)), `${comment}: taken`);
      }
    });
    it("refuses every flipped bit outside of ENC", () => {
      const flipped = tests.filter(({ flags, comment }) => {
        return flags.includes("FlippedByte") && !/^ENC |turned over/.test(comment);
      });
      assert.ok(flipped.length >= 10, `only ${flipped.length} cases`);
      for (const { maker, data, comment } of flipped) {
        assert.throws(() => verify(maker, fromHex(data!)), `${comment}: taken`);
      }
    });
  });
}

describe("the host's library against invalid-commands.json", () => {
  it("knows every bad point", () => {
    const file = load<InvalidFile>("invalid-commands.json");
    const points = file.testGroups
      .flatMap(({ tests }) => tests)
      .filter(({ flags }) => flags.includes("InvalidPoint"));
    assert.ok(points.length > 10);
    for (const { data, comment } of points) assert.ok(!isPoint(fromHex(data!)), comment);
  });
});
