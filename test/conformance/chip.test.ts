/**
 * The conformance suite on chips that execute the real firmware (KINCARD_FIRMWARE), reached by
 * their serial cables in the chips' own time. Skipped by name without a firmware.
 */
import { LinkError, type Duplex } from "../../host/sdk/links/link.js";
import { LineTransport } from "../../host/sdk/links/line/transport.js";
import { makeChip, missing } from "../chip/firmware/support.js";
import { conforms } from "./mocha.js";
import type { Place, Rack } from "../../host/apps/conform/rack.js";
import { VIRTUAL } from "./racks.js";

const SEEDS = ["chip 1", "chip 2"];

function chipRack(seeds: readonly string[]): Rack {
  const boards = seeds.map((seed) => makeChip({ seed }));
  const places = boards.map((board, index): Place => {
    board.powerOn();
    board.advance(1);
    const name = seeds[index]!;
    // A cable has one plug.
    let held = false;
    const plug = (): Duplex => {
      if (held) throw new LinkError("link/in-use", { link: name });
      held = true;
      const duplex = board.duplex();
      const close = async () => {
        held = false;
        await duplex.close();
      };
      return { ...duplex, close };
    };
    return {
      name,
      open: async (options) => LineTransport.connect(plug(), { name, ...options }),
      wire: async () => plug(),
      levers: {
        power: { off: async () => board.powerOff(), on: async () => board.powerOn() },
        button: (held) => (held ? board.press() : board.release()),
        time: (seconds) => board.advance(seconds),
      },
    };
  });
  return {
    name: "chips",
    places,
    close: async () => {
      for (const board of boards) board.powerOff();
    },
  };
}

conforms(
  "two chips with the real firmware",
  SEEDS.map(() => VIRTUAL),
  async () => chipRack(SEEDS),
  missing(),
);
