/** The frames and the time that a link by mailbox takes for a command: none too many. */
import assert from "node:assert/strict";
import { CardSession } from "../../host/sdk/core.js";
import { toHex } from "../../host/sdk/crypto/bytes.js";
import { MAILBOX, MAILBOX_BUSY, TAG } from "../../host/sdk/wire/generated.js";
import { needsBundle, TestCard } from "../host/support.js";
import { tap } from "./cards.js";
import type { Family } from "./reader.js";

const STATUS = Uint8Array.of(0x80, 0x10, 0, 0);
const CERTIFICATE = Uint8Array.of(0x80, 0x16, 0, 0);

describe("nfc mailbox: no frame too many", function () {
  needsBundle(this);

  /** A link whose frames are noted, connected. */
  async function noted(family: Family, name: string) {
    const card = await TestCard.empty(name);
    card.board.powerOff();
    card.board.powerOn();
    const frames: Uint8Array[] = [];
    const onFrame = (_: number, frame: Uint8Array) => void frames.push(frame);
    const { link, reader } = await tap(card, family, { onFrame });
    const looks = () => frames.filter(([code, page]) => code === TAG.READ && page === 20).length;
    const pages = () => frames.filter(([code]) => code === TAG.WRITE).map(([, page]) => page!);
    return { link, reader, frames, looks, pages };
  }

  it("looks twice for an answer: what it takes, and whether it is there", async () => {
    const { link, frames, looks, reader } = await noted("raw", "looks");
    await link.transmit(CERTIFICATE);
    frames.length = 0;
    await link.transmit(CERTIFICATE);
    assert.equal(looks(), 2, "right behind an answer");
    reader.advance(MAILBOX.START_MS);
    frames.length = 0;
    await link.transmit(CERTIFICATE);
    assert.equal(looks(), 3, "when another's request could have been answered");
  });
  it("waits from the go, not from its look at the estimate", async () => {
    const { link, reader } = await noted("raw", "from the go");
    await link.transmit(STATUS);
    let gone = NaN;
    let asked = NaN;
    const { exchange } = reader;
    reader.exchange = (frame) => {
      if (frame[0] === TAG.READ && frame[1] === MAILBOX.STATUS_PAGE) asked = reader.clock.now();
      const answer = exchange.call(reader, frame);
      if (frame[0] === TAG.WRITE) gone = reader.clock.now();
      return answer;
    };
    await link.transmit(STATUS);
    const due = MAILBOX.START_MS + MAILBOX.BUSY_MS * MAILBOX_BUSY.STATUS;
    assert.ok(Math.abs(asked - gone - due) < 1e-6, `${asked - gone} ms after the go, not ${due}`);
  });
  it("writes no page of zeros that the card has cleared", async () => {
    const { link, frames, pages } = await noted("read-write", "zeros");
    const apdu = Uint8Array.of(0x80, 0x46, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1);
    await link.transmit(apdu);
    frames.length = 0;
    assert.equal((await link.transmit(apdu)).length, 2);
    assert.deepEqual(pages(), [24, 26, 27, 29, 25]);
  });
  it("writes them all where half a request lies there", async () => {
    const { link, reader, frames, pages } = await noted("read-write", "half");
    const apdu = Uint8Array.of(0x80, 0x46, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1);
    const expected = toHex(await link.transmit(apdu));
    reader.exchange(Uint8Array.of(TAG.WRITE, 28, 9, 9, 9, 9));
    frames.length = 0;
    assert.equal(toHex(await link.transmit(apdu)), expected);
    assert.deepEqual(pages(), [24, 26, 27, 29, 25, 24, 26, 27, 28, 29, 25]);
  });
  it("selects no application, and a reader of one card at a time is taken for one", async () => {
    const { link, reader } = await noted("raw", "no select");
    const sent: string[] = [];
    const { transmit } = link;
    link.transmit = (apdu, options) => {
      sent.push(toHex(apdu));
      return transmit.call(link, apdu, options);
    };
    await new CardSession(link).greet();
    assert.deepEqual(sent, ["8010000000"]);
    assert.equal(link.inTurn, true);
    assert.equal(reader.silences, 0);
  });
  it("reads as far as the answer goes, in the longest frames that the reader passes", async () => {
    for (const [family, reads] of [
      ["raw", [[92, 118]]],
      [
        "fast-read",
        [
          [92, 106],
          [107, 118],
        ],
      ],
    ] as const) {
      const { link, frames } = await noted(family, `reads ${family}`);
      assert.equal((await link.transmit(CERTIFICATE)).length, 105);
      const fast = frames.filter(([code]) => code === TAG.FAST_READ);
      assert.deepEqual(
        fast.map((frame) => [...frame.slice(1)]),
        reads,
      );
    }
  });
});
