/** Where the card finds its vault: on the log's second and third page, in a file of its name. */
import { strict as assert } from "node:assert";
import { writeVault } from "../../host/emulator/board/fresh.js";
import { StorageLog } from "../../host/emulator/espruino/storage/storage-log.js";
import { NorFlash } from "../../host/emulator/flash/nor.js";
import { OLD_VAULT_SIZE, VAULT_FILE, VAULT_PAGE } from "../../hw/images/storage-names.js";
import { STATUS_WORDS } from "../../host/sdk/wire/generated.js";
import { TestCard } from "../support/world.js";

/** The card's own flash with another first page: that of a log that `write` makes. */
function under(card: TestCard, write: (log: StorageLog) => void): void {
  const log = new StorageLog(new NorFlash());
  write(log);
  const snapshot = card.snapshot();
  snapshot.flash.cells.set(log.flash.bytes.slice(0, VAULT_PAGE));
  card.restore(snapshot);
}

describe("the vault's place", () => {
  it("behind a first page of another image's code: the wallet is there", () => {
    const card = new TestCard("place: other code").certify().activate();
    const first = { name: "kc01234567", bytes: new Uint8Array(4032).fill(10) };
    under(card, (log) => writeVault(log, first));
    assert.equal(card.state, "WALLET");
  });
  it("in the first file, as older images had it: the wallet is there", () => {
    const card = new TestCard("place: older").certify().activate();
    under(card, (log) => log.write(VAULT_FILE, Uint8Array.of(255), 0, OLD_VAULT_SIZE));
    assert.equal(card.state, "WALLET");
  });
  for (const [name, write] of [
    [
      "in a file that ends before the banks do",
      (log) => log.write(VAULT_FILE, Uint8Array.of(255), 0, OLD_VAULT_SIZE - 4),
    ],
    ["in a file of another name", (log) => writeVault(log, undefined, "kcvaulu")],
    [
      "not where compaction would have moved it",
      (log) => log.write(VAULT_FILE, Uint8Array.of(255), 0, 8192),
    ],
  ] as [string, (log: StorageLog) => void][])
    it(`no vault: ${name}`, () => {
      const card = new TestCard(`place: ${name}`).certify();
      under(card, write);
      assert.equal(card.state, "BLANK");
      assert.equal(card.plain("PERSONALISE").sw, STATUS_WORDS.NO_VAULT.value);
    });
});
