/**
 * What a card says to anybody and how long it takes for it: nothing secret, nothing that is counted
 * or written. By the times the real processor's speed shows, which an emulated chip only assumes.
 */
import { CardSession } from "../../sdk/card/session.js";
import { now } from "../../sdk/links/clock.js";
import type { Transport } from "../../sdk/links/link.js";
import type { LinkScheme } from "../../sdk/links/registry.js";
import { KERNEL_ABI } from "../../sdk/wire/generated.js";
import type { Check } from "./check.js";
import { compared, measured } from "./check.js";

const ROUNDS = 50;
/** What the emulated Puck.js takes at 115200 baud and 1.3 cycles an instruction (bench:chip). */
const CHIP = { status: 34, wire: 4.2, cycles: 1.3 } as const;
/** A chip's time by cable, faster than any adapter and slower than a virtual board. */
const BY_CABLE = "34 ms on the emulated chip by cable";

export async function checkCard(transport: Transport, scheme: LinkScheme): Promise<Check[]> {
  const session = new CardSession(transport);
  const status = await session.status();
  const { state, firmware, kernelAbi, noVault, rngFailed } = status;
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const from = now();
    await session.status();
    times.push(now() - from);
  }
  times.sort((a, b) => a - b);
  const median = times[ROUNDS >> 1] ?? 0;
  const worst = times.at(-1) ?? 0;
  const text = `${median.toFixed(0)} ms, ${worst.toFixed(0)} at worst of ${ROUNDS}`;
  return [
    measured("card", `${state}, firmware ${firmware}`),
    compared("kernel", `ABI ${kernelAbi}`, kernelAbi === KERNEL_ABI, {
      expected: `ABI ${KERNEL_ABI}`,
    }),
    compared("vault", noVault ? "none" : "there", !noVault, { expected: "there" }),
    compared("random numbers", rngFailed ? "failed" : "healthy", !rngFailed, {
      expected: "healthy",
    }),
    measured("time of STATUS", text, scheme === "serial" ? BY_CABLE : undefined),
    ...(scheme === "serial" ? [speed(median)] : []),
  ];
}

/** The model is one number: so many cycles for each instruction at 64 MHz. */
function speed(ms: number): Check {
  const { status, wire, cycles } = CHIP;
  const found = (cycles * (ms - wire)) / (status - wire);
  const text = `about ${found.toFixed(1)}, if the adapter adds nothing`;
  return measured("cycles an instruction", text, "assumed: 1.3 to 1.9");
}
