/** Checks of one card: its life from blank to wallet and back, its code, keys and proofs. */
import assert from "node:assert/strict";
import { decodeBase58Check } from "../../../sdk/crypto/base58.js";
import { fingerprint, parsePath } from "../../../sdk/crypto/bip32.js";
import { randomBytes } from "../../../sdk/crypto/random.js";
import { IDLE_S } from "../../../sdk/wire/generated.js";
import { Card, CODE, WRONG } from "../card.js";
import { refused, Skip } from "../check.js";
import type { Levers } from "../rack.js";

interface Single {
  readonly title: string;
  readonly needs?: keyof Levers;
  readonly run: (card: Card) => Promise<void>;
}

const PATH = parsePath("m/84'/0'/0'/7");

async function misses(card: Card): Promise<number> {
  return (await card.status()).misses;
}
/** One wrong try, which must be counted as the n-th. */
async function miss(card: Card, count: number): Promise<void> {
  const error = await refused("WRONG_CODE", "a wrong code", card.unlock(WRONG));
  assert.equal(error.misses, count, "wrong tries, as the card counts them");
}

export const SINGLE: readonly Single[] = [
  {
    title: "says its state to anybody, with kernel, vault and entropy in order",
    run: async (card) => {
      const { state, noVault, rngFailed, kernelAbi, firmware } = await card.status();
      assert.notEqual(state, "DAMAGED");
      assert.deepEqual({ noVault, rngFailed }, { noVault: false, rngFailed: false });
      assert.ok(kernelAbi > 0, "it has no kernel");
      assert.match(firmware, /^\d+\.\d+\.\d+$/);
      assert.equal((await (await card.session()).select()).firmware, firmware);
    },
  },
  {
    title: "has a certificate of its maker, and takes no other",
    run: async (card) => {
      await card.toEmpty();
      const session = await card.session();
      const shown = await session.certificate();
      await card.meet();
      assert.deepEqual(shown.bytes, session.channel?.certificate.bytes);
      await refused("STATE", "PERSONALISE", session.personalise());
      await refused("STATE", "CERTIFY", session.certify(shown.bytes));
    },
  },
  {
    title: "proves that it holds its own key",
    run: async (card) => {
      await card.toEmpty();
      const session = await card.meet();
      const [one, two] = [await session.prove(), await session.prove()];
      assert.notDeepEqual(one.challenge, two.challenge);
      assert.notDeepEqual(one.proof, two.proof);
    },
  },
  {
    title: "makes a wallet key, once",
    run: async (card) => {
      await card.toEmpty();
      const { publicKey, setId, state, setSize } = await card.toWallet();
      assert.deepEqual({ state, setSize }, { state: "WALLET", setSize: 1 });
      const session = await card.unlock();
      assert.deepEqual((await session.publicKey([])).publicKey, publicKey);
      assert.deepEqual((await session.ledger()).setId, setId);
      await refused("STATE", "ACTIVATE", session.activate(CODE, { cost: 10 }));
    },
  },
  {
    title: "counts wrong codes, and forgets them with the right one",
    run: async (card) => {
      await card.toWallet();
      await miss(card, 1);
      await miss(card, 2);
      assert.equal(await misses(card), 2);
      await card.unlock();
      assert.equal(await misses(card), 0);
    },
  },
  {
    title: "gives nothing of its wallet without the code",
    run: async (card) => {
      await card.toWallet();
      const session = await card.meet();
      await refused("CODE", "SIGN", session.sign([], randomBytes(32)));
      await card.meet();
      await refused("CODE", "PUBLIC_KEY", session.publicKey([]));
      await card.meet();
      await refused("CODE", "LEDGER", session.ledger());
    },
  },
  {
    title: "signs with the key at a path, and the signature verifies",
    run: async (card) => {
      await card.toWallet();
      const session = await card.session();
      const { publicKey } = await session.publicKey(PATH);
      await session.sign(PATH, randomBytes(32), publicKey);
      const master = (await session.publicKey([])).publicKey;
      await session.sign([], randomBytes(32), master);
      assert.notDeepEqual(publicKey, master);
    },
  },
  {
    title: "gives an xpub that fits its keys",
    run: async (card) => {
      await card.toWallet();
      const session = await card.session();
      const payload = decodeBase58Check(await session.xpub(PATH));
      const { publicKey, chainCode } = await session.publicKey(PATH);
      const parent = await session.publicKey(PATH.slice(0, -1));
      assert.equal(payload[4], PATH.length, "depth");
      assert.deepEqual(payload.slice(5, 9), fingerprint(parent.publicKey), "parent");
      assert.deepEqual(payload.slice(13, 45), chainCode, "chain code");
      assert.deepEqual(payload.slice(45), publicKey, "public key");
    },
  },
  {
    title: "signs a ledger of a key that was never shared",
    run: async (card) => {
      const { slots, ownId, sourceId, copy } = await card.toWallet();
      assert.deepEqual(
        slots.map(({ state }) => state),
        ["OPEN", "OPEN"],
      );
      assert.deepEqual(sourceId, ownId);
      assert.equal(copy, 1);
    },
  },
  {
    title: "keeps wallet and tries over a power cut, and its channel ends",
    needs: "power",
    run: async (card) => {
      const { publicKey } = await card.toWallet();
      await miss(card, 1);
      await card.reboot();
      assert.equal(await misses(card), 1);
      const session = await card.unlock();
      assert.deepEqual((await session.ledger()).publicKey, publicKey);
    },
  },
  {
    title: "makes the user wait after four wrong codes",
    run: async (card) => {
      await card.toWallet();
      for (const count of [1, 2, 3, 4]) await miss(card, count);
      const { waitSeconds } = await card.status();
      assert.ok(waitSeconds === 1 || waitSeconds === 2, `${waitSeconds} s to wait, in STATUS`);
      const told = await refused("WAIT", "the right code", card.unlock());
      assert.equal(told.misses, 4, "misses, in WAIT");
      assert.ok(told.waitSeconds === 1 || told.waitSeconds === 2, `${told.waitSeconds} s, in WAIT`);
      await card.wait();
      await card.unlock();
      assert.equal(await misses(card), 0);
    },
  },
  {
    title: "ends a channel that was idle for a minute",
    needs: "time",
    run: async (card) => {
      await card.toWallet();
      await card.place.levers.time?.(IDLE_S + 1);
      await refused("CHANNEL", "SIGN", (await card.session()).sign([], randomBytes(32)));
    },
  },
  {
    title: "is reset without its code when the button was held for it, and not otherwise",
    needs: "button",
    run: async (card) => {
      if (!(await card.status()).button) throw new Skip("it has no button");
      await card.toWallet();
      await refused("PRESENCE", "RESET", (await card.meet()).reset());
      const session = await card.meet();
      await card.held(session, () => session.reset());
      assert.equal((await card.status()).state, "EMPTY");
    },
  },
];

/** The last one: leaves the card empty, as the suite found it or better. */
export const LAST: Single = {
  title: "is reset by its code, and then makes another key",
  run: async (card) => {
    const before = await card.toWallet();
    await (await card.session()).reset();
    assert.equal((await card.status()).state, "EMPTY");
    const after = await card.toWallet();
    assert.deepEqual(after.ownId, before.ownId, "it stays the same card");
    assert.notDeepEqual(after.publicKey, before.publicKey);
    assert.notDeepEqual(after.setId, before.setId);
    await (await card.session()).reset();
    assert.equal((await card.status()).state, "EMPTY");
  },
};
