/**
 * I1 secrecy, I7 no residue, I10 reset: every secret that ever passed through the kernel of a card
 * is looked for, after every command, in all its RAM, its flash and all that it sent.
 */
import assert from "node:assert/strict";
import { LAYOUTS } from "../../host/sdk/wire/generated.js";
import { byte, cat, type Bytes } from "../vectors/suite.js";
import { contains } from "../support/bytes.js";
import { spyKernel, type Secrets, type Seen } from "../support/spy.js";
import { COST, STRETCHED, WRONG, must, TestCard } from "../support/world.js";

const { Bank, Ledger, Msg, Rec } = LAYOUTS;

/** A card whose secrets are known, with all that it ever sent. */
class Watched extends TestCard {
  readonly secrets: Secrets;
  /** Every line that left the card, as text: one may come in several pieces. */
  private text = "";

  constructor(name: string) {
    const secrets: Secrets = new Map();
    super(name, { kernel: spyKernel(secrets), keepRam: true });
    this.secrets = secrets;
    this.board.onData((bytes) => (this.text += Buffer.from(bytes).toString("latin1")));
  }

  /** What the card sent: its frames, decoded. */
  get sent(): Uint8Array {
    return Buffer.concat(this.text.split("\n").map((line) => Buffer.from(line, "base64")));
  }
  /** What the kernel saw so far, by what it is; two different keys of a kind count as two. */
  get seen(): string[] {
    return [...this.secrets.values()].map(({ what }) => what);
  }
  /** Which of those stand in `where`. */
  found(where: readonly Uint8Array[]): string[] {
    const buffers = where.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    const hits = [...this.secrets.values()].filter(({ bytes }: Seen) =>
      buffers.some((buffer) => contains(buffer, bytes)),
    );
    return hits.map(({ what }) => what).sort();
  }
  get inRam(): string[] {
    return this.found(this.board.ram());
  }
  get inFlash(): string[] {
    return this.found([this.board.dump()]);
  }
}

/** What both sides of a copy derive on the way. */
const EXCHANGE = ["private key", "shared secret", "kincard/ktrans/1", "kincard/kreceipt/1"];
const CHANNEL = ["kincard/ktocard/1", "kincard/ktohost/1"];

