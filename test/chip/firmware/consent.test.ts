/**
 * On-card consent (docs/protocol.md 14) on chips: the pins that the real firmware drives blink the
 * eight digits of the run, on both boards, and the source's button gives the key.
 */
import assert from "node:assert/strict";
import { CONSENT, GESTURE } from "../../../host/sdk/wire/generated.js";
import { H } from "../../vectors/suite.js";
import { digitsOf, look, shown } from "../../support/consent.js";
import { board, ChipCard, closeAll, maker, missing, title } from "./support.js";

const reason = missing();
/** Red, green and blue by their pins; a board that has not all three counts with its first. */
const lamps = [0, 1, 2].map((at) => board.leds[board.leds.length < 3 ? 0 : at] ?? "none");

async function certified(seed: string, consent: boolean): Promise<ChipCard> {
  const card = await ChipCard.make({ seed });
  const { bytes } = maker.certify(await card.session.personalise(), { consent });
  await card.session.certify(bytes);
  return card;
}

describe(title("on-card consent on chips", reason), function () {
  this.timeout(300_000);
  before(function () {
    if (reason) this.skip();
  });
  afterEach(closeAll);

  it("both boards' pins blink the digits of the run, and the button gives the key", async () => {
    const source = await certified("consent: source", true);
    const copy = await certified("consent: copy", false);
    const { setId } = await source.activate();
    for (const card of [source, copy]) card.board.advance(CONSENT.BOOT_S + 1);
    const { id } = (await source.unlock()).certificate;
    const copyId = (await copy.openChannel()).certificate.id;
    await copy.session.nameSource({ id, setId });
    const offer = await copy.session.offer();
    await source.session.nameDestinations({ setSize: 2, ids: [copyId] });

    const c = await source.session.consent(0, H(offer));
    const nd = await copy.session.consent(0, c);
    const ns = await source.session.consent(1, nd);
    await copy.session.consent(1, ns);
    const wanted = shown(digitsOf(ns, H(offer), nd), lamps);
    assert.deepEqual(look(source.board), wanted, "the source's pins");
    assert.deepEqual(look(copy.board), wanted, "the copy's pins");

    let asked = 0;
    source.session.onGesture = ({ hold }) => {
      if (asked++ === 0) assert.equal(hold, GESTURE.SEAL_S);
      source.board.release();
      source.board.advance(0.3);
      source.board.press();
      source.board.advance(GESTURE.SEAL_S + 0.5);
    };
    const transfer = await source.session.seal(offer);
    source.board.release();
    assert.ok(asked > 0, "the key was given without the button");
    await source.session.confirm(await copy.session.accept(transfer));
    assert.deepEqual(look(source.board), [], "dark when it has sealed");
    assert.equal((await copy.session.status()).state, "COPY");
    for (const card of [source, copy]) assert.deepEqual(card.board.failures, []);
  });
});
