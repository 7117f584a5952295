/**
 * What answers `E.nativeCall` when a board is not told otherwise: the kernel's bytes in the Thumb-2
 * machine, or the oracle where the flash holds only the placeholder.
 */

import { isPlaceholder } from "../board/fresh.js";
import { standinKernel } from "./oracle.js";
import type { KernelFactory } from "../espruino/life.js";
import { thumbKernel } from "./native.js";

export const defaultKernel: KernelFactory = (memory, codeAddress, code) =>
  isPlaceholder(code) ? standinKernel(memory) : thumbKernel(memory, { codeAddress });
