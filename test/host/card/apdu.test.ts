/**
 * APDUs as ISO 7816-4 and docs/protocol.md 3 lay them out.
 */

import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../../host/sdk/crypto/bytes.js";
import {
  decodeAnswer,
  encodeExtended,
  encodeShort,
  exchange,
} from "../../../host/sdk/card/apdu.js";
import { select } from "../../../host/sdk/card/plain.js";
import { CardError, isCardError, wordName } from "../../../host/sdk/card/words.js";
import { LinkError } from "../../../host/sdk/links/link.js";
import { STATUS_WORDS } from "../../../host/sdk/wire/generated.js";
import { ScriptedTransport } from "./transport.js";

const OK = fromHex("9000");
const command = (size: number, long = false) => ({
  ...{ cla: 0x80, ins: 0x36, p1: 1, p2: 0, long },
  data: Uint8Array.from({ length: size }, (_, i) => i),
});

describe("APDU codec", () => {
  it("writes short commands with and without data and Le", () => {
    assert.equal(toHex(encodeShort(command(0), false)), "80360100");
    assert.equal(toHex(encodeShort(command(0), true)), "8036010000");
    assert.equal(toHex(encodeShort(command(2), false)), "80360100020001");
    assert.equal(toHex(encodeShort(command(2), true)), "8036010002000100");
    assert.throws(() => encodeShort(command(256), false), RangeError);
  });
  it("writes extended commands: 00, two length bytes, data", () => {
    const apdu = toHex(encodeExtended(command(366)));
    assert.ok(apdu.startsWith("8036010000016e0001"), apdu.slice(0, 20));
    assert.equal(apdu.length, 2 * (7 + 366));
  });
  it("takes the status word off the end", () => {
    assert.deepEqual(decodeAnswer(fromHex("01029000")), { data: fromHex("0102"), sw: 0x9000 });
    assert.throws(() => decodeAnswer(fromHex("90")), LinkError);
  });
});

describe("exchange", () => {
  it("uses extended length for long data and long answers where it goes through", async () => {
    const transport = new ScriptedTransport(() => OK);
    await exchange(transport, command(255));
    await exchange(transport, command(256));
    await exchange(transport, command(235, true));
    const lengths = transport.sent.map((apdu) => toHex(apdu.slice(4, 7)));
    assert.deepEqual(lengths, ["ff0001", "000100", "0000eb"]);
  });

  it("chains elsewhere: bit 10 in all parts but the last, which asks for an answer", async () => {
    const transport = new ScriptedTransport(() => OK, false);
    await exchange(transport, command(600));
    assert.deepEqual(
      transport.sent.map((apdu) => [apdu[0], apdu[4], apdu.length]),
      [
        [0x90, 255, 260],
        [0x90, 255, 260],
        [0x80, 90, 96],
      ],
    );
    const data = concat(...transport.sent.map((apdu) => apdu.slice(5, 5 + (apdu[4] as number))));
    assert.equal(toHex(data), toHex(command(600).data));
  });

  it("stops a chain at a refusal", async () => {
    const transport = new ScriptedTransport(() => fromHex("6700"), false);
    assert.equal((await exchange(transport, command(600))).sw, 0x6700);
    assert.equal(transport.sent.length, 1);
  });

  it("fetches every page of a long answer", async () => {
    const pages = [new Uint8Array(256).fill(1), new Uint8Array(110).fill(2)];
    const transport = new ScriptedTransport(
      (_, count) =>
        count === 1
          ? concat(pages[0] as Uint8Array, fromHex("616e"))
          : concat(pages[1] as Uint8Array, OK),
      false,
    );
    const answer = await exchange(transport, command(235, true));
    assert.equal(toHex(answer.data), toHex(concat(...pages)));
    assert.equal(toHex(transport.sent[1] as Uint8Array), "00c0000000");
  });

  it("does not page for ever", async () => {
    const transport = new ScriptedTransport(() => fromHex("006100"), false);
    await assert.rejects(exchange(transport, command(0)), /does not end/);
    assert.ok(transport.sent.length < 10);
  });

  it("selects by the AID of the document", async () => {
    const transport = new ScriptedTransport(() => fromHex("01010002039000"));
    assert.deepEqual(await select(transport), { firmware: "0.2.3" });
    assert.equal(toHex(transport.sent[0] as Uint8Array), "00a4040009f04b494e4341524401");
    const other = new ScriptedTransport(() => fromHex("02010002039000"));
    await assert.rejects(select(other), /another version/);
    const none = new ScriptedTransport(() => fromHex("6a82"));
    await assert.rejects(select(none), (error) => isCardError(error, "NOT_FOUND"));
  });
});

describe("status words", () => {
  it("each have a name and a sentence", () => {
    for (const [name, { value, says }] of Object.entries(STATUS_WORDS)) {
      assert.equal(wordName(value), name);
      if (name !== "OK") assert.ok(new CardError(value, "STATUS").message.includes(says));
    }
  });
  it("carry misses and seconds of a refused code, drops of a refused drop", () => {
    const code = new CardError(0x6300, "CODE", fromHex("050004"), true);
    assert.deepEqual([code.misses, code.drops, code.waitSeconds], [5, undefined, 4]);
    assert.match(code.message, /wrong access code; the next one is taken in 4 s/);
    const drop = new CardError(0x6301, "CANCEL", fromHex("030258"));
    assert.deepEqual([drop.misses, drop.drops, drop.waitSeconds], [undefined, 3, 600]);
    const bare = new CardError(0x6301, "CODE");
    assert.deepEqual([bare.misses, bare.waitSeconds], [undefined, undefined]);
  });
  it("that nobody knows are told as they are", () => {
    const error = new CardError(0x6f99, "SEAL");
    assert.equal(error.word, undefined);
    assert.match(error.message, /6f99/);
    assert.ok(!isCardError(error, "CODE"));
  });
});
