/**
 * The conformance suite on virtual boards whose only link is the mailbox: each opening of a link is
 * a new tap on a raw reader of its own, which one program has at a time.
 */
import { LinkError, type Transport } from "../../host/sdk/core.js";
import { conforms } from "../conformance/mocha.js";
import { VIRTUAL } from "../conformance/racks.js";
import type { Place, Rack } from "../../host/apps/conform/rack.js";
import { makeBoard, missingBundle } from "../support/boards.js";
import { PART } from "../support/full.js";
import { tap } from "./cards.js";

const SEEDS = ["nfc rack 1", "nfc rack 2", "nfc rack 3"];

async function nfcRack(): Promise<Rack> {
  const boards = SEEDS.map((seed) => makeBoard({ seed }));
  const places = boards.map((board, index): Place => {
    const name = `nfc ${index + 1}`;
    let held: Transport | undefined;
    board.powerOn();
    return {
      name,
      open: async (options) => {
        if (held) throw new LinkError("link/in-use", { link: name });
        board.nfc.field(false);
        const { link } = await tap({ board, name }, "raw", options);
        held = link;
        link.onDisconnect(() => (held = undefined));
        return link;
      },
      levers: {
        power: { off: async () => board.powerOff(), on: async () => board.powerOn() },
        button: (held) => (held ? board.press() : board.release()),
        time: (seconds) => board.advance(seconds),
      },
    };
  });
  const close = async () => boards.forEach((board) => board.powerOff());
  return { name: "virtual boards by NFC", places, close };
}

conforms(
  `three virtual boards by their mailboxes${PART}`,
  SEEDS.map(() => VIRTUAL),
  nfcRack,
  missingBundle(),
  { wire: false, part: true },
);
