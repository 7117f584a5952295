/**
 * A region's source as a function. Each chip has its own: sharing one compiled source between
 * chips was tried and costs more than it saves (the engine then can't build in the chip's memory).
 */

import type { Scope } from "./port.js";

/** Runs a region: gives the next address (an int32), or throws a fault. */
export type Translated = () => number;

export function compile(source: string, scope: Scope): Translated {
  const used = Object.keys(scope).filter((name) => source.includes(name));
  // the parentheses make the engine compile the function at once, not at its first call
  const body = `"use strict";const{${used}}=scope;return(()=>{${source}});`;
  return (new Function("scope", body) as (scope: Scope) => Translated)(scope);
}
