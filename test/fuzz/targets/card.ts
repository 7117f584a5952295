/**
 * A card under whatever comes in: APDUs, bytes of its serial line, packets of its radio, frames of
 * its tag, and flash that holds anything where the vault was. After each input the card must still
 * answer as docs/protocol.md says, its program must not have failed, and what it refused must have
 * changed nothing.
 */
import type { VirtualBoard } from "../../../host/emulator/board/virtual.js";
import { GATT, LAYOUTS, MAILBOX, STATUS_WORDS, TAG } from "../../../host/sdk/wire/generated.js";
import { frame } from "../../vectors/messages.js";
import { cat, fromHex, hex } from "../../vectors/suite.js";
import { certified, TestCard, wallet, type Snapshot } from "../../support/world.js";
import { COUNTERS } from "../instrument.js";
import { bytes, must, type Target } from "./target.js";

const OPTIONS = { standIn: true, keepRam: false };
const KNOWN = new Set<number>(Object.values(STATUS_WORDS).map(({ value }) => value));
/** Words that come with something written: a try is counted before it is checked. */
const COUNTED = new Set<number>([STATUS_WORDS.WRONG_CODE.value, STATUS_WORDS.PRESENCE.value]);
const STATUS = fromHex("80100000");

/** Cards in the states that matter, made once; each input begins with a fresh boot of one. */
const MAKE: readonly (() => TestCard)[] = [
  () => new TestCard("fuzz: blank", OPTIONS),
  () => certified("fuzz: empty", OPTIONS),
  () => wallet("fuzz: wallet", OPTIONS),
  () => {
    const card = certified("fuzz: offered", OPTIONS);
    card.offerTo(wallet("fuzz: its source", OPTIONS));
    return card;
  },
  () => {
    const [card, other] = [wallet("fuzz: sharing", OPTIONS), certified("fuzz: its copy", OPTIONS)];
    card.nameDestinations(3, other).plain("SEAL", other.offerTo(card));
    return card;
  },
  () => {
    const [source, card] = [wallet("fuzz: source", OPTIONS), certified("fuzz: copy", OPTIONS)];
    source.nameDestinations(2, card).copyTo(card);
    return card;
  },
];
const made: { card: TestCard; start: Snapshot }[] = [];
let used: VirtualBoard | undefined;

/** A card of that number as it was made, just booted. */
function fresh(index: number): TestCard {
  const at = index % MAKE.length;
  made[at] ??= (() => {
    const card = MAKE[at]!();
    return { card, start: card.snapshot() };
  })();
  const { card, start } = made[at];
  card.restore(start);
  used = card.board;
  return card;
}
const counters = () => used?.global(COUNTERS) as Uint8Array | undefined;

/** Its program is whole, and it answers whoever comes next. */
function lives(card: TestCard): void {
  const { board } = card;
  must(board.on, `the card went off: ${board.lastEnd?.message}`);
  const failure = board.failures.at(-1);
  if (failure) throw failure;
  // Whatever half a line stands in its input ends here.
  board.send("\n");
  card.live.sync();
  must(card.live.status().length === 16, "STATUS has another length");
}

/** Parts of an input: a length, then so many bytes; the last one gets what there is. */
function* parts(input: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < input.length;) {
    const length = input[at++]!;
    yield input.subarray(at, at + length);
    at += length;
  }
}
const packed = (...list: readonly Uint8Array[]): Uint8Array =>
  cat(...list.flatMap((part) => [Uint8Array.of(part.length), part]));
const inState = (index: number, rest: Uint8Array) => cat(Uint8Array.of(index), rest);

/** First byte: which card; then APDUs. */
export const apdus: Target = {
  name: "apdus",
  most: 1200,
  counters,
  words: ["80", "84", "90", "94", "00c0000000", "00a40400", "80100000"].map((word) =>
    fromHex(word),
  ),
  seeds: () => {
    const list = ["80100000", "80120000", "80160000", "00a4040009f04b494e4341524401", "80320000"];
    const point = hex(new Uint8Array(32).fill(7));
    const open = `8020000021${"02"}${point}`;
    const long = [`9036000080${"00".repeat(128)}`, `803600006f${"00".repeat(111)}`];
    const sealed = `8444000030${"00".repeat(48)}`;
    const all = [...list, open, ...long, sealed, `803a000020${"00".repeat(32)}`, "00c0000000"];
    return MAKE.flatMap((_, index) => [
      inState(index, packed(...all.map((one) => fromHex(one)))),
      inState(index, packed(fromHex(open), fromHex(sealed), fromHex("80100000"))),
    ]);
  },
  run: (input) => {
    const card = fresh(input[0] ?? 0);
    for (const apdu of parts(input.subarray(1))) {
      if (!apdu.length) continue;
      const before = card.board.flash.operations;
      const answer = card.live.raw(apdu);
      must(KNOWN.has(answer.sw), `an unknown status word: ${answer.sw.toString(16)}`);
      const wrote = card.board.flash.operations - before;
      const quiet = answer.sw === STATUS_WORDS.OK.value || COUNTED.has(answer.sw);
      must(quiet || wrote === 0, `a refusal with ${answer.sw.toString(16)} wrote to the flash`);
    }
    lives(card);
  },
};

