/**
 * From APDU to answer: parsing, chaining, paging, the channel's wrap, the table of states and
 * commands, and what must hold after every command (docs/protocol.md section 3).
 */
import { At, Ok, Rec, Selected } from "../wire/layout.js";
import { big, bytes, put, putShort, restart } from "../board/board.js";
import { copy, equal, give, take, zero } from "../wire/kernel.js";
import { tidyTries } from "../vault/tries.js";
import { secretsIn, secretsOut } from "../vault/vault.js";
import type { Answer, Flag, Offset, StatusWord } from "../types.js";
import {
  AID,
  CELLS,
  Cla,
  Cmd,
  Ins,
  Limit,
  SHAPES,
  Shape,
  Size,
  SW,
  WORDS,
} from "../wire/generated.js";
import { FIRMWARE_VERSION } from "../config.js";
import { putSuite } from "./identity.js";
import { disarm } from "./presence.js";
import { ageSession, endSession, level, Level, useSession } from "./session.js";
import { handlers, type Handler } from "./commands/table.js";

/** What the kernel says of a sealed command; 0: no good seal. */
const enum Taken {
  FRESH = 1,
  AGAIN = 2,
}
/** What a stage of execute() says while there is no answer yet. */
const enum Step {
  GO = 0,
  MORE = 1,
}

/**
 * 1 while a command is under way, and until the boot is over. Where either ended half-way (an
 * error, memory that ran out), nothing that lies in the arena can be trusted, and nothing is
 * answered.
 */
let busy: Flag = 1;
export function bootDone(): void {
  busy = 0;
}
/** After an error: starts anew if it was a command's. Others (no field to send to) do no harm. */
export function mishap(): void {
  if (busy) restart();
}

/** The command at hand: class without the chaining bit, index, length of its data in DATA. */
let cla = 0;
let command = 0;
let dataLength = 0;
/** Level of the channel that it came in by (0 = none); 1 if its answer goes out in one piece. */
let inside = Level.NONE;
let whole: Flag = 0;
/** Bytes collected in DATA by chaining, and the header they were sent under. */
let collected = 0;
let chainHead = 0;
/** The answer in OUT that is not fetched yet: where the rest begins, how much is left. */
let pageAt = 0;
let pageLeft = 0;
/** Length of the last channel answer in OUT while LAST is valid, else 0. */
let resendable = 0;

/** Another host speaks: the parts of a chain and the rest of an answer were not its own. */
export function forgetParts(): void {
  collected = pageLeft = 0;
}

/**
 * Executes the APDU of `length` bytes at `at` in FRAME. Returns the length of the answer at TX.
 * One level deep: what it calls returns before the next is called, since calls may nest six deep.
 */
export function execute(at: Offset, length: number): number {
  // What came in before the main loop could tell.
  if (busy) restart();
  if (level) ageSession();
  inside = Level.NONE;
  let answer: Answer | Step = collect(at, length);
  if (answer === Step.MORE) return page(SW.OK, 0);
  busy = 1;
  if (answer === Step.GO && cla === Cla.CHANNEL) answer = unseal(at);
  if (answer === Step.GO) answer = admit(at);
  if (answer === Step.GO) {
    secretsIn();
    answer = (handlers[command] as Handler)(bytes[at + 2], dataLength);
  }
  if (inside) answer = sealAnswer(answer as Answer);
  else if ((answer & 0xffff) !== SW.OK && (answer & 0xffff) !== SW.PRESENCE) endSession();
  tidyTries();
  secretsOut();
  zero(At.PASSING, At.PASSING_SIZE);
  pageAt = At.OUT;
  pageLeft = answer >> 16;
  busy = 0;
  return page(answer & 0xffff, whole);
}

/** Parses the APDU and collects its data in DATA. A step, or the word it is refused with. */
function collect(at: Offset, length: number): Answer | Step {
  let from = at + 5;
  let lc = length > 5 ? bytes[at + 4] : 0;
  whole = length > 5 && !lc ? 1 : 0;
  if (whole) {
    from = at + 7;
    lc = length > 7 ? (bytes[at + 5] << 8) | bytes[at + 6] : 0;
  }
  cla = bytes[at] & ~Cla.CHAIN;
  // Behind the data there may be Le: one byte, or two after an extended Lc.
  const rest = at + length - from - lc;
  if (length < 4 || (length > 4 && rest && (rest !== 1 + whole || !lc))) {
    forgetParts();
    return SW.LENGTH;
  }
  const fetches = pageLeft && !bytes[at] && bytes[at + 1] === Ins.GET_RESPONSE;
  const wrong = fetches ? bytes[at + 2] | bytes[at + 3] : 0;
  if (fetches && !wrong && !lc) return Step.MORE;
  pageLeft = 0;
  if (fetches) return wrong ? SW.P1P2 : SW.LENGTH;
  // The header of a part, its chaining bit apart.
  if (collected && (big(at) & ~(Cla.CHAIN << 24)) !== chainHead) collected = 0;
  dataLength = collected + lc;
  if (dataLength > Limit.DATA) {
    collected = 0;
    return SW.LENGTH;
  }
  copy(At.DATA + collected, from, lc);
  collected = 0;
  if (bytes[at] === cla) return Step.GO;
  if (cla !== Cla.PLAIN && cla !== Cla.CHANNEL) return SW.CLA;
  chainHead = big(at) & ~(Cla.CHAIN << 24);
  collected = dataLength;
  return Step.MORE;
}

