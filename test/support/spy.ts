/**
 * A kernel that notes every secret passing through it, for the residue tests (I7): private keys,
 * shared secrets, derived keys, stretched codes and wallet nodes, by what they are. It runs the
 * real kernel and changes nothing; a list of calls it makes one by one, to see each.
 */
import { KERNEL_ENTRIES } from "../../firmware/kernel/abi.js";
import type { KernelRunner, Memory } from "../../host/emulator/arm/memory.js";
import { defaultKernel } from "../../host/emulator/kernel/default.js";
import { eachOf } from "../../host/emulator/kernel/list.js";
import type { KernelFactory } from "../../host/emulator/espruino/life.js";
import { LABELS } from "../../host/sdk/wire/generated.js";

export interface Seen {
  readonly what: string;
  readonly bytes: Uint8Array;
}
/** Secrets by their hex. */
export type Secrets = Map<string, Seen>;

/** Which arguments of an entry are secret going in, which coming out, and how long. */
const INPUTS: Record<string, [number, number, string][]> = {
  pubkey: [[1, 32, "private key"]],
  sign: [[2, 32, "private key"]],
  ecdh: [[2, 32, "private key"]],
  lock: [
    [1, 32, "Kpriv"],
    [2, 32, "stretched code"],
  ],
  unlock: [[2, 32, "stretched code"]],
};
const OUTPUTS: Record<string, [number, number, string][]> = {
  ecdh: [[0, 32, "shared secret"]],
  unlock: [[0, 32, "Kpriv"]],
  hkdf: [[0, 32, "derived key"]],
};

/** The label that HKDF's info points at: what the key is for. */
function labelAt(memory: Memory, address: number): string {
  const [length = 0] = memory.read(address, 1);
  const text = Buffer.from(memory.read(address + 1, length)).toString("latin1");
  return Object.values(LABELS).includes(text as never) ? text : "?";
}

export function spyKernel(secrets: Secrets): KernelFactory {
  return (memory, address, code) => {
    const kernel = defaultKernel(memory, address, code);
    const note = (what: string, at: number, length: number) => {
      const bytes = memory.read(at, length).slice();
      const hex = Buffer.from(bytes).toString("hex");
      // The first name stays: Kpriv is handed to `pubkey` as a private key later on.
      if (!/^0*$/.test(hex) && !secrets.has(hex)) secrets.set(hex, { what, bytes });
    };
    const one: KernelRunner = {
      call(entry, args) {
        const { name } = KERNEL_ENTRIES[entry]!;
        if (name === "list") return eachOf(memory, args, (...inner) => one.call(...inner));
        for (const [i, length, what] of INPUTS[name] ?? []) note(what, args[i]!, length);
        const result = kernel.call(entry, args);
        for (const [i, length, what] of result ? (OUTPUTS[name] ?? []) : []) {
          note(name === "hkdf" ? labelAt(memory, args[3]!) : what, args[i]!, length);
        }
        return result;
      },
    };
    return one;
  };
}