describe("I7 no residue", () => {
  const S = new Watched("residue S");
  const D = new Watched("residue D");
  const D2 = new Watched("residue D2");
  let offer: Bytes;
  let transfer: Bytes;
  let receipt: Bytes;

  /**
   * What may be in RAM (`ram`) and in flash (`flash`) after `act`, by what it is, each key once;
   * and what the kernel must have seen by then (`seen`), else nothing was looked for.
   */
  function check(
    title: string,
    card: Watched,
    act: () => void,
    ram: string[],
    flash: string[],
    seen: string[] = ["private key"],
  ) {
    it(title, () => {
      act();
      for (const what of seen) assert.ok(card.seen.includes(what), `the kernel saw no ${what}`);
      assert.deepEqual(card.inRam, [...ram].sort(), "in RAM");
      assert.deepEqual(card.inFlash, flash, "in flash");
    });
  }

  check(
    "I7: a made card keeps Kcard in flash, nothing in RAM",
    S,
    () => S.certify(),
    [],
    ["private key"],
  );
  check("I7: an open channel keeps its two keys", S, () => S.open(), CHANNEL, ["private key"]);
  check(
    "I7: activation leaves the wallet key in RAM alone",
    S,
    () => S.activate(),
    [...CHANNEL, "Kpriv"],
    ["private key"],
  );
  check("I7: the channel's end wipes it", S, () => S.live.sync(), [], ["private key"]);
  check(
    "I7: a wrong code leaves nothing",
    S,
    () => {
      S.open();
      S.secure("CODE", WRONG);
    },
    [],
    ["private key"],
  );
  check(
    "I7: a destination keeps Klink_D in flash until it took a key",
    D,
    () => {
      D.certify();
      offer = D.offerTo(S);
      D.live.sync();
    },
    [],
    // Kcard and Klink_D.
    ["private key", "private key"],
  );
  check(
    "I7: sealing keeps Kreceipt in flash; Klink_S, Z and Ktrans nowhere",
    S,
    () => {
      S.nameDestinations(2, D);
      transfer = must("SEAL", S.plain("SEAL", offer));
      S.live.sync();
    },
    [],
    // The private key is Kcard alone: Klink_S was another one.
    ["kincard/kreceipt/1", "private key"],
    EXCHANGE,
  );
  check(
    "I7: accepting erases Klink_D",
    D,
    () => {
      receipt = must("ACCEPT", D.plain("ACCEPT", transfer));
    },
    [],
    ["private key"],
    EXCHANGE,
  );
  it("I9: neither Klink is in any flash once its copy is made", () => {
    // Kcard is the only private key left: each flash holds exactly one that the kernel ever saw.
    for (const card of [S, D]) {
      const flash = Buffer.from(card.board.dump());
      const keys = [...card.secrets.values()].filter(({ what }) => what === "private key");
      assert.ok(keys.length > 2);
      assert.equal(keys.filter(({ bytes }) => contains(flash, bytes)).length, 1, card.name);
    }
  });
  check(
    "I7: the receipt erases Kreceipt and the TRANSFER",
    S,
    () => {
      must("CONFIRM", S.plain("CONFIRM", receipt));
      assert.deepEqual(S.inFlash, ["private key"], "in flash when the answer is there");
      S.rest();
      assert.ok(!contains(S.board.dump(), transfer.subarray(Msg.ENC)), "ENC is in flash");
    },
    [],
    ["private key"],
  );
  check(
    "I7: a copy unlocked holds the key in RAM for its channel only",
    D,
    () => D.unlock(),
    [...CHANNEL, "Kpriv"],
    ["private key"],
  );
  check(
    "I7: 60 idle seconds wipe the channel without any command",
    D,
    () => {
      D.board.advance(61);
    },
    [],
    ["private key"],
  );
  check(
    "I7: signing and deriving leave nothing behind",
    D,
    () => {
      D.unlock();
      must("SIGN", D.secure("SIGN", cat(byte(1, 0x80, 0, 0, 44), new Uint8Array(32).fill(3))));
      must("PUBLIC_KEY", D.secure("PUBLIC_KEY", byte(1, 0, 0, 0, 1)));
      must("LEDGER", D.secure("LEDGER", new Uint8Array(32)));
      D.live.sync();
    },
    [],
    ["private key"],
  );

  it("I1: nothing that left a card holds a secret of its", () => {
    for (const card of [S, D]) {
      // What must be found where it is looked for: else the search itself is blind.
      const { sent } = card;
      assert.ok(contains(sent, card.certificate), "the search does not find what was sent");
      assert.deepEqual(card.found([sent]), []);
    }
  });

  it("I10: a reset leaves no wrapped key, salt or set id; Kcard and certificate stay", () => {
    for (const card of [S, D]) {
      card.rest().unlock();
      // The record's secrets as flash holds them: found by what the card's own reset must remove.
      const before = Buffer.from(card.board.dump());
      const ledger = must("LEDGER", card.secure("LEDGER", new Uint8Array(32)));
      const setId = ledger.slice(Ledger.SET_ID, Ledger.PUBLIC_KEY);
      const { salt } = card.live;
      for (const [what, bytes] of Object.entries({ setId, salt }))
        assert.ok(contains(before, bytes), `${what} is not where it is looked for`);
      const wrapped = wrappedKeyOf(before);
      assert.ok(
        wrapped.some((value) => value !== 0),
        "there is no wrapped key to remove",
      );
      card.unlock();
      must("RESET", card.secure("RESET"));
      assert.deepEqual(card.inRam, CHANNEL);
      assert.equal(parts(wrapped, Buffer.from(card.board.dump())), 0, "the wrapped key, at once");
      const after = Buffer.from(card.rest().board.dump());
      assert.ok(!contains(after, setId), "set id in flash");
      assert.ok(!contains(after, salt), "salt in flash");
      assert.equal(parts(wrapped, after), 0, "a part of the wrapped key");
      for (const ram of card.board.ram()) {
        assert.ok(!Buffer.from(ram).includes(wrapped.subarray(0, 16)), "wrapped key in RAM");
      }
      assert.ok(contains(after, card.certificate), "the certificate stays");
      assert.equal(card.state, "EMPTY");
    }
  });
  it("I10: a new activation makes a new key and set id; messages of before are refused", () => {
    const old = S.setId;
    S.activate();
    assert.notDeepEqual(S.setId, old);
    S.nameDestinations(2, D);
    assert.equal(S.plain("SEAL", offer).sw, 0x69e4, "an OFFER of before the reset");
    D.offerTo(S);
    assert.equal(D.plain("ACCEPT", transfer).sw, 0x6988, "a TRANSFER of before the reset");
    assert.notDeepEqual(S.publicKey(), D2.certify().activate().publicKey());
  });
  it("I10: the new code alone holds after a reset", () => {
    const card = new TestCard("residue code").certify().activate();
    card.unlock();
    must("RESET", card.secure("RESET"));
    must("SALT", card.open().secure("SALT"));
    const other = new Uint8Array(32).fill(9);
    must("ACTIVATE", card.secure("ACTIVATE", cat(byte(COST), other)));
    card.open();
    assert.equal(card.secure("CODE", STRETCHED).sw, 0x6300);
    card.unlock(other);
  });
});

/** How many 8-byte pieces of a secret are in `where`. */
function parts(secret: Buffer, where: Buffer): number {
  const pieces = Array.from({ length: secret.length / 8 }, (_, i) =>
    secret.subarray(8 * i, 8 * i + 8),
  );
  return pieces.filter((piece) => where.includes(piece)).length;
}
/** The wrapped key in a flash dump: at its place in the one record that is there. */
function wrappedKeyOf(flash: Buffer): Buffer {
  for (const bank of [Bank.SIZE, 2 * Bank.SIZE]) {
    const at = bank + Rec.WRAPPED;
    const wrapped = flash.subarray(at, at + Rec.WRAPPED_SIZE);
    if (wrapped.some((value) => value !== 255)) return Buffer.from(wrapped);
  }
  throw new Error("no record");
}