/** First byte: which card; then bytes of the serial line, cut where the input says. */
export const lines: Target = {
  name: "lines",
  most: 1500,
  counters,
  words: [bytes("\n"), bytes("\r"), bytes("="), bytes("\x03"), bytes(frame(1, STATUS))],
  seeds: () => {
    const line = bytes(`${frame(5, STATUS)}\n${frame(5, STATUS)}\n`);
    const noise = [bytes("====\n!!!!\n"), new Uint8Array(200).fill(65), bytes("\x03\x03reset()\n")];
    const long = Array.from({ length: 4 }, () => new Uint8Array(200).fill(65));
    return [1, 2].flatMap((index) => [
      ...[line, ...noise].map((one) => inState(index, packed(one))),
      // Longer than any line that a card takes.
      inState(index, packed(...long)),
    ]);
  },
  run: (input) => {
    const card = fresh(input[0] ?? 0);
    const operations = card.board.flash.operations;
    for (const part of parts(input.subarray(1))) {
      if (!card.board.on) break;
      card.board.send(part);
    }
    must(card.board.console === null || (input[0] ?? 0) % MAKE.length === 0, "the prompt is open");
    lives(card);
    must(card.board.flash.operations - operations < 200, "a line wore the flash");
  },
};

/** First byte: which card; then packets: a length, and what is written to TO_CARD. */
export const gatt: Target = {
  name: "gatt",
  most: 800,
  counters,
  words: [bytes("\n"), bytes(frame(9, STATUS))],
  seeds: () => {
    const line = bytes(`${frame(3, new Uint8Array(0))}\n${frame(4, STATUS)}\n`);
    const cut = [line.subarray(0, 20), line.subarray(20)];
    return [1, 2, 5].map((index) => inState(index, packed(...cut, new Uint8Array(20).fill(66))));
  },
  run: (input) => {
    const card = fresh(input[0] ?? 0);
    const { board } = card;
    const central = board.air!.connect(23 + ((input[0] ?? 0) >> 3) * 4);
    central.subscribe(GATT.FROM_CARD);
    for (const packet of parts(input.subarray(1))) {
      if (!central.connected) break;
      try {
        central.write(GATT.TO_CARD, packet);
      } catch (error) {
        // What a stack refuses never reaches the card.
        if ((error as Error).name !== "AttError") throw error;
      }
      board.advance(0.03);
    }
    central.disconnect();
    board.advance(1);
    lives(card);
  },
};

/** First byte: which card; then frames of a reader, the field off where one is empty. */
export const mailbox: Target = {
  name: "mailbox",
  most: 1000,
  counters,
  words: [Uint8Array.of(TAG.READ, MAILBOX.STATUS_PAGE), Uint8Array.of(TAG.WRITE, MAILBOX.GO_PAGE)],
  seeds: () => {
    const read = Uint8Array.of(TAG.READ, MAILBOX.STATUS_PAGE);
    const crc = Buffer.from(frame(1, STATUS), "base64").subarray(-4);
    const body = Uint8Array.of(TAG.WRITE, MAILBOX.GO_PAGE + 1, ...STATUS);
    const sum = Uint8Array.of(TAG.WRITE, MAILBOX.GO_PAGE - 1, ...crc);
    const go = Uint8Array.of(TAG.WRITE, MAILBOX.GO_PAGE, 0, 0, STATUS.length, 1);
    const fast = Uint8Array.of(TAG.FAST_READ, 20, 30);
    const all = [read, body, sum, go, read, read, fast, new Uint8Array(0), read];
    return [0, 1, 2].map((index) => inState(index, packed(...all)));
  },
  run: (input) => {
    const card = fresh(input[0] ?? 0);
    const { board } = card;
    board.nfc.field(true);
    for (const one of parts(input.subarray(1))) {
      if (!one.length) board.nfc.field(false);
      else {
        board.nfc.field(true);
        const answer = board.nfc.frame(one.slice(0, 61));
        if (answer.kind === "answer")
          must(answer.bytes.length <= 4 * MAILBOX.READ_MOST, "an answer too long");
        const end = (one[1] ?? 0) + (Math.min(one.length, 61) - 2) / 4;
        const taken = one[0] === TAG.WRITE && answer.kind === "ack" && answer.value === TAG.ACK;
        must(!taken || end <= MAILBOX.ANSWER_PAGE, "a page was written that is no reader's");
      }
      board.advance(0.03);
    }
    board.nfc.field(false);
    board.advance(31);
    lives(card);
  },
};

/** First byte: which card; then places in the vault's two banks [2] and what stands there. */
export const flash: Target = {
  name: "flash",
  most: 300,
  counters,
  words: ["ffffffff", "00000000", "ffff0000", "0000ffff", "ff00ff00"].map((word) => fromHex(word)),
  seeds: () => {
    const { Bank, Rec } = LAYOUTS;
    const at = (place: number, bank = 0) => {
      const offset = (bank * Bank.SIZE + place) >> 2;
      return Uint8Array.of(offset >> 8, offset & 255, 0, 0, 0, 0);
    };
    const places = [Rec.COMMIT, Bank.AGAIN, Rec.SEQ, Rec.STATE, Rec.KCARD, Rec.SIZE, 2048, 3000];
    return MAKE.flatMap((_, card) =>
      places.flatMap((place) => [0, 1].map((bank) => inState(card, packed(at(place, bank))))),
    );
  },
  run: (input) => {
    const index = input[0] ?? 0;
    const card = fresh(index);
    const { start } = made[index % MAKE.length]!;
    const cells = start.flash.cells.slice();
    const { Bank } = LAYOUTS;
    for (const part of parts(input.subarray(1))) {
      if (part.length < 3) continue;
      const offset = (((part[0]! << 8) | part[1]!) << 2) % (2 * Bank.SIZE);
      cells.set(part.subarray(2, 2 + Math.min(64, 2 * Bank.SIZE - offset)), Bank.SIZE + offset);
    }
    card.restore({ ...start, flash: { ...start.flash, cells } });
    lives(card);
    // And it comes up again, whatever the first boot made of it.
    const state = card.state;
    card.reboot();
    lives(card);
    must(card.state === state, `${state} at the first boot, ${card.state} at the second`);
  },
};
