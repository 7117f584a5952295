/** What a check has to say about a place in the code. */
import type { AnyNode } from "./ast.js";

export { BuildRefused } from "../../wire/refused.js";

export interface Finding {
  readonly rule: string;
  readonly message: string;
  /** Of the code that was checked: line from 1, column from 0. */
  readonly line: number;
  readonly column: number;
}
/** A finding's place in the sources that people write. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function at(node: AnyNode, rule: string, message: string): Finding {
  const { line, column } = node.loc!.start;
  return { rule, message, line, column };
}
