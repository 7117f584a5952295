/**
 * The host under a hostile card or relay: frames of a line, and answers of a card to every command
 * of a session. Nothing but a Failure may come out, and every wait ends.
 */
import { CardSession } from "../../../host/sdk/card/session.js";
import { LinkError, type Transport } from "../../../host/sdk/links/link.js";
import {
  decodeFrame,
  encodeFrame,
  LINE_MOST,
  LineSplitter,
} from "../../../host/sdk/links/line/line.js";
import { DEMO_MAKER } from "../../../host/sdk/maker/demo.js";
import { frame } from "../../vectors/messages.js";
import { fromHex, hex } from "../../vectors/suite.js";
import { bytes, must, taken, type Target } from "./target.js";

/** However the bytes are cut, the same lines come out. */
export const frames: Target = {
  name: "frames",
  most: 2500,
  words: [bytes("\n"), bytes("\r\n"), bytes("=="), bytes(frame(1, fromHex("9000")))],
  seeds: () => [
    bytes(`${frame(1, fromHex("9000"))}\n${frame(2, fromHex("0102619000"))}\n`),
    bytes("busy: another client\n"),
    new Uint8Array(1200).fill(65),
    // One character longer than what is taken.
    new Uint8Array(2 * LINE_MOST + 2).fill(65).fill(10, 2 * LINE_MOST + 1),
  ],
  run: (input) => {
    const whole = new LineSplitter().push(input);
    const splitter = new LineSplitter();
    const cut = [...input].flatMap((byte) => splitter.push(Uint8Array.of(byte)));
    must(whole.join("\n") === cut.join("\n"), "cut bytes give other lines");
    for (const line of whole) {
      // Noise may stand before a good frame, as much again as a frame has.
      must(line.length <= 2 * LINE_MOST, "a line too long came through");
      const one = decodeFrame(line);
      if (!one) continue;
      const again = decodeFrame(new TextDecoder().decode(encodeFrame(one)).trim());
      must(again !== undefined && hex(again.apdu) === hex(one.apdu), "a frame that changes");
    }
  },
};

const answersOf = (input: Uint8Array): Transport => {
  let at = 0;
  return {
    name: "fuzz",
    extended: true,
    transmit: async () => {
      if (at >= input.length) throw new LinkError("link/closed", { link: "fuzz" });
      const length = input[at]! | ((input[at + 1] ?? 0) << 8);
      const answer = input.subarray(at + 2, at + 2 + length);
      at += 2 + length;
      // Links hand on nothing shorter than a status word.
      return answer.length >= 2 ? answer.slice() : fromHex("6f00");
    },
    onDisconnect: () => () => undefined,
    close: async () => undefined,
  };
};
const answer = (text: string) => {
  const data = fromHex(text);
  return Uint8Array.from([data.length & 255, data.length >> 8, ...data]);
};

/** A session's commands, one after the other, to a card that answers what the input says. */
export const answers: Target = {
  name: "answers",
  most: 1500,
  words: ["9000", "6988", "6301", "6110", "0101"].map((word) => fromHex(word)),
  seeds: () => {
    const status = answer("0101030000010000000000000100000a9000");
    const certificate = answer(`0101e85bdfab${"02".repeat(97)}9000`);
    const hello = answer(`02${"11".repeat(232)}9000`);
    const request = answer(`02${"22".repeat(96)}9000`);
    const all = [status, certificate, request, hello].map((one) => [...one]).flat();
    return [Uint8Array.from(all), status, hello, answer("6301030258"), answer("6988")];
  },
  run: async (input) => {
    const session = new CardSession(answersOf(input));
    await taken(() => session.status());
    await taken(() => session.certificate());
    await taken(() => session.personalise());
    await taken(() => session.select());
    await taken(() => session.offer());
    await taken(() => session.openChannel({ maker: DEMO_MAKER }));
  },
};
