/**
 * Every state × every command (docs/protocol.md 4): what the wire table says is what the card
 * does, and a refusal changes nothing in flash.
 */
import assert from "node:assert/strict";
import {
  COMMANDS,
  LAYOUTS,
  SLOT_STATES,
  STATES,
  STATUS_WORDS,
  type CommandName,
  type StateName,
} from "../../host/sdk/wire/generated.js";
import { byte, cat, type Bytes } from "../vectors/suite.js";
import { COST, STRETCHED, certified, must, TestCard, wallet } from "../support/world.js";

const { Bank, Cert, Rec } = LAYOUTS;

/** A card that is only named, made once. */
const peers = { source: wallet("states: a source") };

/** A card brought into each state by a live ceremony. */
const MAKE: Record<Exclude<StateName, "DAMAGED">, () => TestCard> = {
  BLANK: () => new TestCard("states: blank"),
  EMPTY: () => certified("states: empty"),
  OFFERED: () => {
    const card = certified("states: offered");
    card.offerTo(peers.source);
    return card;
  },
  WALLET: () => wallet("states: wallet"),
  SHARING: () => {
    const destination = certified("states: sealed to");
    const card = wallet("states: sharing").nameDestinations(3, destination);
    must("SEAL", card.plain("SEAL", destination.offerTo(card)));
    return card;
  },
  SHARED: () => {
    const destination = certified("states: copied to");
    const card = wallet("states: shared").nameDestinations(2, destination);
    card.copyTo(destination);
    return card;
  },
  COPY: () => {
    const source = wallet("states: source of a copy");
    const card = certified("states: copy");
    source.nameDestinations(2, card).copyTo(card);
    return card;
  },
};

/** Data that the command would take: a refusal must be the table's, not the data's. */
function dataFor(name: CommandName, card: TestCard): Bytes {
  switch (name) {
    case "CERTIFY":
      return card.certificate.length ? card.certificate : new Uint8Array(Cert.SIZE);
    case "OPEN":
      return peers.source.certificate.slice(Cert.KCARD, Cert.SIGNATURE);
    case "CODE":
      return STRETCHED;
    case "ACTIVATE":
    case "CHANGE_CODE":
      return cat(byte(COST), STRETCHED);
    case "NAME_SOURCE":
      return cat(peers.source.id, peers.source.setId);
    case "NAME_DESTINATIONS":
      return cat(byte(3), new Uint8Array(16).fill(9));
    case "PUBLIC_KEY":
      return byte(0);
    case "SIGN":
      return cat(byte(0), new Uint8Array(32).fill(1));
    default:
      return new Uint8Array(COMMANDS.find((command) => command.name === name)!.data[0]);
  }
}

describe("states x commands", () => {
  for (const state of Object.keys(MAKE) as (keyof typeof MAKE)[]) {
    describe(state, () => {
      let card: TestCard;
      let start: ReturnType<TestCard["snapshot"]>;
      before(() => {
        card = MAKE[state]();
        assert.equal(card.state, state);
        start = card.snapshot();
      });

      /** The access that the command needs, as far as the state gives it. */
      function prepare(access: string): void {
        if (access === "plain" || state === "BLANK") return;
        const holder = STATES[state].value >= STATES.WALLET.value;
        if (access === "code" && holder) card.unlock();
        else card.open();
      }

      for (const command of COMMANDS) {
        const cell = command.cells[state];
        const name = command.name;
        it(`${name}: ${typeof cell === "string" ? cell : cell.join(" or ")}`, () => {
          card.restore(start);
          prepare(command.access);
          if (typeof cell !== "string") {
            // Allowed: whatever it answers, the state is one of the cell's or the old one.
            const data = dataFor(name, card);
            if (name === "ACTIVATE" || name === "CHANGE_CODE") must("SALT", card.secure("SALT"));
            const drops = state === "OFFERED" && command.access !== "plain";
            const answer = drops ? card.gesture(name, data) : card.ask(name, data);
            for (const refusal of ["STATE", "BLANK", "EMPTY", "DAMAGED"] as const) {
              assert.notEqual(answer.sw, STATUS_WORDS[refusal].value, "refused by the table");
            }
            const reached = card.state;
            const allowed: readonly string[] = answer.sw === 0x9000 ? cell : [state];
            assert.ok(allowed.includes(reached), `${reached} after ${answer.sw.toString(16)}`);
            return;
          }
          const before = card.board.dump();
          const data = dataFor(name, card);
          const answer =
            state === "BLANK" && command.access !== "plain"
              ? card.plain(name, data)
              : card.ask(name, data);
          assert.equal(answer.sw.toString(16), STATUS_WORDS[cell].value.toString(16));
          assert.deepEqual(card.board.dump(), before, "a refusal changed the flash");
        });
      }
    });
  }

  it("DAMAGED: everything but STATUS says so, and no older record comes back", () => {
    const card = wallet("states: damaged");
    const { flash } = card.board;
    card.board.powerOff();
    // One bit of the committed record falls, as it would in worn flash.
    const at = committedRecord(flash.bytes) + Rec.SET_ID + 4;
    const word = flash.bytes.slice(at & ~3, (at & ~3) + 4);
    flash.write(
      flash.address + (at & ~3),
      word.map((value) => value & (value - 1)),
    );
    card.boot();
    assert.equal(card.state, "DAMAGED");
    for (const command of COMMANDS) {
      if (command.name === "STATUS") continue;
      const answer = card.plain(command.name, new Uint8Array(command.data[0]));
      assert.equal(answer.sw, STATUS_WORDS.DAMAGED.value, command.name);
    }
    card.reboot();
    assert.equal(card.state, "DAMAGED");
  });

  it("slot states in STATUS are the table's", () => {
    const card = MAKE.SHARING();
    assert.deepEqual(card.status().slots, [SLOT_STATES.SEALED.value, SLOT_STATES.OPEN.value]);
  });
});

/** Where the one committed record begins: the bank that is not all ones. */
function committedRecord(flash: Uint8Array): number {
  for (const at of [Bank.SIZE, 2 * Bank.SIZE]) {
    if (flash.subarray(at, at + Bank.SIZE).some((value) => value !== 255)) return at;
  }
  throw new Error("no record");
}
