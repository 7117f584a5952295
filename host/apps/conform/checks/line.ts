/**
 * Checks of one card's link, docs/protocol.md 3 and 9: malformed commands, noise, half frames,
 * lost answers, two hosts on one port. Every wait has an end, and nothing is lost.
 */
import assert from "node:assert/strict";
import { decodeAnswer } from "../../../sdk/card/apdu.js";
import { concat, fromHex } from "../../../sdk/crypto/bytes.js";
import { fromLatin1 } from "../../../sdk/crypto/text.js";
import { wordName } from "../../../sdk/card/words.js";
import { hexWord } from "../../../sdk/failures/text.js";
import { deadline } from "../../../sdk/links/clock.js";
import { LinkError, type Duplex } from "../../../sdk/links/link.js";
import {
  decodeFrame,
  encodeFrame,
  LineSplitter,
  type Frame,
} from "../../../sdk/links/line/line.js";
import { pause } from "../../../sdk/links/time/waits.js";
import type { StatusWordName } from "../../../sdk/wire/generated.js";
import { Card, WRONG } from "../card.js";
import { refused } from "../check.js";
import { framed } from "../rack.js";
import { LINES } from "./lines.js";

interface LineCheck {
  readonly title: string;
  /** The bytes below the frames. */
  readonly wire: boolean;
  readonly run: (card: Card) => Promise<void>;
}

const ascii = (text: string) => new TextEncoder().encode(text);
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, value) => value);
const HALF = encodeFrame({ seq: 77, apdu: fromHex("80100000") }).slice(0, 7);
/** What no card answers, and what must not stand in the way of what comes next. */
const NOISE: Readonly<Record<string, Uint8Array>> = {
  "every byte value": ALL_BYTES,
  "empty lines": ascii("\n\r\n\n"),
  "bad base64": ascii("====\n!!!!\nAQ==x\nA\n"),
  "a console's chatter": ascii("\r\n>Uncaught Error: no\r\n at line 1\r\n>"),
  "half a frame": HALF,
  "half a frame, ended": concat(HALF, ascii("\n")),
  "a frame too long": ascii(`${"A".repeat(720)}\n`),
  "a line without end": ascii("B".repeat(3000)),
};

/** Malformed commands, and the word for each on a card without an open channel. */
const MALFORMED: readonly [what: string, apdu: string, word: StatusWordName][] = [
  ["an unknown class", "81100000", "CLA"],
  ["an unknown instruction", "80ff0000", "INS"],
  ["P1 where none is known", "80100100", "P1P2"],
  ["P2", "80100001", "P1P2"],
  ["an Lc that promises more than comes", "8020000021aabb", "LENGTH"],
  ["data for a command that takes none", "8010000001aa", "LENGTH"],
  ["half an extended Lc", "80200000000009aa", "LENGTH"],
  ["another application", "00a4040005a000000001", "NOT_FOUND"],
  ["GET RESPONSE of nothing", "00c0000000", "INS"],
  ["GET RESPONSE in a chain", "10c0000000", "CLA"],
  ["a channel command in the clear", "80220000", "CHANNEL"],
  ["a sealed command without a channel", `8422000010${"00".repeat(16)}`, "CHANNEL"],
  ["an ephemeral key that is no point", `8020000021${"02" + "ff".repeat(32)}`, "CRYPTO"],
];

/** From this number on, sync frames that tell which line an answer belongs to. */
const SYNC = 200;

/** Two hosts on a port: how long the second may wait for its clear word. */
const SECOND_MS = 15_000;

/** The frames that come in, one by one. */
class Answers {
  readonly #lines = new LineSplitter();
  readonly #frames: Frame[] = [];
  #wake: () => void = () => undefined;
  constructor(duplex: Duplex) {
    duplex.onData((bytes) => {
      const frames = this.#lines.push(bytes).map(decodeFrame);
      this.#frames.push(...frames.filter((frame) => frame !== undefined));
      this.#wake();
    });
  }
  async next(): Promise<Frame> {
    const late = deadline(SECOND_MS);
    while (!this.#frames.length) {
      if (late()) throw new Error("the card is silent");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, SECOND_MS / 10);
      });
    }
    return this.#frames.shift()!;
  }
}

