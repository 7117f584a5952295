/**
 * What answers `E.nativeCall` when a board is not told otherwise: the kernel's bytes in the Thumb-2
 * machine, or the oracle where the flash holds only the placeholder.
 */

import { isPlaceholder } from "./image.js";
import { standinKernel } from "./kernel-standin.js";
import type { KernelFactory } from "./session.js";
import { thumbKernel } from "./thumb/kernel.js";

export const defaultKernel: KernelFactory = (memory, codeAddress, code) =>
  isPlaceholder(code) ? standinKernel(memory) : thumbKernel(memory, { codeAddress });