/** Moves the next page of the answer to TX and puts the status word behind it. */
function page(status: number, unpaged: Flag): number {
  let length = pageLeft;
  if (length > Limit.PAGE && !unpaged) {
    length = Limit.PAGE;
    status = 0x6100 | (pageLeft - length > 255 ? 0 : pageLeft - length);
  }
  if (length) copy(At.TX, pageAt, length);
  pageAt += length;
  pageLeft -= length;
  putShort(At.TX + length, status);
  return length + 2;
}

/** Finds the command and asks the table whether. Step.GO, or the answer. */
function admit(at: Offset): Answer | Step.GO {
  if (cla === Cla.ISO) return select(at);
  if (cla !== Cla.PLAIN && cla !== Cla.CHANNEL) return SW.CLA;
  if (!inside) resendable = 0;
  command = (bytes[at + 1] - Ins.FIRST) >> 1;
  if (bytes[at + 1] & 1 || command < 0 || command >= Ins.COUNT) return SW.INS;
  // The cells of an instruction that is none say INS.
  const cell = CELLS.charCodeAt(command * 8 + bytes[At.REC + Rec.STATE]) - 65;
  if (cell >= 0)
    return ((WORDS.charCodeAt(2 * cell) << 8) | WORDS.charCodeAt(2 * cell + 1)) as StatusWord;
  const shape = SHAPES.charCodeAt(3 * command);
  if ((shape & Shape.ACCESS) > inside) return inside ? SW.CODE : SW.CHANNEL;
  if (inside && command === Cmd.OPEN) return SW.CLA;
  if (bytes[at + 2] > (shape & Shape.P1 ? 1 : 0) || bytes[at + 3]) return SW.P1P2;
  // Bytes of data beyond the least: at most so many.
  const more = dataLength - SHAPES.charCodeAt(3 * command + 1) - (shape & Shape.LONG ? 256 : 0);
  return more < 0 || more > SHAPES.charCodeAt(3 * command + 2) ? SW.LENGTH : Step.GO;
}

function select(at: Offset): Answer {
  endSession();
  if (bytes[at + 1] !== Ins.SELECT) return SW.INS;
  if (bytes[at + 2] !== 4 || bytes[at + 3]) return SW.P1P2;
  put(AID, At.OUT);
  if (dataLength !== 9 || !equal(At.DATA, At.OUT, 9)) return SW.NOT_FOUND;
  putSuite(At.OUT);
  put(FIRMWARE_VERSION, At.OUT + Selected.FIRMWARE);
  return Ok.SELECT;
}

/**
 * Opens the command in DATA. Step.GO, or the answer: the same command gets the same bytes again.
 */
function unseal(at: Offset): Answer | Step.GO {
  if (!level) return SW.CHANNEL;
  const taken = take(At.SESSION, at, At.DATA, dataLength);
  if (taken === Taken.AGAIN && resendable) return ((resendable << 16) | SW.OK) as Answer;
  resendable = 0;
  if (taken !== Taken.FRESH) return SW.CRYPTO;
  dataLength -= Size.TAG;
  useSession();
  inside = level;
  return Step.GO;
}

/**
 * Seals the answer in OUT, status word and all. Anything but 9000 and PRESENCE was the channel's
 * last; what PRESENCE armed is for the very next command.
 */
function sealAnswer(answer: Answer): Answer {
  const length = answer >> 16;
  putShort(At.OUT + length, answer);
  give(At.SESSION, At.OUT, length + 2);
  resendable = length + 2 + Size.TAG;
  answer = (answer & 0xffff) as Answer;
  if (answer === SW.OK) disarm();
  else if (answer !== SW.PRESENCE) endSession();
  return ((resendable << 16) | SW.OK) as Answer;
}
