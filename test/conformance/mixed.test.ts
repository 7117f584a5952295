/**
 * The conformance suite on a mixed rack: one virtual board over TCP, one made of the real
 * interpreter (ESPRUINO_BIN) over a serial port that is a pseudo terminal.
 */
import { missing } from "../espruino/cards.js";
import { conforms } from "./mocha.js";
import { INTERPRETER, interpreterRack, mixedRack, VIRTUAL, virtualRack } from "./racks.js";

conforms(
  "a virtual board and an interpreter",
  [VIRTUAL, INTERPRETER],
  async () => mixedRack(await virtualRack(["mixed"]), await interpreterRack(1)),
  missing(),
);
