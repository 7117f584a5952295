/**
 * Boot: memory, kernel, entropy, vault, counters, then the link. What is missing is said in STATUS.
 */
import { At, Rec } from "./wire/layout.js";
import {
  bytes,
  closeConsole,
  kernelAddress,
  later,
  listen,
  openConsole,
  pressed,
  put,
} from "./board/board.js";
import { vaultAddress } from "./board/flash.js";
import { copy, decompress, kernelStart } from "./wire/kernel.js";
import { startDropDelay } from "./card/presence.js";
import { digest } from "./card/identity.js";
import { randomStart } from "./card/random.js";
import { DEMO, KMAKER } from "./config.js";
import { received } from "./link/line.js";
import { tagStart } from "./link/tag.js";
import { radioConsole, radioStart } from "./link/radio.js";
import { VaultState, vaultStart } from "./vault/vault.js";
import { triesStart } from "./vault/tries.js";
import { Label, LABELS, LabelSize, Size, State } from "./wire/generated.js";

/**
 * The prompt is closed from the first statement on: a Ctrl-C during boot would find it. It stays
 * open only while the button is held on a development image, or comes back on a card that holds
 * nothing. The radio is next: until then Espruino calls itself by its factory name. Nothing that
 * comes in is heard before this function ends.
 */
function start(): void {
  const open = DEMO && pressed() ? 1 : 0;
  if (!open) closeConsole();
  radioStart(received, open);
  put(LABELS, At.LABELS);
  if (kernelStart(kernelAddress())) {
    put(KMAKER, At.DATA);
    decompress(At.KMAKER_PUB, At.DATA);
    digest(Label.MAKER, LabelSize.MAKER, At.DATA, Size.POINT);
    copy(At.MAKER_ID, At.HASH, Size.MAKER_ID);
    randomStart();
    const vault = vaultStart(vaultAddress());
    if (vault === VaultState.OK) triesStart();
    if (vault === VaultState.DAMAGED) bytes[At.REC + Rec.STATE] = State.DAMAGED;
    startDropDelay();
    later(tagStart, 0.01);
    if (pressed() && bytes[At.REC + Rec.STATE] === State.BLANK && !bytes[At.REC + Rec.HAS_KCARD]) {
      openConsole();
      radioConsole(received);
    }
  }
  listen(received);
}
start();
