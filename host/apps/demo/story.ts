/**
 * The demo: the whole life of a set of three cards, told while it happens. Returns what a program
 * can check of it (`--json`).
 */

import { randomBytes } from "../../sdk/crypto/random.js";
import { AccessCode } from "../../sdk/crypto/code.js";
import { toHex, wipe } from "../../sdk/crypto/bytes.js";
import type { Recording } from "../../sdk/recording/index.js";
import { WalletApp } from "../../sdk/relay/app.js";
import { DEMO_MAKER } from "../../sdk/maker/demo.js";
import { newCard } from "./cards.js";
import type { DemoCard } from "./cards.js";
import { eavesdrop } from "./eavesdrop.js";
import { copyKey, copyKeyAgain } from "./copying.js";
import { activate, blankCards, introduce, makeGenuine } from "./making.js";
import { resetAndBegin } from "./rebirth.js";
import { cardReport } from "./report.js";
import type { DemoReport } from "./report.js";
import type { Stage } from "./stage.js";
import { drawPicture, secondBackup, signTogether } from "./using.js";
import { copyBytes, sourceApdus, totals } from "./wire.js";

export async function tell(
  stage: Stage,
  signal: AbortSignal,
  recording?: Recording,
): Promise<DemoReport> {
  const start = performance.now();
  const cards: DemoCard[] = [];
  for (const letter of ["A", "B", "C"] as const)
    cards.push(await newCard(letter, signal, recording));
  const entropy = randomBytes(8);
  const secret = new TextEncoder().encode(toHex(entropy));
  const code = AccessCode.from(secret);
  const app = new WalletApp({ maker: DEMO_MAKER, code, signal });
  try {
    introduce(stage, cards);
    await blankCards(stage, cards);
    const [a, b, c] = await makeGenuine(stage, cards);
    const source = await activate(stage, app, a, code);
    const ceremony = { stage, app, source, a, names: [b.certificate.id, c.certificate.id] };
    const first = await copyKey(ceremony, b);
    const second = await copyKeyAgain(ceremony, c, first);
    const signing = await signTogether(stage, app, [a, b, c], source);
    const refusedWith = await secondBackup(stage, app, a, b);
    const set = [a, b, c] as const;
    const loot = await eavesdrop(stage, {
      app,
      set,
      source,
      copies: [first, second],
      code,
      secret,
    });
    await resetAndBegin(stage, { app, a, b, code, source, loot });
    const { apdus, bytes } = totals(cards);
    const perCopy = [b, c].map(({ recorder }, copy) =>
      copyBytes(sourceApdus(a.recorder, copy), recorder),
    );
    const report: DemoReport = {
      maker: toHex(DEMO_MAKER),
      digest: toHex(signing.digest),
      setSize: 3,
      cards: signing.signed.map(cardReport),
      secondBackup: refusedWith,
      wire: { apdus, bytes, bytesPerCopy: Math.max(...perCopy) },
      seconds: Number(((performance.now() - start) / 1000).toFixed(3)),
    };
    drawPicture(stage, report);
    return report;
  } finally {
    code.wipe();
    wipe(secret, entropy);
    for (const { session, board } of cards) {
      await session.close();
      board.powerOff();
    }
  }
}
