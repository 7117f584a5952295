/**
 * Whatever a card, a relay or a file says: a result or an error with a sentence, never another one.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePath } from "../../../host/sdk/crypto/bip32.js";
import { isPoint, pointOf } from "../../../host/sdk/crypto/curve.js";
import { verifyDigest } from "../../../host/sdk/crypto/ecdsa.js";
import { verifyCertificate } from "../../../host/sdk/card/certificate.js";
import { Channel } from "../../../host/sdk/card/channel.js";
import * as commands from "../../../host/sdk/card/commands/index.js";
import { parseLabel } from "../../../host/sdk/card/label.js";
import { parseLedger } from "../../../host/sdk/card/ledger.js";
import { verifyOffer, verifyTransfer } from "../../../host/sdk/card/messages.js";
import { plain } from "../../../host/sdk/card/plain.js";
import { Failure, isFailure } from "../../../host/sdk/failures/failure.js";
import type { FailureKind } from "../../../host/sdk/failures/facts.js";
import { parseSealedMaker } from "../../../host/sdk/maker/seal.js";
import { parseRun } from "../../../host/sdk/relay/run/run.js";
import { COMMANDS, SIZES } from "../../../host/sdk/wire/generated.js";
import { ScriptedTransport } from "./transport.js";

const MAKER = new Uint8Array(33).fill(2);

/** A failure of one of these kinds, or the test fails. */
const isOf =
  (...kinds: FailureKind[]) =>
  (error: unknown): void =>
    assert.ok(error instanceof Failure && kinds.includes(error.kind), String(error));

/** Runs it; only failures of these kinds are allowed. */
function tame(run: () => unknown, ...kinds: FailureKind[]): void {
  try {
    run();
  } catch (error) {
    isOf(...kinds)(error);
  }
}
describe("a public key in an answer", () => {
  const none = new Uint8Array(33).fill(2, 0, 1);
  const answers: [string, () => unknown][] = [
    ["PERSONALISE", () => commands.PERSONALISE.decode(new Uint8Array(97))],
    ["OPEN", () => commands.OPEN.decode(new Uint8Array(33 + SIZES.HELLO + SIZES.TAG))],
    ["ACTIVATE", () => commands.ACTIVATE.decode(new Uint8Array([...new Uint8Array(16), ...none]))],
    ["PUBLIC_KEY", () => commands.PUBLIC_KEY.decode(new Uint8Array(98))],
    [
      "PUBLIC_KEY's parent",
      () => {
        const point = pointOf(new Uint8Array(32).fill(1));
        return commands.PUBLIC_KEY.decode(
          Uint8Array.from([...point, ...new Uint8Array(32), ...none]),
        );
      },
    ],
  ];
  for (const [name, decode] of answers)
    it(`is refused when it is no point: ${name}`, () => {
      assert.throws(decode, (error) => isFailure(error, "format/point"));
    });
});

/** Of every length around the one that is right. */
const bytesNear = (size: number) =>
  fc.oneof(
    fc.uint8Array({ minLength: size, maxLength: size }),
    fc.uint8Array({ maxLength: size + 5 }),
  );
const RUNS = { numRuns: 200 };

describe("malformed answers", () => {
  it("there is a command for every line of the wire table", () => {
    const names = Object.values(commands).map(({ name }) => name);
    assert.deepEqual(names.sort(), COMMANDS.map(({ name }) => name).sort());
  });

  const sizes: Record<string, number> = { STATUS: 16, CERTIFICATE: 103, LEDGER: 280, OPEN: 233 };
  for (const command of Object.values(commands)) {
    it(`to ${command.name} are told as that`, () => {
      const size = sizes[command.name] ?? 64;
      fc.assert(
        fc.property(bytesNear(size), (answer) => {
          tame(() => command.decode(answer), "format", "verify");
        }),
        RUNS,
      );
    });
  }

  it("to a whole exchange are told as that, status word or not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (answer) => {
        const transport = new ScriptedTransport(() => answer);
        const known = isOf("card", "link", "format", "verify");
        await plain(transport, commands.STATUS, undefined).catch(known);
        await Channel.open(transport, { maker: MAKER }).then(() => assert.fail("opened"), known);
      }),
      { numRuns: 50 },
    );
  });

  it("never parse into a verified message", () => {
    fc.assert(
      fc.property(bytesNear(239), bytesNear(366), bytesNear(103), (offer, transfer, cert) => {
        const kinds = ["format", "verify"] as const;
        tame(() => assert.fail(String(verifyOffer(MAKER, offer))), ...kinds);
        tame(() => assert.fail(String(verifyTransfer(MAKER, transfer))), ...kinds);
        tame(() => assert.fail(String(verifyCertificate(MAKER, cert))), ...kinds);
        tame(() => parseLedger(offer), ...kinds);
      }),
      RUNS,
    );
  });

  it("are no points and no signatures, whatever their length", () => {
    fc.assert(
      fc.property(bytesNear(33), bytesNear(64), bytesNear(32), (point, signature, digest) => {
        assert.equal(typeof isPoint(point), "boolean");
        assert.equal(verifyDigest(point, digest, signature), false);
      }),
      RUNS,
    );
  });
});

describe("malformed texts", () => {
  it("are no path, label, run or maker's file", () => {
    const texts = fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(texts, (text) => {
        tame(() => parsePath(text), "input");
        tame(() => parseLabel(text), "input");
        tame(() => assert.fail(String(parseRun(text))), "run");
        tame(() => assert.fail(String(parseSealedMaker(text))), "maker");
      }),
      RUNS,
    );
  });
});
