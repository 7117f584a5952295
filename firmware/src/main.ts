/**
 * Boot: memory, kernel, entropy, vault, counters, then the link. What is missing is said in STATUS.
 */
import { At, Rec } from "./wire/layout.js";
import {
  bytes,
  consoleIsOpen,
  kernelAddress,
  later,
  listen,
  onMishap,
  openConsole,
  pressed,
  put,
  restart,
} from "./board/board.js";
import { vaultAddress } from "./board/flash.js";
import { copy, decompress, kernelStart } from "./wire/kernel.js";
import { bootDone, mishap } from "./card/dispatch.js";
import { runFor, startDropDelay } from "./card/presence.js";
import { digest } from "./card/identity.js";
import { randomStart } from "./card/random.js";
import { DEMO, KMAKER, LISTS } from "./config.js";
import { received } from "./link/line.js";
import { tagStart } from "./link/tag.js";
import { radioConsole, radioStart } from "./link/radio.js";
import { VaultState, vaultStart } from "./vault/vault.js";
import { triesStart } from "./vault/tries.js";
import { Consent, Label, LABELS, LabelSize, Size, State } from "./wire/generated.js";

const enum After {
  /** Seconds in which a host that asks all the time has its first answer. */
  BOOT_S = 0.03,
}

/**
 * The bundle's first statement has closed the prompt (firmware/build/passes/first.ts); it stays open only
 * while the button is held on a development image, or comes back on a card that holds nothing. The
 * radio is next: until then Espruino calls itself by its factory name. Nothing that comes in is
 * heard before this function ends.
 */
function start(): void {
  radioStart(received, DEMO && consoleIsOpen() ? 1 : 0);
  put(LABELS, At.LABELS);
  put(LISTS, At.SIZE);
  if (kernelStart(kernelAddress())) {
    put(KMAKER, At.DATA);
    decompress(At.KMAKER_PUB, At.DATA);
    digest(Label.MAKER, LabelSize.MAKER, At.DATA, Size.POINT);
    copy(At.MAKER_ID, At.HASH, Size.MAKER_ID);
    const vault = vaultStart(vaultAddress());
    if (vault === VaultState.OK) triesStart();
    if (vault === VaultState.DAMAGED) bytes[At.REC + Rec.STATE] = State.DAMAGED;
    startDropDelay();
    runFor(Consent.BOOT_S);
    later(rest, After.BOOT_S);
    // Only where both banks were seen blank: a vault that is not found may be there all the same.
    if (pressed() && vault === VaultState.OK && !bytes[At.REC + Rec.HAS_KCARD]) {
      openConsole();
      radioConsole(received);
    }
  }
  listen(received);
  bootDone();
  onMishap(mishap, restart);
}
/** What nobody waits for. A command that comes first has its random samples drawn (line.ts). */
function rest(): void {
  randomStart();
  tagStart();
}
// From the main loop, which forgets a Ctrl-C that came while the prompt was still open: in here it
// would start the debugger, on no console.
later(start, 0);
