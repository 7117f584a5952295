/**
 * Checks of two and three cards: the backup, docs/protocol.md 6, in every order, what may be sent
 * again, and what is refused afterwards.
 */
import assert from "node:assert/strict";
import { compareLedgers } from "../../../sdk/card/ledger.js";
import type { Ledger } from "../../../sdk/card/ledger.js";
import { randomBytes } from "../../../sdk/crypto/random.js";
import { Card, CODE } from "../card.js";
import { refused, Skip } from "../check.js";
import type { Levers } from "../rack.js";

/** What one scene's checks leave to the next: a finished backup of these cards. */
export interface Scene {
  messages?: readonly { offer: Uint8Array; transfer: Uint8Array; receipt: Uint8Array }[];
}
interface GroupCheck {
  readonly title: string;
  readonly needs?: keyof Levers;
  readonly run: (scene: Scene, source: Card, ...copies: Card[]) => Promise<void>;
}

function done({ messages }: Scene): NonNullable<Scene["messages"]> {
  if (!messages) throw new Skip("the backup before it failed");
  return messages;
}

/** Wallet and destinations, each told of the other; answers the source's ledger. */
async function acquaint(source: Card, copies: readonly Card[]): Promise<Ledger> {
  for (const card of [source, ...copies]) await card.toEmpty();
  const ledger = await source.toWallet();
  const { ownId: id, setId } = ledger;
  const ids: Uint8Array[] = [];
  for (const copy of copies) {
    const session = await copy.meet();
    ids.push(session.channel!.cardId);
    await session.nameSource({ id, setId });
  }
  const session = await source.unlock();
  await session.nameDestinations({ setSize: copies.length + 1, ids });
  return ledger;
}

/** Each copy takes the code, shows the source's wallet and signs with its key. */
async function compare(source: Card, copies: readonly Card[]): Promise<void> {
  const shown = await (await source.unlock()).ledger();
  assert.deepEqual([shown.state, shown.setSize], ["SHARED", copies.length + 1]);
  const digest = randomBytes(32);
  await (await source.session()).sign([], digest, shown.publicKey);
  for (const copy of copies) {
    const session = await copy.unlock();
    assert.deepEqual(compareLedgers(shown, await session.ledger()), [], `copy ${copy.number}`);
    await session.sign([], digest, shown.publicKey);
  }
}

export const GROUP: readonly GroupCheck[] = [
  {
    title: "a backup: the copies take the code and hold the key",
    run: async (scene, source, ...copies) => {
      await acquaint(source, copies);
      const sourceSession = await source.session();
      const messages = [];
      for (const copy of copies) {
        const session = await copy.session();
        const offer = await session.offer();
        const transfer = await sourceSession.seal(offer);
        const receipt = await session.accept(transfer);
        await sourceSession.confirm(receipt);
        messages.push({ offer, transfer, receipt });
      }
      await compare(source, copies);
      scene.messages = messages;
    },
  },
  {
    title: "a receipt is answered again, another TRANSFER is not",
    run: async (scene, _source, ...copies) => {
      for (const [index, { transfer, receipt }] of done(scene).entries()) {
        const session = await copies[index]!.session();
        assert.deepEqual(await session.accept(transfer), receipt);
        const other = transfer.slice();
        other[200] = (other[200] as number) ^ 1;
        await refused("USED", "another TRANSFER", session.accept(other));
      }
    },
  },
  {
    title: "a second backup is refused: the set is closed, a copy gives nothing",
    run: async (scene, source, ...copies) => {
      const { offer } = done(scene)[0]!;
      const ids = [randomBytes(16)];
      for (const card of [source, ...copies]) {
        const session = await card.unlock();
        const naming = session.nameDestinations({ setSize: 2, ids });
        await refused("USED", `NAME_DESTINATIONS of card ${card.number}`, naming);
        const sealing = (await card.session()).seal(offer);
        await refused("USED", `SEAL of card ${card.number}`, sealing);
        const activating = (await card.meet()).activate(CODE, { cost: 10 });
        await refused("USED", `ACTIVATE of card ${card.number}`, activating);
      }
    },
  },
];

/** With two cards of which the first is the source; the state of a scene is no help here. */
export const MEDDLED: readonly GroupCheck[] = [
  {
    title: "an OFFER sent again gets the same TRANSFER; a changed one is refused",
    run: async (_scene, source, copy) => {
      await acquaint(source, [copy!]);
      const [from, to] = [await source.session(), await copy!.session()];
      const offer = await to.offer();
      assert.deepEqual(await to.offer(), offer);
      const forged = offer.slice();
      forged[180] = (forged[180] as number) ^ 1;
      await refused("CRYPTO", "a changed OFFER", from.seal(forged));
      const id = (await copy!.meet()).channel!.cardId;
      await (await source.unlock()).nameDestinations({ setSize: 2, ids: [id] });
      const transfer = await from.seal(offer);
      assert.deepEqual(await from.seal(offer), transfer);
      const broken = transfer.slice();
      broken[300] = (broken[300] as number) ^ 1;
      await refused("CRYPTO", "a changed TRANSFER", to.accept(broken));
      await refused("CRYPTO", "a made-up receipt", from.confirm(randomBytes(32)));
      await from.confirm(await to.accept(transfer));
      await compare(source, [copy!]);
    },
  },
  {
    title: "what a lost run carried is said once more, until the receipt is in",
    run: async (_scene, source, copy) => {
      await acquaint(source, [copy!]);
      const [from, to] = [await source.session(), await copy!.session()];
      const transfer = await from.seal(await to.offer());
      const receipt = await to.accept(transfer);
      await refused("STATE", "RESEND of an open slot", (await source.unlock()).resend(1));
      assert.deepEqual(await (await source.unlock()).resend(0), transfer);
      assert.deepEqual(await to.accept(transfer), receipt);
      await from.confirm(receipt);
      await refused("USED", "RESEND after the receipt", (await source.unlock()).resend(0));
      await compare(source, [copy!]);
    },
  },
  {
    title: "an offer is dropped when the button was held for it, and not otherwise",
    needs: "button",
    run: async (_scene, source, copy) => {
      await acquaint(source, [copy!]);
      await refused("PRESENCE", "CANCEL", (await copy!.meet()).cancel());
      const session = await copy!.meet();
      await copy!.held(session, () => session.cancel());
      assert.equal((await copy!.status()).state, "EMPTY");
    },
  },
  {
    title: "a backup goes on after both cards lost their power in its midst",
    needs: "power",
    run: async (_scene, source, copy) => {
      await acquaint(source, [copy!]);
      const offer = await (await copy!.session()).offer();
      const transfer = await (await source.session()).seal(offer);
      for (const card of [source, copy!]) await card.reboot();
      assert.deepEqual(await (await copy!.session()).offer(), offer);
      assert.deepEqual(await (await source.session()).seal(offer), transfer);
      const receipt = await (await copy!.session()).accept(transfer);
      for (const card of [source, copy!]) await card.reboot();
      assert.deepEqual(await (await copy!.session()).accept(transfer), receipt);
      await (await source.session()).confirm(receipt);
      await compare(source, [copy!]);
    },
  },
];
