/** Where searches begin: as far as an honest user would have come, each step in its turn. */
import { must } from "../support/world.js";
import { D1, D2, E, X, type World } from "./world.js";

const sealTo = (w: World, offer: number) => must("SEAL", w.seal(w.known.offers[offer - 1]!.bytes));
const told = (w: World, n: number, named: readonly number[]) => {
  w.activate();
  w.tell(D1);
  w.tell(D2);
  w.name(n, named);
};

export const STARTS = {
  "a wallet": (w: World) => w.activate(),
  "both told and named": (w: World) => told(w, 3, [D1, D2]),
  "sealed to the first": (w: World) => {
    told(w, 3, [D1, D2]);
    sealTo(w, 1);
  },
  "the first has the key": (w: World) => {
    told(w, 3, [D1, D2]);
    sealTo(w, 1);
    must("ACCEPT", w.accept(D1, w.known.transfers[0]!.bytes));
  },
  "a set of two is sealed, and the other is named": (w: World) => {
    told(w, 2, [D1]);
    // The other's offer is the newer one: its counter alone would not keep it out.
    w.drop(D2);
    w.tell(D2);
    sealTo(w, 1);
    w.name(2, [D2]);
  },
  "a thief is named as the second": (w: World) => {
    told(w, 3, [D1, E]);
    sealTo(w, 1);
  },
  "an offer was made anew": (w: World) => {
    told(w, 3, [D1, D2]);
    w.drop(D1);
    w.tell(D1);
    sealTo(w, 3);
  },
  "the sealed offer was made anew": (w: World) => {
    told(w, 3, [D1, D2]);
    sealTo(w, 1);
    w.drop(D1);
    w.tell(D1);
  },
  "a card of another maker is named": (w: World) => told(w, 3, [D1, X]),
  "the source's second life": (w: World) => {
    told(w, 3, [D1, D2]);
    must("RESET", w.resetS());
    w.activate();
    w.name(3, [D1, D2]);
  },
} as const satisfies Record<string, (w: World) => void>;
export type StartName = keyof typeof STARTS;
export const startNames = Object.keys(STARTS) as StartName[];
