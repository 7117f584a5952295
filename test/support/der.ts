/**
 * Strict DER (X.690) for the two structures that come with test vectors: Ecdsa-Sig-Value (SEC 1
 * C.5) and SubjectPublicKeyInfo with a named curve (RFC 5480). Anything that isn't the one right
 * encoding gives undefined.
 */

interface Element {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly rest: Uint8Array;
}

/** One element with a definite length in its shortest form. */
function element(data: Uint8Array): Element | undefined {
  const [tag, first] = data;
  if (tag === undefined || first === undefined) return undefined;
  let length = first;
  let at = 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 2 || data.length < 2 + count) return undefined;
    length = data.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
    if (length < (count === 1 ? 0x80 : 0x100)) return undefined;
    at += count;
  }
  if (data.length < at + length) return undefined;
  return { tag, value: data.subarray(at, at + length), rest: data.subarray(at + length) };
}

/** The elements of a SEQUENCE that is all of `data`, if their tags are these. */
function sequence(data: Uint8Array, tags: readonly number[]): Uint8Array[] | undefined {
  const outer = element(data);
  if (!outer || outer.tag !== 0x30 || outer.rest.length) return undefined;
  const values: Uint8Array[] = [];
  let rest = outer.value;
  for (const tag of tags) {
    const inner = element(rest);
    if (!inner || inner.tag !== tag) return undefined;
    values.push(inner.value);
    rest = inner.rest;
  }
  return rest.length ? undefined : values;
}

/** A positive INTEGER of at most 256 bits, as 32 bytes. */
function integer(value: Uint8Array): Uint8Array | undefined {
  const [first, second = 0] = value;
  if (first === undefined || first >= 0x80) return undefined;
  if (first === 0 && value.length > 1 && second < 0x80) return undefined;
  const digits = first === 0 ? value.subarray(1) : value;
  if (digits.length > 32) return undefined;
  const out = new Uint8Array(32);
  out.set(digits, 32 - digits.length);
  return out;
}

/** r || s. */
export function parseSignature(der: Uint8Array): Uint8Array | undefined {
  const parts = sequence(der, [0x02, 0x02])?.map(integer);
  const [r, s] = parts ?? [];
  return r && s && Uint8Array.from([...r, ...s]);
}

/** AlgorithmIdentifier of a secp256k1 key: id-ecPublicKey, 1.3.132.0.10. */
const SECP256K1 = "301006072a8648ce3d020106052b8104000a";

/** The point (SEC 1 octets) of a secp256k1 key. */
export function parseSpki(der: Uint8Array): Uint8Array | undefined {
  const outer = element(der);
  if (!outer || outer.tag !== 0x30 || outer.rest.length) return undefined;
  const head = outer.value.subarray(0, SECP256K1.length / 2);
  if (Buffer.from(head).toString("hex") !== SECP256K1) return undefined;
  const key = element(outer.value.subarray(head.length));
  if (!key || key.tag !== 0x03 || key.rest.length || key.value[0] !== 0) return undefined;
  return key.value.subarray(1);
}
