/** Chaining, paging and repeats (docs/protocol.md 3 and 5), APDU by APDU, on a card. */
import assert from "node:assert/strict";
import { STATUS_WORDS, type StatusWordName } from "../../../sdk/wire/generated.js";
import { channelHeader, shortApdu } from "../../../../test/vectors/channel.js";
import { byte, fromHex, hex, type Bytes } from "../../../../test/vectors/suite.js";
import type { Card } from "../card.js";
import type { Check } from "../check.js";
import { nameOf, stageOf } from "./cases.js";
import type { Answer, LiveCard } from "./live.js";
import { Stage } from "./stage.js";

const GET_RESPONSE = fromHex("00c0000000");
const STATUS = fromHex("80100000");
const [OPEN, PROVE, LEDGER] = [0x20, 0x44, 0x46];
const PARTS = 3;

function said(what: string, answer: Answer, word: StatusWordName): void {
  assert.equal(nameOf(answer.sw), nameOf(STATUS_WORDS[word].value), what);
}
/** OPEN's data in parts: all but the last, and the last. */
function parts(point: Bytes): { more: Bytes[]; last: Bytes } {
  const size = Math.ceil(point.length / PARTS);
  const cut = Array.from({ length: PARTS }, (_, at) => point.subarray(at * size, (at + 1) * size));
  const more = cut.slice(0, -1).map((part) => shortApdu(byte(0x90, OPEN, 0, 0), part));
  return { more, last: shortApdu(byte(0x80, OPEN, 0, 0), cut.at(-1)!) };
}

interface ApduCheck {
  readonly title: string;
  readonly session: "none" | "channel" | "code";
  readonly run: (card: LiveCard, stage: Stage) => Promise<void>;
}

const CHECKS: readonly ApduCheck[] = [
  {
    title: "collects the parts of a chain",
    session: "none",
    run: async (card, { world }) => {
      const { more, last } = parts(world.peers[0].klink.public);
      for (const part of more) {
        const answer = await card.raw(part);
        said("a part", answer, "OK");
        assert.equal(answer.data.length, 0, "a part was answered by data");
      }
      const answer = await card.raw(last);
      said("the last part", answer, "OK");
      assert.equal(answer.data.length, 233, "the hello's length");
    },
  },
  {
    title: "forgets the parts of a chain when another command comes between",
    session: "none",
    run: async (card, { world }) => {
      const { more, last } = parts(world.peers[0].klink.public);
      for (const part of more) said("a part", await card.raw(part), "OK");
      said("STATUS", await card.raw(STATUS), "OK");
      said("the last part alone", await card.raw(last), "LENGTH");
    },
  },
  {
    title: "takes no chain of more than 512 bytes",
    session: "none",
    run: async (card) => {
      const part = shortApdu(byte(0x90, 0x38, 0, 0), new Uint8Array(255));
      for (const count of [255, 510]) said(`${count} bytes`, await card.raw(part), "OK");
      said("765 bytes", await card.raw(part), "LENGTH");
    },
  },
  {
    title: "pages what is longer than 256 bytes",
    session: "code",
    run: async (card) => {
      const { head, sealed } = card.sealed("LEDGER", new Uint8Array(32));
      const first = await card.once(shortApdu(head, sealed));
      // body, signature, status word and tag: 216 + 64 + 2 + 16
      assert.equal(first.data.length, 256, "the first page");
      assert.equal(first.sw.toString(16), "612a", "what is left");
      const rest = await card.once(GET_RESPONSE);
      assert.deepEqual([rest.data.length, nameOf(rest.sw)], [42, nameOf(0x9000)], "the rest");
      said("GET RESPONSE once more", await card.once(GET_RESPONSE), "INS");
    },
  },
  {
    title: "drops the rest of an answer when another command comes between",
    session: "code",
    run: async (card) => {
      const { head, sealed } = card.sealed("LEDGER", new Uint8Array(32));
      await card.once(shortApdu(head, sealed));
      said("STATUS", await card.once(STATUS), "OK");
      said("GET RESPONSE", await card.once(GET_RESPONSE), "INS");
    },
  },
  {
    title: "answers a sealed command that comes again with the same bytes, and executes nothing",
    session: "channel",
    run: async (card) => {
      const { head, sealed } = card.sealed("SALT");
      const [one, two] = [
        await card.raw(shortApdu(head, sealed)),
        await card.raw(shortApdu(head, sealed)),
      ];
      said("SALT", one, "OK");
      assert.equal(hex(two.data), hex(one.data), "the answer to the same command");
      assert.equal(nameOf(card.unseal(head, one).sw), nameOf(0x9000));
      said("PROVE after it", await card.secure("PROVE", new Uint8Array(32)), "OK");
    },
  },
  {
    title: "ends the channel when an older sealed command comes again",
    session: "channel",
    run: async (card) => {
      const { head, sealed } = card.sealed("SALT");
      card.unseal(head, await card.raw(shortApdu(head, sealed)));
      said("PROVE", await card.secure("PROVE", new Uint8Array(32)), "OK");
      said("the SALT of before", await card.raw(shortApdu(head, sealed)), "CRYPTO");
      const next = card.sealed("PROVE", new Uint8Array(32));
      said("PROVE", await card.raw(shortApdu(next.head, next.sealed)), "CHANNEL");
    },
  },
  {
    title: "lets plain commands pass beside an open channel",
    session: "channel",
    run: async (card) => {
      said("PROVE", await card.secure("PROVE", new Uint8Array(32)), "OK");
      said("STATUS", await card.raw(STATUS), "OK");
      said("PROVE", await card.secure("PROVE", new Uint8Array(32)), "OK");
      said("STATUS, sealed", await card.secure("STATUS"), "OK");
    },
  },
  {
    title: "ends the channel with a refusal, sealed or plain",
    session: "channel",
    run: async (card, stage) => {
      said("PROVE without data", await card.secure("PROVE"), "LENGTH");
      const after = shortApdu(channelHeader(PROVE), new Uint8Array(48));
      said("PROVE", await card.raw(after), "CHANNEL");
      await stage.ready("channel");
      said("an unknown class", await card.raw(fromHex("81100000")), "CLA");
      said(
        "LEDGER",
        await card.raw(shortApdu(channelHeader(LEDGER), new Uint8Array(48))),
        "CHANNEL",
      );
    },
  },
];

export function apduChecks(index: number, seed: string): Check[] {
  const key = "apdus";
  return CHECKS.map(({ title, session, run }): Check => {
    const act = async (card: Card) => {
      const scene = { state: "WALLET", session: "none" } as const;
      const stage = await stageOf(card, key, () => Stage.set(card.place, scene, seed));
      await stage.ready(session);
      await run(stage.card, stage);
    };
    const given = "a wallet, asked APDU by APDU";
    return { group: key, given, keeps: key, title, cards: [index], roles: ["card"], run: act };
  });
}
