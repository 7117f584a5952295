/** pcsc: links over a stand-in for the smartcard package: readers, cards and their failures. */

import assert from "node:assert/strict";
import { LinkError } from "../../host/sdk/links/link.js";
import { openPcsc } from "../../host/sdk/links/pcsc/pcsc.js";
import type { PcscOptions } from "../../host/sdk/links/pcsc/pcsc.js";
import { loadPcsc } from "../../host/sdk/links/pcsc/package.js";
import type { PcscCard, PcscPackage } from "../../host/sdk/links/pcsc/package.js";
import { toHex } from "../../host/sdk/crypto/bytes.js";

const PRESENT = 0x20;
const APDU = Uint8Array.of(0x80, 0x10, 0, 0, 0);

interface World {
  readers: string[];
  state: number;
  service: boolean;
  /** What `connect` fails with, in turn. */
  refusals: string[];
  answer: (command: number[]) => Promise<Uint8Array>;
  /** Called at each look at the readers. */
  looked?: () => void;
  /** What was done to the package, in order. */
  done: string[];
}

function standIn(changes: Partial<World> = {}) {
  const world: World = {
    readers: ["ACS ACR122U 00 00", "Virtual PCD 00 00", "Virtual PCD 00 01"],
    ...{ state: PRESENT, service: true, refusals: [], done: [] },
    answer: async () => Uint8Array.of(1, 0x90, 0),
    ...changes,
  };
  const card: PcscCard = {
    transmit: async (command) => world.answer(command),
    disconnect: (disposition) => void world.done.push(`disconnect ${disposition}`),
  };
  class Context {
    isValid = true;
    constructor() {
      if (!world.service) throw new Error("PC/SC service not running");
    }
    listReaders() {
      world.looked?.();
      return world.readers.map((name) => ({
        name,
        state: world.state,
        connect: async (share: number, protocols: number) => {
          const refusal = world.refusals.shift();
          if (refusal) throw new Error(refusal);
          world.done.push(`connect ${name} ${share} ${protocols}`);
          return card;
        },
      }));
    }
    close() {
      this.isValid = false;
      world.done.push("close");
    }
  }
  const pcsc: PcscPackage = {
    ...{ Context, SCARD_SHARE_EXCLUSIVE: 1, SCARD_PROTOCOL_T0: 1, SCARD_PROTOCOL_T1: 2 },
    ...{ SCARD_RESET_CARD: 1, SCARD_STATE_PRESENT: PRESENT },
  };
  const open = (reader: string, options: PcscOptions = {}) =>
    openPcsc(reader, { connectMs: 150, ...options, load: async () => pcsc });
  return { world, open };
}

const failsWith = (failure: LinkError["failure"], text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof LinkError, String(error));
  assert.equal(error.failure, failure);
  assert.match(error.message, text);
  return true;
};

