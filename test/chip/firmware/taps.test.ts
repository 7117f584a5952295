/**
 * A whole backup by taps on chips: the real firmware's tag, the three cards held to one reader in
 * turn, in the chips' own time; and that the simulated reader's time (`npm run bench:taps`) is it.
 */
import assert from "node:assert/strict";
import { tagAt } from "../../../host/emulator/board/chip/tag.js";
import { backup, type Present } from "../../../host/sdk/core.js";
import { MailboxTransport } from "../../../host/sdk/links/nfc/mailbox.js";
import { checkedIn } from "../../../host/tools/bench/figures.js";
import { ChipCard, closeAll, CODE, maker, missing, title } from "./support.js";

const reason = missing();
/** The bench's. */
const OVERHEAD_MS = 2;
/** Selection and the guard time, seven times, are the chip's alone. */
const DIFFERS = 0.04;

describe(title("a backup by taps on chips", reason), function () {
  this.timeout(600_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("has no late frame, and takes what the simulated reader says", async () => {
    const cards: ChipCard[] = [];
    for (const seed of ["source", "first", "second"])
      cards.push(await ChipCard.certified({ seed: `taps ${seed}` }));
    await cards[0]!.activate();
    for (const { session, board } of cards) {
      await session.close();
      board.powerOff();
      board.powerOn();
      board.advance(1);
    }
    let [frames, time] = [0, 0];
    let end: (() => Promise<void>) | undefined;
    const present: Present = async ({ role }) => {
      await end?.();
      const { board } = cards[role.kind === "source" ? 0 : role.index + 1]!;
      const { now } = board.drive.clock;
      const from = now();
      board.nfc.field(true);
      const options = { overheadMs: OVERHEAD_MS, onFrame: () => void frames++ };
      const { tag, clock } = tagAt(board.nfc, now, "raw", options);
      const link = await MailboxTransport.connect(tag, { clock });
      end = async () => {
        await link.close();
        time += now() - from;
        board.nfc.field(false);
        board.advance(0.3);
      };
      return link;
    };
    const result = await backup({ maker: maker.publicKey, code: CODE, setSize: 3, present });
    await end?.();
    assert.equal(result.complete, true);
    for (const { board } of cards)
      assert.deepEqual([board.nfc.late, board.nfc.unheard, board.failures], [0, 0, []]);
    const known = checkedIn();
    assert.equal(frames, known["taps.raw.frames"]);
    const said = known["taps.raw.seconds"]!;
    const part = time / 1000 / said - 1;
    console.log(`        ${(time / 1000).toFixed(2)} s, ${said} s simulated`);
    assert.ok(Math.abs(part) < DIFFERS, `${(100 * part).toFixed(1)} % from the simulated reader's`);
  });
});
