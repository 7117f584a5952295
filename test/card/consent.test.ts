/**
 * On-card consent (docs/protocol.md section 14): the key is given away only by the button of its
 * source, for the OFFER that both boards have blinked, and nobody chooses what they blink.
 */
import assert from "node:assert/strict";
import { CONSENT, FLAGS, GESTURE, LAYOUTS } from "../../host/sdk/wire/generated.js";
import {
  CONSENTING,
  commitment,
  consenting,
  digitsOf,
  look,
  runBetween,
  settle,
  shown,
  word,
} from "../support/consent.js";
import { H, byte, cat, flip, type Bytes } from "../vectors/suite.js";
import { COST, STRETCHED, TestCard, certified, must, wallet } from "../support/world.js";

const { RUN_S, BOOT_S } = CONSENT;
const { SEAL_S } = GESTURE;
const HASH = new Uint8Array(32).fill(7);

/** A source and its destination, named both ways, past the seconds after power-up. */
function pair(name: string, make: (name: string) => TestCard = consenting) {
  const source = make(`consent: ${name}, source`);
  const destination = certified(`consent: ${name}, destination`);
  settle(source, destination);
  const offer = destination.offerTo(source);
  source.nameDestinations(3, destination);
  return { source, destination, offer };
}
const says = (answer: { sw: number }, wanted: string, what?: string) =>
  assert.equal(word(answer.sw), wanted, what);
/** The button as SEAL wants it, then SEAL. */
const seal = (source: TestCard, offer: Bytes) => source.gesture("SEAL", offer);