describe("pcsc: finding the reader and the card", () => {
  it("takes any part of one reader's name, for this program alone", async () => {
    const { world, open } = standIn();
    await open("acr122");
    assert.deepEqual(world.done, ["connect ACS ACR122U 00 00 1 3"]);
  });
  it("takes a whole name that is part of another", async () => {
    const { world, open } = standIn({ readers: ["Reader", "Reader 2"] });
    await open("Reader");
    assert.deepEqual(world.done, ["connect Reader 1 3"]);
  });
  const refused: [string, Partial<World>, string, RegExp][] = [
    ["an ambiguous name", {}, "Virtual", /more than one .*"Virtual PCD 00 00", "Virtual PCD/],
    ["an unknown name", {}, "Omnikey", /no such reader; there is "ACS ACR122U 00 00", "Virtual/],
    ["no reader at all", { readers: [] }, "x", /none is connected/],
    ["a service that does not run", { service: false }, "ACS", /service is not running.*pcscd/],
    ["an empty reader", { state: 0 }, "ACS", /there is no card on it \(waited 0.15 s/],
  ];
  for (const [what, changes, reader, text] of refused)
    it(`says so: ${what}`, async () => {
      const { world, open } = standIn(changes);
      await assert.rejects(open(reader), failsWith("open", text));
      assert.equal(world.done.at(-1), world.service ? "close" : undefined, "context closed");
    });
  it("waits for a card, and for another program to let go of it", async () => {
    const { world, open } = standIn({ state: 0, refusals: ["Sharing violation"] });
    let looks = 0;
    world.looked = () => {
      if (++looks === 3) world.state = PRESENT;
    };
    await open("ACS", { connectMs: 2000 });
    assert.equal(world.done.length, 1);
  });
  it("names the other program when that keeps it", async () => {
    const { open } = standIn({ refusals: Array<string>(20).fill("Sharing violation") });
    await assert.rejects(open("ACS"), failsWith("open", /another program uses its card/));
  });
  it("stops waiting on request", async () => {
    const { open } = standIn({ state: 0 });
    const signal = AbortSignal.timeout(30);
    await assert.rejects(
      open("ACS", { connectMs: 5000, signal }),
      failsWith("aborted", /stopped on request/),
    );
  });
});

describe("pcsc: commands", () => {
  it("go out as they are, one at a time, seen by observers", async () => {
    let running = 0;
    const seen: string[] = [];
    const { open } = standIn({
      answer: async (command) => {
        assert.equal(++running, 1, "two at once");
        await new Promise((wake) => setTimeout(wake, 5));
        running--;
        return Uint8Array.of(command[1] as number, 0x90, 0);
      },
    });
    const apdu = (command: Uint8Array, answer: Uint8Array) =>
      void seen.push(`${toHex(command)} ${toHex(answer)}`);
    const link = await open("ACS", { observers: [{ apdu }] });
    const other = Uint8Array.of(0x80, 0x16, 0, 0, 0);
    const answers = await Promise.all([link.transmit(APDU), link.transmit(other)]);
    assert.deepEqual(answers.map(toHex), ["109000", "169000"]);
    assert.deepEqual(seen, ["8010000000 109000", "8016000000 169000"]);
  });
  it("are short ones only, and the card is selected first", async () => {
    const link = await standIn().open("ACS");
    assert.equal(link.extended, false);
    assert.equal(link.needsSelect, true);
    assert.throws(() => link.transmit(new Uint8Array(262)), /no short one/);
  });
  it("find the card gone: the link is closed, once, for good", async () => {
    const { world, open } = standIn();
    const link = await open("ACS");
    const reasons: string[] = [];
    link.onDisconnect(({ message }) => reasons.push(message));
    world.answer = async () => Promise.reject(new Error("Card was removed"));
    await assert.rejects(
      link.transmit(APDU),
      failsWith("closed", /the card is gone: Card was removed/),
    );
    world.answer = async () => Uint8Array.of(0x90, 0);
    await assert.rejects(link.transmit(APDU), failsWith("closed", /Card was removed/));
    assert.deepEqual(reasons, ["pcsc:ACS: the card is gone: Card was removed"]);
  });
  it("end their wait when the driver does not", async () => {
    const { open } = standIn({ answer: () => new Promise(() => undefined) });
    const link = await open("ACS");
    const short = link.transmit(APDU, { timeoutMs: 20 });
    await assert.rejects(short, failsWith("timeout", /no answer within 0.02 s/));
    const stopped = link.transmit(APDU, { signal: AbortSignal.timeout(20) });
    await assert.rejects(stopped, failsWith("aborted", /stopped/));
  });
  it("refuse what is no answer", async () => {
    const { open } = standIn({ answer: async () => Uint8Array.of(0x90) });
    const link = await open("ACS");
    await assert.rejects(link.transmit(APDU), failsWith("garbled", /shorter than a status word/));
  });
});

describe("pcsc: closing", () => {
  it("resets the card, so that no channel outlives the link", async () => {
    const { world, open } = standIn();
    const link = await open("ACS");
    await link.close();
    await link.close();
    assert.deepEqual(world.done.slice(1), ["disconnect 1", "close"]);
    await assert.rejects(link.transmit(APDU), failsWith("closed", /the link was closed/));
  });
  it("does not hang on a driver that does, nor call into it", async function () {
    this.timeout(5000);
    const { world, open } = standIn({ answer: () => new Promise(() => undefined) });
    const link = await open("ACS");
    await assert.rejects(link.transmit(APDU, { timeoutMs: 10 }), failsWith("timeout", /./));
    await link.close();
    assert.equal(world.done.length, 1, "only the connect");
  });
});

describe("pcsc: the package", () => {
  const failing = (code: string, message: string) => () =>
    loadPcsc(() => Promise.reject(Object.assign(new Error(message), { code })));
  it("says how to get it", async () => {
    const load = failing("ERR_MODULE_NOT_FOUND", "Cannot find package 'smartcard'");
    await assert.rejects(load, failsWith("missing", /need the smartcard package: npm install/));
  });
  it("says that it was not built", async () => {
    const text = "Cannot find module '../../build/Release/smartcard_napi.node'";
    const load = failing("MODULE_NOT_FOUND", text);
    await assert.rejects(load, failsWith("missing", /not built: npm rebuild smartcard/));
  });
});
