/**
 * A physical act is meant or it is nothing (docs/protocol.md section 6). The card arms what
 * needs its button, shows it, and wants the button released, then held without a break.
 */
import assert from "node:assert/strict";
import {
  FLAGS,
  GESTURE,
  STATUS_WORDS as SW,
  type CommandName,
} from "../../host/sdk/wire/generated.js";
import { byte, cat } from "../vectors/suite.js";
import { COST, STRETCHED, certified, must, wallet, type TestCard } from "../support/world.js";

const { RESET_S, DROP_S, WITHIN_S } = GESTURE;
/** A little more than the card's looks at its button are apart. */
const LOOK_S = 0.2;

const OTHER = { id: new Uint8Array(16).fill(5), setId: new Uint8Array(16).fill(6) };
function offered(name: string): TestCard {
  const card = certified(name);
  card.open();
  must("NAME_SOURCE", card.secure("NAME_SOURCE", new Uint8Array(32).fill(4)));
  return card;
}
/** Seconds to hold, seconds left. */
function armed(card: TestCard, name: CommandName = "RESET", data?: Uint8Array): number[] {
  const answer = card.secure(name, data);
  assert.equal(answer.sw, SW.PRESENCE.value, `${name}: ${answer.sw.toString(16)}`);
  return [...answer.data];
}
const isArmed = (card: TestCard) => (card.status().flags & FLAGS.ARMED) !== 0;
function hold(card: TestCard, seconds: number): void {
  card.board.press();
  card.board.advance(seconds);
  card.board.release();
  card.board.advance(LOOK_S);
}