describe("on-card consent", () => {
  it("the key is sealed by run, pattern and button, and the copy is complete", () => {
    const { source, destination, offer } = pair("whole");
    const { c, nd, ns } = runBetween(source, destination, offer);
    assert.deepEqual(c, commitment(ns, H(offer)));
    const wanted = shown(digitsOf(ns, H(offer), nd));
    assert.deepEqual(look(source.board), wanted, "the source's lights");
    assert.deepEqual(look(destination.board), wanted, "the destination's lights");
    const transfer = must("SEAL", seal(source, offer));
    assert.deepEqual(look(source.board), [], "dark when it has sealed");
    const receipt = must("ACCEPT", destination.plain("ACCEPT", transfer));
    destination.board.advance(0.2);
    assert.deepEqual(Object.values(destination.board.leds), [false, false, false]);
    must("CONFIRM", source.plain("CONFIRM", receipt));
    assert.deepEqual([source.state, destination.state], ["SHARING", "COPY"]);
    assert.deepEqual(destination.publicKey(), source.publicKey());
  });

  it("SEAL without a run, with one that is not complete, or for another OFFER: CONSENT", () => {
    const { source, destination, offer } = pair("no run");
    says(source.secure("SEAL", offer), "CONSENT", "no run");
    source.nameDestinations(3, destination);
    must("c", source.secure("CONSENT", H(offer), 0));
    says(source.secure("SEAL", offer), "CONSENT", "half a run");
    source.board.advance(RUN_S);
    source.nameDestinations(3, destination);
    const other = H(flip(offer, 200));
    must("c", source.secure("CONSENT", other, 0));
    must("N_S", source.secure("CONSENT", HASH, 1));
    says(source.secure("SEAL", offer), "CONSENT", "another OFFER");
    assert.equal(source.state, "WALLET");
  });

  it("SEAL without the button is PRESENCE, and nothing is sealed however often it is asked", () => {
    const { source, destination, offer } = pair("no button pressed");
    runBetween(source, destination, offer);
    const flash = source.board.flash.operations;
    for (let poll = 0; poll < 20; poll++) {
      const answer = source.secure("SEAL", offer);
      says(answer, "PRESENCE");
      assert.equal(answer.data[LAYOUTS.Gesture.HOLD], SEAL_S);
      source.board.advance(1);
    }
    assert.ok(source.status().flags & FLAGS.ARMED);
    assert.equal(source.board.flash.operations, flash);
    assert.equal(source.state, "WALLET");
    must("SEAL", seal(source, offer));
  });

  it("a press before SEAL, and one that is too short, count for nothing", () => {
    const { source, destination, offer } = pair("early");
    source.board.press();
    runBetween(source, destination, offer);
    source.board.advance(SEAL_S + 1);
    says(source.secure("SEAL", offer), "PRESENCE", "held since before");
    source.board.advance(SEAL_S + 1);
    says(source.secure("SEAL", offer), "PRESENCE", "not released since");
    source.board.release();
    source.board.advance(0.2);
    source.board.press();
    source.board.advance(SEAL_S - 0.5);
    source.board.release();
    source.board.advance(0.2);
    says(source.secure("SEAL", offer), "PRESENCE", "too short");
    must("SEAL", seal(source, offer));
  });

  it("who stands between gets two patterns, and N_S is told only for a fixed N_D", () => {
    const { source, destination, offer } = pair("between");
    // His own card's OFFER for the source, his own c for the destination.
    const mine = certified("consent: the attacker's").offerTo(source);
    const myNs = new Uint8Array(32).fill(1);
    const c = must("c", source.secure("CONSENT", H(mine), 0));
    const nd = must("N_D", destination.secure("CONSENT", commitment(myNs, H(offer)), 0));
    const ns = must("N_S", source.secure("CONSENT", nd, 1));
    must("opened", destination.secure("CONSENT", myNs, 1));
    assert.deepEqual(c, commitment(ns, H(mine)));
    assert.deepEqual(look(source.board), shown(digitsOf(ns, H(mine), nd)));
    assert.deepEqual(look(destination.board), shown(digitsOf(myNs, H(offer), nd)));
    assert.notDeepEqual(digitsOf(ns, H(mine), nd), digitsOf(myNs, H(offer), nd));
    says(source.secure("CONSENT", flip(nd, 0), 1), "CONSENT", "a second N_D in the same run");
  });

  it("the destination shows nothing for an N_S that c did not fix, or for another OFFER's", () => {
    for (const [what, of] of [
      ["another N_S", (offer: Bytes) => commitment(flip(HASH, 3), H(offer))],
      ["another OFFER", (offer: Bytes) => commitment(HASH, H(flip(offer, 150)))],
    ] as const) {
      const { destination, offer } = pair(what);
      must("N_D", destination.secure("CONSENT", of(offer), 0));
      says(destination.secure("CONSENT", HASH, 1), "CRYPTO", what);
      assert.deepEqual(look(destination.board), [], what);
    }
  });

  it("both halves are new in every run, and are not told before their time", () => {
    const { source, destination, offer } = pair("fresh");
    const first = runBetween(source, destination, offer);
    settle(source, destination);
    source.board.advance(RUN_S);
    destination.board.advance(RUN_S);
    source.nameDestinations(3, destination);
    destination.open();
    const second = runBetween(source, destination, offer);
    for (const half of ["c", "nd", "ns"] as const) assert.notDeepEqual(first[half], second[half]);
  });

  it("P1 = 1 counts once, and only after P1 = 0 in the same channel", () => {
    const { source, destination } = pair("order");
    says(source.secure("CONSENT", HASH, 1), "CONSENT", "source, nothing begun");
    says(destination.secure("CONSENT", HASH, 1), "CONSENT", "destination, nothing begun");
    source.unlock();
    must("c", source.secure("CONSENT", HASH, 0));
    source.unlock();
    says(source.secure("CONSENT", HASH, 1), "CONSENT", "another channel");
    source.unlock();
    says(source.secure("CONSENT", HASH, 1), "CONSENT");
  });

  it("a run that was broken off blocks the next for its minute and blinks on; power-up for 10 s", () => {
    const { source, destination, offer } = pair("slow");
    const { nd, ns } = runBetween(source, destination, offer);
    source.unlock();
    assert.deepEqual(look(source.board), shown(digitsOf(ns, H(offer), nd)), "no channel, no end");
    source.unlock();
    const answer = source.secure("CONSENT", H(offer), 0);
    says(answer, "WAIT");
    const left = (answer.data[1]! << 8) | answer.data[2]!;
    assert.ok(left > 10 && left < RUN_S, `${left} s`);
    destination.open();
    says(destination.secure("CONSENT", HASH, 0), "WAIT", "the destination too");
    source.board.advance(left);
    assert.deepEqual(look(source.board), []);
    source.unlock();
    must("c", source.secure("CONSENT", H(offer), 0));

    source.reboot();
    source.unlock();
    const early = source.secure("CONSENT", H(offer), 0);
    assert.deepEqual([word(early.sw), ...early.data], ["WAIT", 0, 0, BOOT_S]);
    source.board.advance(BOOT_S);
    source.unlock();
    must("c", source.secure("CONSENT", H(offer), 0));
  });

  it("after a minute SEAL is CONSENT again, also when the button was held, and late N_D too", () => {
    const { source, destination, offer } = pair("late");
    runBetween(source, destination, offer);
    source.board.advance(RUN_S / 2);
    says(source.secure("SEAL", offer), "PRESENCE");
    source.board.advance(RUN_S / 2 - SEAL_S - 1);
    source.board.press();
    source.board.advance(SEAL_S + 0.5);
    source.board.release();
    source.board.advance(1);
    says(source.secure("SEAL", offer), "CONSENT");
    assert.deepEqual(look(source.board), []);
    source.unlock();
    must("c", source.secure("CONSENT", H(offer), 0));
    source.board.advance(RUN_S - 1);
    must("PROVE", source.secure("PROVE", HASH));
    source.board.advance(2);
    says(source.secure("CONSENT", HASH, 1), "CONSENT", "N_S is not told when nothing would blink");
  });

  it("one run seals once: the other destination wants its own, and needs no minute", () => {
    const { source, destination, offer } = pair("twice");
    runBetween(source, destination, offer);
    const transfer = must("SEAL", seal(source, offer));
    assert.deepEqual(must("SEAL", source.plain("SEAL", offer)), transfer, "the stored one");
    const other = certified("consent: the other destination");
    settle(other);
    const second = other.offerTo(source);
    source.nameDestinations(3, destination, other);
    says(source.secure("SEAL", second), "CONSENT");
    source.nameDestinations(3, destination, other);
    runBetween(source, other, second);
    must("SEAL", seal(source, second));
  });

  it("a new OFFER of the same card is consented to anew", () => {
    const { source, destination, offer } = pair("again");
    runBetween(source, destination, offer);
    must("SEAL", seal(source, offer));
    destination.board.advance(RUN_S);
    destination.drop();
    const newer = destination.offerTo(source);
    source.unlock();
    says(source.secure("SEAL", newer), "CONSENT");
    source.unlock();
    runBetween(source, destination, newer);
    must("SEAL", seal(source, newer));
  });

  it("a cut between the button and the answer: nothing, or the TRANSFER by SEAL as ever", () => {
    const { source, destination, offer } = pair("cut");
    runBetween(source, destination, offer);
    says(source.secure("SEAL", offer), "PRESENCE");
    source.reboot();
    source.unlock();
    must("N", source.secure("NAME_DESTINATIONS", Uint8Array.of(3, ...destination.id)));
    says(source.secure("SEAL", offer), "CONSENT", "the power went before SEAL");
    source.board.advance(BOOT_S);
    destination.board.advance(RUN_S);
    destination.open();
    source.nameDestinations(3, destination);
    runBetween(source, destination, offer);
    const transfer = must("SEAL", seal(source, offer));
    source.reboot();
    assert.deepEqual(must("SEAL", source.plain("SEAL", offer)), transfer);
  });

  it("another act shows its own light, and one press serves no two", () => {
    const { source, destination, offer } = pair("other act");
    const { nd, ns } = runBetween(source, destination, offer);
    says(source.secure("SEAL", offer), "PRESENCE");
    source.board.advance(0.2);
    source.board.press();
    source.board.advance(SEAL_S + 0.3);
    source.board.release();
    must("PROVE", source.secure("PROVE", HASH));
    says(source.secure("SEAL", offer), "PRESENCE", "disarmed by another command");
    const round = shown(digitsOf(ns, H(offer), nd));
    assert.ok(round.some(({ lamp }) => lamp !== "LED1"));
    source.open();
    says(source.secure("RESET"), "PRESENCE");
    const lit = new Set<string>();
    for (let time = 0; time < 15; time += 0.1) {
      source.board.advance(0.1);
      for (const [lamp, on] of Object.entries(source.board.leds)) if (on) lit.add(lamp);
    }
    assert.deepEqual([...lit], ["LED1"], "RESET's own blinking");
    assert.equal(source.state, "WALLET");
  });

  it("SEAL as a plain command: PRESENCE leaves the channel, the act is done once, and it is dark", () => {
    const { source, destination, offer } = pair("plain");
    runBetween(source, destination, offer);
    const armed = source.plain("SEAL", offer);
    says(armed, "PRESENCE");
    source.board.advance(0.2);
    source.board.press();
    source.board.advance(SEAL_S + 0.2);
    source.board.release();
    must("SEAL", source.plain("SEAL", offer));
    source.board.advance(0.2);
    assert.deepEqual(Object.values(source.board.leds), [false, false, false]);
    assert.equal(source.status().flags & FLAGS.ARMED, 0);
    must("PROVE", source.secure("PROVE", HASH));
  });

  it("a run is of the part that began it: a card that plays another since then says CONSENT", () => {
    const { destination, offer } = pair("another part");
    const c = commitment(HASH, H(offer));
    must("N_D", destination.secure("CONSENT", c, 0));
    must("SALT", destination.secure("SALT"));
    must("ACTIVATE", destination.gesture("ACTIVATE", cat(byte(COST), STRETCHED)));
    says(destination.secure("CONSENT", HASH, 1), "CONSENT", "a source now");

    const source = consenting("consent: another part, the other way");
    settle(source);
    source.unlock();
    must("c", source.secure("CONSENT", HASH, 0));
    must("RESET", source.secure("RESET"));
    must("NAME_SOURCE", source.secure("NAME_SOURCE", new Uint8Array(32).fill(3)));
    says(source.secure("CONSENT", HASH, 1), "CONSENT", "a destination now");
  });

  it("the source wants its code, a destination anybody's channel; nobody a plain command", () => {
    const { source, destination } = pair("access");
    source.open();
    says(source.secure("CONSENT", HASH, 0), "CODE");
    says(source.plain("CONSENT", HASH, 0), "CHANNEL");
    destination.open();
    must("N_D", destination.secure("CONSENT", HASH, 0));
  });

  it("a source without the option seals as ever, and takes part when it is asked", () => {
    const { source, destination, offer } = pair("without", wallet);
    assert.equal(source.status().flags & FLAGS.CONSENT, 0);
    must("SEAL", source.plain("SEAL", offer));
    const next = certified("consent: voluntary");
    settle(next);
    const second = next.offerTo(source);
    source.nameDestinations(3, destination, next);
    const { nd, ns } = runBetween(source, next, second);
    assert.deepEqual(look(source.board), shown(digitsOf(ns, H(second), nd)));
    source.nameDestinations(3, destination, next);
    must("SEAL", source.plain("SEAL", second));
  });

  it("the option is the maker's: another certificate does not turn it off, STATUS shows it", () => {
    const { source } = pair("option");
    assert.ok(source.status().flags & FLAGS.CONSENT);
    assert.equal(source.certificate[1], CONSENTING);
    const forged = new TestCard("consent: forged");
    must("PERSONALISE", forged.plain("PERSONALISE"));
    const good = new TestCard("consent: good").certify(undefined, CONSENTING);
    const turned = good.certificate.slice();
    turned[1] = 1;
    says(forged.plain("CERTIFY", turned), "CRYPTO");
    says(good.plain("CERTIFY", turned), "STATE", "and not a second time");
  });

  it("a board without a button, or without a light, refuses the option and stays blank", () => {
    for (const lacking of [{ button: false }, { lights: 0 }]) {
      const card = new TestCard("consent: bare", lacking);
      const before = card.board.flash.operations;
      assert.throws(() => card.certify(undefined, CONSENTING), /CERTIFY was refused with 69ea/);
      assert.equal(card.state, "BLANK");
      assert.ok(card.board.flash.operations > before, "Kcard alone was made");
      card.certify();
      assert.equal(card.state, "EMPTY");
    }
  });

  it("a board with one or two lights counts with the first", () => {
    for (const lights of [1, 2]) {
      const source = consenting(`consent: ${lights} lights`, { lights });
      const destination = certified(`consent: ${lights} lights, destination`);
      settle(source, destination);
      const offer = destination.offerTo(source);
      source.nameDestinations(2, destination);
      const { nd, ns } = runBetween(source, destination, offer);
      const wanted = digitsOf(ns, H(offer), nd);
      assert.deepEqual(look(source.board), shown(wanted, ["LED1", "LED1", "LED1"]));
      assert.deepEqual(look(destination.board), shown(wanted));
    }
  });
});
