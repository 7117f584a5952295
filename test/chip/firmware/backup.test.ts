/** Backups between chips, by the host's own relay: two and three cards, over serial. */
import assert from "node:assert/strict";
import { compareLedgers } from "../../../host/sdk/card/ledger.js";
import { randomBytes } from "../../../host/sdk/crypto/random.js";
import { ChipCard, closeAll, missing, title } from "./support.js";

const reason = missing();

/** The ceremony up to the receipts: three messages a copy. */
async function backUp(source: ChipCard, copies: readonly ChipCard[], setId: Uint8Array) {
  const id = (await source.openChannel()).certificate.id;
  const ids: Uint8Array[] = [];
  for (const card of copies) {
    ids.push((await card.openChannel()).certificate.id);
    await card.session.nameSource({ id, setId });
  }
  await source.unlock();
  await source.session.nameDestinations({ setSize: ids.length + 1, ids });
  for (const { session } of copies) {
    const transfer = await source.session.seal(await session.offer());
    await source.session.confirm(await session.accept(transfer));
  }
}

describe(title("backups between chips", reason), function () {
  this.timeout(300_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  for (const size of [2, 3]) {
    it(`${size} cards hold one key afterwards`, async () => {
      const names = ["source", "first copy", "second copy"].slice(0, size);
      const cards: ChipCard[] = [];
      for (const seed of names) cards.push(await ChipCard.certified({ seed }));
      const [source, ...copies] = cards as [ChipCard, ...ChipCard[]];
      const { setId } = await source.activate();
      await backUp(source, copies, setId);
      await source.unlock();
      const shown = await source.session.ledger();
      assert.deepEqual([shown.state, shown.setSize], ["SHARED", size]);
      const digest = randomBytes(32);
      for (const card of copies) {
        await card.reboot();
        await card.unlock();
        assert.deepEqual(compareLedgers(shown, await card.session.ledger()), []);
        await card.session.sign([], digest, shown.publicKey);
      }
      for (const { board } of cards) assert.deepEqual(board.failures, []);
    });
  }
});