describe("a physical act is meant or it is nothing", () => {
  it("no press that overlaps a poll of RESET, however often it is asked, erases a wallet", () => {
    const card = wallet("presence: stranger").open();
    for (let poll = 0; poll < 40; poll++) {
      const press = poll % 4 === 0;
      if (press) card.board.press();
      armed(card);
      card.board.advance(0.2);
      if (press) card.board.release();
      card.board.advance(0.3);
      if (poll % 10 === 9) card.open();
    }
    assert.equal(card.state, "WALLET");
  });
  it("RESET: released, then held for 5 s; PRESENCE says how long, and ends no channel", () => {
    const card = wallet("presence: reset").open();
    assert.deepEqual(armed(card), [RESET_S, WITHIN_S]);
    assert.ok(isArmed(card), "STATUS says that it is armed");
    card.board.advance(1);
    assert.deepEqual(armed(card), [RESET_S, WITHIN_S - 1]);
    card.board.press();
    card.board.advance(3);
    assert.deepEqual(armed(card), [2, WITHIN_S - 4], "the button's last look up was before it");
    card.board.advance(2 + LOOK_S);
    card.board.release();
    card.board.advance(1);
    must("RESET", card.secure("RESET"));
    assert.deepEqual([card.state, isArmed(card)], ["EMPTY", false]);
  });
  it("whole seconds are left at the arming, whatever the clock says", () => {
    const card = wallet("presence: clock").open();
    card.board.advance(8);
    for (let at = 0; at < 60; at++) {
      assert.deepEqual(armed(card), [RESET_S, WITHIN_S], `after ${at} arming`);
      card.open();
      card.board.advance(0.0137);
    }
  });
  it("a hold that is too short, or broken, counts for nothing", () => {
    const card = wallet("presence: short").open();
    armed(card);
    hold(card, RESET_S - 0.5);
    hold(card, RESET_S - 0.5);
    armed(card);
    assert.equal(card.state, "WALLET");
  });
  it("a press that began before the arming counts for nothing until it is released", () => {
    const card = wallet("presence: early").open();
    card.board.press();
    card.board.advance(LOOK_S);
    armed(card);
    card.board.advance(2 * RESET_S);
    armed(card);
    card.board.release();
    card.board.advance(LOOK_S);
    hold(card, RESET_S + LOOK_S);
    must("RESET", card.secure("RESET"));
  });
  it("after 30 s the act is forgotten, also one whose gesture was made", () => {
    const card = wallet("presence: late").open();
    armed(card);
    card.board.advance(LOOK_S);
    hold(card, RESET_S + LOOK_S);
    card.board.advance(WITHIN_S);
    assert.ok(!isArmed(card));
    assert.deepEqual(armed(card), [RESET_S, WITHIN_S], "armed anew");
    assert.equal(card.state, "WALLET");
  });
  it("another command in the channel, or the channel's end, disarms; STATUS from anybody does not", () => {
    const card = wallet("presence: disarmed");
    const acts: Record<string, () => void> = {
      "another command": () => void card.secure("PROVE", new Uint8Array(32)),
      "a new channel": () => void card.open(),
      "the sync frame": () => {
        card.live.sync();
        card.open();
      },
    };
    for (const [name, act] of Object.entries(acts)) {
      card.open();
      armed(card);
      card.board.advance(LOOK_S);
      hold(card, RESET_S + LOOK_S);
      act();
      assert.ok(!isArmed(card), name);
      armed(card);
    }
    card.open();
    armed(card);
    card.board.advance(LOOK_S);
    hold(card, RESET_S + LOOK_S);
    assert.ok(isArmed(card));
    must("CERTIFICATE", card.plain("CERTIFICATE"));
    must("RESET", card.secure("RESET"));
  });
  it("the gesture for one act carries out no other", () => {
    const card = offered("presence: other act");
    armed(card, "CANCEL");
    card.board.advance(LOOK_S);
    hold(card, DROP_S + LOOK_S);
    assert.deepEqual(armed(card), [DROP_S, WITHIN_S], "RESET wants its own");
    assert.deepEqual(armed(card, "CANCEL"), [DROP_S, WITHIN_S]);
    assert.equal(card.state, "OFFERED");
  });
  it("the second of a drop is not the five of a copy, which an ACCEPT in between made of it", () => {
    const source = wallet("presence: giving");
    const card = certified("presence: taking");
    const offer = card.offerTo(source);
    source.nameDestinations(2, card);
    const transfer = must("SEAL", source.plain("SEAL", offer));
    assert.deepEqual(armed(card), [DROP_S, WITHIN_S]);
    card.board.advance(LOOK_S);
    hold(card, DROP_S + LOOK_S);
    must("ACCEPT", card.plain("ACCEPT", transfer));
    assert.deepEqual(armed(card), [RESET_S, WITHIN_S]);
    assert.equal(card.state, "COPY");
  });
  it("one gesture carries out one act", () => {
    const card = offered("presence: one act");
    const names = cat(OTHER.id, OTHER.setId);
    must("NAME_SOURCE", card.gesture("NAME_SOURCE", names));
    assert.deepEqual(armed(card, "NAME_SOURCE", cat(OTHER.setId, OTHER.id)), [DROP_S, WITHIN_S]);
  });
  it("every drop of an offer is armed: CANCEL, other names, ACTIVATE with its salt, RESET", () => {
    const names = cat(OTHER.id, OTHER.setId);
    const acts: [CommandName, string, Uint8Array?][] = [
      ["CANCEL", "EMPTY"],
      ["NAME_SOURCE", "OFFERED", names],
      ["ACTIVATE", "WALLET", cat(byte(COST), STRETCHED)],
      ["RESET", "EMPTY"],
    ];
    for (const [name, state, data] of acts) {
      const card = offered(`presence: ${name}`);
      if (name === "ACTIVATE") must("SALT", card.secure("SALT"));
      const flash = card.board.flash.operations;
      assert.deepEqual(armed(card, name, data), [DROP_S, WITHIN_S], name);
      card.board.advance(LOOK_S);
      hold(card, DROP_S + LOOK_S);
      assert.equal(card.board.flash.operations, flash, `${name}: arming wrote to flash`);
      must(name, card.secure(name, data));
      assert.equal(card.state, state, name);
    }
  });
  it("the light blinks while armed, faster for RESET, stays on when it is done, and goes out", () => {
    const changes = (card: TestCard) => {
      let [count, last] = [0, card.board.leds.LED1];
      for (let look = 0; look < 40; look++) {
        card.board.advance(0.1);
        if (card.board.leds.LED1 !== last) count++;
        last = card.board.leds.LED1;
      }
      return count;
    };
    const reset = wallet("presence: light").open();
    armed(reset);
    const drop = offered("presence: slow light");
    armed(drop, "CANCEL");
    const [fast, slow] = [changes(reset), changes(drop)];
    assert.ok(fast > 2 * slow && slow > 2, `${fast} and ${slow} changes in 4 s`);
    hold(reset, RESET_S + LOOK_S);
    assert.ok(reset.board.leds.LED1);
    assert.equal(changes(reset), 0, "steady once it was held");
    must("RESET", reset.secure("RESET"));
    reset.board.advance(LOOK_S);
    assert.ok(!reset.board.leds.LED1);
    drop.board.advance(WITHIN_S);
    assert.ok(!drop.board.leds.LED1);
    assert.equal(changes(drop), 0);
  });
  it("without a button: RESET needs the code, drops are counted and slowed, nothing is armed", () => {
    const card = certified("presence: bare", { button: false });
    const waits: number[] = [];
    for (let drop = 0; drop < 5; drop++) {
      card.open();
      must("NAME_SOURCE", card.secure("NAME_SOURCE", new Uint8Array(32).fill(4)));
      const answer = card.secure("CANCEL");
      if (answer.sw === SW.WAIT.value) {
        waits.push(answer.data[2]!);
        card.wait();
        card.open();
        must("CANCEL", card.secure("CANCEL"));
      } else assert.equal(answer.sw, SW.OK.value);
    }
    assert.deepEqual(waits, [2, 4, 8]);
    card.activate().open();
    assert.equal(card.secure("RESET").sw, SW.CODE.value);
    assert.ok(!isArmed(card));
  });
});
