/** Shapes of what goes in and comes out of the methods of `kincard serve`: JSON Schema, draft 7. */

import { SIZES } from "../../sdk/wire/generated.js";
import type { Schema } from "./entry.js";

const text = (pattern: string, description: string): Schema => ({
  type: "string",
  pattern,
  description,
});

export const ADDRESS = text("^0x[0-9a-fA-F]{40}$", "20 bytes in hex");
export const HEX = text("^0x([0-9a-fA-F]{2})*$", "bytes in hex");
export const QUANTITY = text("^0x(0|[1-9a-f][0-9a-f]*)$", "a number in hex");
export const SIGNATURE = text("^0x[0-9a-f]{130}$", "r [32], s [32], v [1], in hex");
const BASE64_GROUPS = "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?";
export const BASE64 = text(`^${BASE64_GROUPS}$`, "bytes in base64");
export const PATH = text(
  `^m(/[0-9]{1,10}['hH]?){0,${SIZES.PATH_MAX}}$`,
  "a BIP32 path: m/84'/0'/0'/0/0, or with h for the apostrophe",
);
export const TEXT: Schema = { type: "string" };
/** A number of eth_signTransaction: JSON-RPC's hex, decimal text, or a JSON number. */
export const NUMBER: Schema = {
  oneOf: [{ type: "integer", minimum: 0 }, text("^(0x[0-9a-fA-F]+|[0-9]+)$", "in hex or decimal")],
};

/** All of `properties`, and no other. */
export function whole(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = Object.keys(properties),
): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}
export const listOf = (items: Schema): Schema => ({ type: "array", items });