/** Swallows what comes in while `deaf`. */
class Lossy implements Duplex {
  deaf = false;
  swallowed = 0;
  constructor(private readonly duplex: Duplex) {}
  get frames() {
    return this.duplex.frames;
  }
  write(bytes: Uint8Array) {
    return this.duplex.write(bytes);
  }
  onData(listener: (bytes: Uint8Array) => void): void {
    this.duplex.onData((bytes) => {
      if (!this.deaf) return listener(bytes);
      this.swallowed += bytes.length;
      // The whole frame is lost, however many pieces its line comes in.
      if (this.frames || bytes.includes(10)) this.deaf = false;
    });
  }
  onClose(listener: (error?: Error) => void): void {
    this.duplex.onClose(listener);
  }
  close() {
    return this.duplex.close();
  }
}

export const LINE: readonly LineCheck[] = [
  {
    title: "refuses malformed commands with their words, and changes nothing",
    wire: false,
    run: async (card) => {
      await card.toEmpty();
      const { transport } = await card.session();
      for (const [what, apdu, word] of MALFORMED) {
        const { sw } = decodeAnswer(await transport.transmit(fromHex(apdu)));
        assert.equal(wordName(sw) ?? hexWord(sw), word, what);
      }
      assert.equal((await card.status()).state, "EMPTY");
    },
  },
  {
    title: "answers after noise, half frames and frames too long",
    wire: true,
    run: async (card) => {
      await card.toEmpty();
      const { state } = await card.status();
      for (const [what, bytes] of Object.entries(NOISE)) {
        const wire = await card.wire();
        await wire.write(bytes);
        const after = await card.on(await framed(card.place, wire));
        assert.equal((await after.status()).state, state, what);
      }
    },
  },
  {
    title: "is silent for lines that are no standard base64 or too long, and takes all others",
    wire: true,
    run: async (card) => {
      await card.toEmpty();
      const wire = await card.wire();
      // Over the air there are frames, and no lines.
      if (wire.frames) return;
      const answers = new Answers(wire);
      // What was said to another host may still be on its way: a serial line has no ends.
      await wire.write(encodeFrame({ seq: SYNC - 1, apdu: new Uint8Array(0) }));
      while ((await answers.next()).seq !== SYNC - 1);
      for (const [i, { what, line, good }] of LINES.entries()) {
        const sync = encodeFrame({ seq: SYNC + i, apdu: new Uint8Array(0) });
        await wire.write(concat(fromLatin1(line + "\n"), sync));
        const first = await answers.next();
        if (good) assert.notEqual(first.seq, SYNC + i, what);
        const last = good ? await answers.next() : first;
        assert.equal(last.seq, SYNC + i, what);
      }
    },
  },
  {
    title: "keeps an open channel over noise between two commands",
    wire: true,
    run: async (card) => {
      await card.toEmpty();
      const wire = await card.wire();
      await card.on(await framed(card.place, wire));
      const session = await card.meet();
      await session.prove();
      for (const bytes of Object.values(NOISE)) await wire.write(concat(bytes, ascii("\n")));
      await session.prove();
    },
  },
  {
    title: "executes a command once whose answer was lost and that is sent again",
    wire: true,
    run: async (card) => {
      await card.toWallet();
      const lossy = new Lossy(await card.wire());
      await card.on(await framed(card.place, lossy, { resendMs: 500 }));
      const session = await card.meet();
      lossy.deaf = true;
      await refused("WRONG_CODE", "a wrong code", session.enterCode(WRONG));
      assert.ok(lossy.swallowed > 0, "no answer was lost");
      assert.equal((await session.status()).misses, 1);
      await card.unlock();
    },
  },
  {
    title: "tells a second host on its port that it is taken; the first goes on",
    wire: false,
    run: async (card) => {
      await card.toEmpty();
      const first = await card.meet();
      const late = deadline(SECOND_MS);
      const second = await card.place.open({ connectMs: 5000 }).then(
        (transport) => transport,
        (error: unknown) => error as Error,
      );
      if (!(second instanceof Error)) await second.close();
      assert.ok(second instanceof LinkError, "the second host was let in");
      assert.match(second.message, /another (program|client)/);
      assert.ok(!late(), "the second host waited too long");
      await pause(300);
      await first.prove();
    },
  },
];
