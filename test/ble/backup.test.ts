/** Whole ceremonies over the air: every MTU, late confirmations, links lost with any packet. */

import assert from "node:assert/strict";
import { backup, commands, ConnectedCards, toHex, type Transport } from "../../host/sdk/core.js";
import { fromHex } from "../../host/sdk/crypto/bytes.js";
import { decodeRaw } from "../../host/sdk/links/line/line.js";
import { withTransmit } from "../../host/sdk/links/link.js";
import { accessCode, MAKER, needsBundle, TestCard } from "../host/support.js";
import { is } from "../host/relay/interrupted.js";
import { airTo, overTheAir, restart, type HostRadio } from "./support.js";
import { PART, some, someOf } from "../support/full.js";

type Cards = readonly TestCard[];

async function run(cards: Cards, set = overTheAir(cards)) {
  await set.arrange();
  return backup({
    ...{ maker: MAKER, code: accessCode(), setSize: cards.length, present: set.present },
  });
}
async function made(name: string, setSize: number, mtu: number): Promise<TestCard[]> {
  const bluetooth = { mtu };
  const cards = [await TestCard.wallet(`${name} source`, { bluetooth })];
  while (cards.length < setSize)
    cards.push(await TestCard.empty(`${name} copy ${cards.length}`, { bluetooth }));
  restart(...cards);
  return cards;
}

/** Small packets make many: all of them are tried only in the suite of its own. */
const FULL = process.env.KINCARD_SWEEP === "full";

describe("a backup over the air", function () {
  this.timeout(120_000);
  needsBundle(this);

  for (const mtu of some("MTUs", [23, 53, 131], 1))
    it(`goes through with an MTU of ${mtu}, in packets that fit and fill it${PART}`, async () => {
      const cards = await made(`mtu ${mtu}`, 3, mtu);
      const sizes = { out: [] as number[], in: [] as number[] };
      const packet: HostRadio["packet"] = (_, way, size) => sizes[way].push(size);
      assert.ok((await run(cards, overTheAir(cards, { mtu, packet }))).complete);
      assert.deepEqual([Math.max(...sizes.out), Math.max(...sizes.in)], [mtu - 3, mtu - 3]);
    });

  const unknown = [
    [131, 50],
    [23, 20],
  ] as const;
  for (const [mtu, most] of some("unknown MTUs", unknown, 1))
    it(`with a host that does not know the MTU of ${mtu}, in packets of ${most}${PART}`, async () => {
      const cards = await made(`unknown ${mtu}`, 2, mtu);
      const sizes: number[] = [];
      const packet: HostRadio["packet"] = (_, way, size) => way === "in" && sizes.push(size);
      assert.ok((await run(cards, overTheAir(cards, { packet, central: mtu }))).complete);
      assert.equal(Math.max(...sizes), most);
    });

  it("with word to go on that comes late: nothing is lost, nothing comes twice", async () => {
    const cards = await made("late", 2, 53);
    let held = 0;
    // Seconds of the board's time, in which it waits.
    const hold = async (size: number) => {
      if (size > 1) return;
      held++;
      cards.forEach(({ board }) => board.advance(2));
    };
    const frames: string[] = [];
    const wire = (way: "out" | "in", bytes: Uint8Array) =>
      way === "in" && frames.push(toHex(bytes));
    const places = cards.map(({ board, name }) => ({
      name,
      open: () => airTo(board, { hold }, { observers: [{ wire }], timeoutMs: 60_000 }),
    }));
    assert.ok((await run(cards, new ConnectedCards(places))).complete);
    assert.ok(held > 3, `only ${held} words`);
    assert.equal(new Set(frames).size, frames.length);
    for (const frame of frames) assert.ok(decodeRaw(fromHex(frame)), frame);
  });

  for (const [command, index, mtu] of [
    ["SEAL", 0, FULL ? 23 : 131],
    ["ACCEPT", 1, FULL ? 23 : 131],
  ] as const)
    it(`goes on when the link is lost with any packet of ${command}${PART}`, async () => {
      const cards = await made(`lost ${command}`, 2, mtu);
      const fresh = cards.map(({ board }) => board.flash.snapshot());
      /** How many packets there were. */
      const losing = async (lost: number): Promise<number> => {
        cards.forEach(({ board }, i) => {
          board.powerOff();
          board.flash.restore(fresh[i]!);
          board.powerOn();
        });
        let busy = false;
        let count = 0;
        const packet: HostRadio["packet"] = (central) => {
          if (busy && ++count === lost) central.vanish();
        };
        const places = cards.map(({ board, name }, i) => ({
          name,
          open: async () => {
            const link = await airTo(board, i === index ? { mtu, packet } : { mtu }, { name });
            return during(link, commands[command], (now) => (busy = now));
          },
        }));
        const result = await run(cards, new ConnectedCards(places));
        assert.ok(result.complete, `packet ${lost}`);
        await sameWallet(cards);
        return count;
      };
      const packets = await losing(Infinity);
      assert.ok(packets > 4, `only ${packets} packets were seen`);
      for (const lost of someOf(`lost ${command}`, packets, 1)) await losing(lost + 1);
    });
});

/** Says when a command is under way. */
function during(link: Transport, command: { ins: number }, tell: (now: boolean) => void) {
  const transmit: Transport["transmit"] = async (apdu, options) => {
    tell(is(apdu, command));
    try {
      return await link.transmit(apdu, options);
    } finally {
      tell(false);
    }
  };
  return withTransmit(link, transmit);
}

/** One key on both, sealed once: source SHARED with one confirmed slot, copy 2 of 2. */
async function sameWallet(cards: Cards): Promise<void> {
  const keys: string[] = [];
  restart(...cards);
  for (const card of cards) {
    await card.reconnect();
    await card.unlock();
    const { publicKey } = await card.session.publicKey([]);
    keys.push(toHex(publicKey));
  }
  assert.equal(keys[0], keys[1]);
}
