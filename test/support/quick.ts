/** A board that can be brought back to a state quickly: see TestBoard.quick. */
import { createECDH, createHash, createHmac } from "node:crypto";
import type { KernelFactory } from "../../host/emulator/espruino/life.js";
import type { KernelRunner } from "../../host/emulator/arm/memory.js";
import { eachOf } from "../../host/emulator/kernel/list.js";
import { standinKernel } from "../../host/emulator/kernel/oracle.js";
import { seededRandom, type RandomSource } from "../../host/emulator/entropy.js";
import { KERNEL_ENTRIES } from "../../firmware/kernel/abi.js";
import { Remembered } from "./remembered.js";

/** Entries that are slow: sizes of what is read at their second, third argument ..., of `out`. */
const SLOW: Readonly<Record<string, { readonly reads: readonly number[]; readonly out: number }>> =
  {
    pubkey: { reads: [32], out: 64 },
    sign: { reads: [32, 32], out: 65 },
    ecdh: { reads: [64, 32], out: 32 },
    decompress: { reads: [33], out: 64 },
  };
const SHA = "sha256";
/** x of key * point [32] by OpenSSL; nothing for what it refuses, which the oracle then decides. */
function sharedX(pub: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  try {
    const own = createECDH("secp256k1");
    own.setPrivateKey(key);
    return new Uint8Array(own.computeSecret(Buffer.concat([Buffer.of(4), pub])));
  } catch {
    return undefined;
  }
}

interface Told {
  readonly result: number;
  readonly out: Uint8Array;
}
const told = new Remembered<Told>();
const verified = new Remembered<number>();

/**
 * The kernel's oracle, which remembers what it said of the curve; hashes and shared points are the
 * platform's.
 */
export const rememberingKernel: KernelFactory = (memory) => {
  const { call } = standinKernel(memory);
  const runner: KernelRunner = {
    call(entry, args) {
      const { name = "", arguments: kinds = [] } = KERNEL_ENTRIES[entry] ?? {};
      const at = (index: number) => (args[index] ?? 0) >>> 0;
      // What is not aligned is refused before anything is read.
      if (kinds.some(([, kind], index) => kind === "word" && at(index) & 3))
        return call(entry, args);
      // The calls of a list are remembered each for itself.
      if (name === "list") return eachOf(memory, [at(0), at(1), at(2)], runner.call);
      if (name === "verify") {
        const inputs = [64, 32, 64].map((size, index) => memory.read(at(index), size));
        return verified.get(inputs, () => call(entry, args));
      }
      const hashed = name === "sha256" || name === "hmac";
      if (hashed) {
        const [data, length] = name === "hmac" ? [at(2), at(3)] : [at(1), at(2)];
        const input = memory.read(data, length);
        const hash = name === "hmac" ? createHmac(SHA, memory.read(at(1), 32)) : createHash(SHA);
        memory.write(at(0), hash.update(input).digest());
        return 1;
      }
      const slow = SLOW[name];
      if (!slow) return call(entry, args);
      const inputs = slow.reads.map((size, index) => memory.read(at(index + 1), size));
      const { result, out } = told.get([Buffer.from(name), ...inputs], () => {
        const x = name === "ecdh" ? sharedX(inputs[0]!, inputs[1]!) : undefined;
        if (x) return { result: 1, out: x };
        const said = call(entry, args);
        return { result: said, out: memory.read(at(0), said ? slow.out : 0) };
      });
      if (result) memory.write(at(0), out);
      return result;
    },
  };
  return runner;
};

/** The same numbers again from each power-up on: a card brought back to a state goes on the same. */
export class SameAgain implements RandomSource {
  private random: RandomSource;
  constructor(private readonly seed: number | string) {
    this.random = seededRandom(seed);
  }
  restart(): void {
    this.random = seededRandom(this.seed);
  }
  next32(): number {
    return this.random.next32();
  }
}
