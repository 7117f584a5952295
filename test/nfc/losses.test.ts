/** Ceremonies on a bad reader: the field goes again and again, wherever the cards stand. */
import assert from "node:assert/strict";
import { BackupError } from "../../host/sdk/core.js";
import { seededRandom } from "../../host/emulator/entropy.js";
import { run } from "../host/relay/cards.js";
import { needsBundle } from "../host/support.js";
import { cardsOff, tapped } from "./cards.js";
import { FAMILIES } from "./reader.js";
import { PART, some } from "../support/full.js";

/** KINCARD_NFC=full: many more. */
const SEEDS = process.env.KINCARD_NFC === "full" ? 8 : 1;
/** One frame in so many: raw readers need fewer of them for the same. */
const EVERY = { "read-write": 200, "fast-read": 150, raw: 40 };

describe("nfc: ceremonies on a bad reader", function () {
  needsBundle(this);

  for (const family of some("losses", FAMILIES, 1))
    for (let seed = 1; seed <= SEEDS; seed++)
      it(`comes to its end, three cards, ${family}, seed ${seed}${PART}`, async () => {
        const random = seededRandom(`nfc losses ${family} ${seed}`);
        const cards = await cardsOff(3, `losses ${family} ${seed}`);
        let losses = 0;
        const present = tapped(cards, family, [], {
          onFrame: (_, frame, reader) => {
            // About four times in a ceremony, for up to four seconds.
            if (random.next32() >>> 0 > 2 ** 32 / EVERY[family]) return;
            losses++;
            reader.field(false);
            reader.advance((random.next32() >>> 20) & 4095);
            reader.field(true);
            assert.ok(frame.length <= 61);
          },
        });
        for (let runs = 1; ; runs++) {
          try {
            const result = await run(cards, { present });
            assert.equal(result.complete, true);
            break;
          } catch (error) {
            // The run in memory is lost with it: the cards alone must be able to go on.
            if (!(error instanceof BackupError) || runs === 6) throw error;
          }
        }
        assert.ok(losses > 1, `only ${losses} losses`);
      });
});
