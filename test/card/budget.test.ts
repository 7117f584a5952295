/**
 * The budgets that are bytes (docs/design.md): APDU bytes of one copy, and bytes over one card's
 * link, framing included. Everything here goes in short APDUs: extended ones only make it less.
 */
import assert from "node:assert/strict";
import { SIZES } from "../../host/sdk/wire/generated.js";
import { must, TestCard, certified, wallet } from "../support/world.js";

/** Sequence number, status word and CRC in base64, and the line's end. */
const LEAST_LINE = 13;

/** Counts what passes over a card's link while `act` runs. */
function linkBytes(card: TestCard, act: () => void): number {
  let count = 0;
  const stop = card.board.onData((bytes) => (count += bytes.length));
  const { send } = card.board;
  card.board.send = (data) => {
    count += data.length;
    return send.call(card.board, data);
  };
  act();
  card.board.send = send;
  stop();
  // Two lines at least: a counter that hears nothing would be within every budget.
  assert.ok(count > 2 * LEAST_LINE, `only ${count} bytes were counted`);
  return count;
}

describe("budgets in bytes", () => {
  const S = wallet("budget S");
  const D = certified("budget D");

  it("channel, code and naming: at most 700 bytes over one card's link", () => {
    S.live.sync();
    const bytes = linkBytes(S, () => void S.nameDestinations(3, D, certified("budget E")));
    console.log(`        ${bytes} bytes`);
    assert.ok(bytes <= 700, `${bytes} bytes`);
  });
  it("one copy: at most 1,000 bytes over each card's link, at most 700 APDU bytes", () => {
    D.offerTo(S);
    let offer: Uint8Array, transfer: Uint8Array, receipt: Uint8Array;
    const source = linkBytes(S, () => {
      transfer = must("SEAL", S.plain("SEAL", (offer = must("OFFER", D.plain("OFFER")))));
    });
    const destination = linkBytes(D, () => {
      must("OFFER", D.plain("OFFER"));
      receipt = must("ACCEPT", D.plain("ACCEPT", transfer));
    });
    const confirming = linkBytes(S, () => void must("CONFIRM", S.plain("CONFIRM", receipt)));
    console.log(`        source ${source + confirming}, destination ${destination} bytes`);
    assert.ok(source + confirming <= 1000, `source: ${source + confirming} bytes`);
    assert.ok(destination <= 1000, `destination: ${destination} bytes`);

    // Headers, data, status words; each message once, where its sender emits it.
    const header = 5;
    const sw = 2;
    const apdus =
      [offer!.length, transfer!.length, receipt!.length].reduce((sum, size) => sum + size) +
      (header + sw) + // OFFER
      (header + sw + header + sw) + // SEAL, GET RESPONSE
      (header + sw + header + sw) + // ACCEPT in two parts
      (header + sw); // CONFIRM
    console.log(`        ${apdus} APDU bytes`);
    assert.ok(apdus <= 700, `${apdus} APDU bytes`);
    assert.equal(transfer!.length, SIZES.TRANSFER);
  });
});
