/** Every target of the fuzzer. A new one is a line here. */
import { apdus, flash, gatt, lines, mailbox } from "./card.js";
import { book, maker, run, wallet } from "./files.js";
import { answers, frames } from "./host.js";
import type { Target } from "./target.js";
import { signed, texts } from "./texts.js";
import { web } from "./web.js";

export const TARGETS: readonly Target[] = [
  ...[apdus, lines, gatt, mailbox, flash],
  ...[frames, answers, texts, signed, run, book, maker, wallet, web],
];
