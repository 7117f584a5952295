/**
 * The part of JavaScript's own library that Espruino has, and nothing else: firmware/tsconfig.json
 * sets `noLib`, so that a builtin the interpreter lacks is a type error at its line.
 *
 * Source: every member below was looked up in Espruino 2v29; what is left out on purpose: regular
 * expressions, typed array `slice` (gives a linked list), `lastIndexOf` (strings only), the random
 * numbers of Math, `Math.imul` and friends, Map, Set, Symbol, iterators, `Object.freeze`. Strings
 * hold 8-bit characters.
 */

interface Object {
  hasOwnProperty(key: string): boolean;
  toString(): string;
}
interface ObjectConstructor {
  keys(o: object): string[];
  assign<T extends object, U extends object>(target: T, source: U): T & U;
}
declare const Object: ObjectConstructor;

// The next four names are the compiler's: it looks them up under strict.
interface Function {
  readonly length: number;
}
interface CallableFunction extends Function {
  apply<T, A extends unknown[], R>(this: (this: T, ...args: A) => R, self: T, args: A): R;
  call<T, A extends unknown[], R>(this: (this: T, ...args: A) => R, self: T, ...args: A): R;
  bind<T, A extends unknown[], R>(this: (this: T, ...args: A) => R, self: T): (...args: A) => R;
}
interface NewableFunction extends Function {}
interface IArguments {
  readonly length: number;
  readonly [index: number]: unknown;
}

interface Boolean {}
interface RegExp {}
interface Number {
  toString(radix?: number): string;
}
declare const NaN: number;
declare const Infinity: number;
declare function isNaN(value: number): boolean;
declare function parseInt(text: string, radix?: number): number;

interface String {
  readonly length: number;
  // No charAt and no index: where the interpreter has Unicode (Linux) they make UTF-8 of a byte
  // above 127 (jswrap_string.c); substr takes the byte.
  charCodeAt(index: number): number;
  endsWith(end: string): boolean;
  includes(part: string): boolean;
  indexOf(part: string, from?: number): number;
  padEnd(length: number, fill?: string): string;
  padStart(length: number, fill?: string): string;
  repeat(count: number): string;
  slice(start?: number, end?: number): string;
  split(separator: string): string[];
  startsWith(start: string): boolean;
  substr(start: number, length?: number): string;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toUpperCase(): string;
  trim(): string;
}
interface StringConstructor {
  /** Keeps the low 8 bits. */
  fromCharCode(...codes: number[]): string;
}
declare const String: StringConstructor;

interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  concat(...items: readonly T[][]): T[];
  every(test: (item: T, index: number) => boolean): boolean;
  filter(test: (item: T, index: number) => boolean): T[];
  find(test: (item: T, index: number) => boolean): T | undefined;
  findIndex(test: (item: T, index: number) => boolean): number;
  forEach(each: (item: T, index: number) => void): void;
  includes(item: T): boolean;
  indexOf(item: T, from?: number): number;
  join(separator?: string): string;
  map<U>(each: (item: T, index: number) => U): U[];
  slice(start?: number, end?: number): T[];
  some(test: (item: T, index: number) => boolean): boolean;
}
interface Array<T> {
  /** Writing it throws on Espruino. */
  readonly length: number;
  [index: number]: T;
  concat(...items: readonly T[][]): T[];
  every(test: (item: T, index: number) => boolean): boolean;
  fill(value: T, start?: number, end?: number): this;
  filter(test: (item: T, index: number) => boolean): T[];
  find(test: (item: T, index: number) => boolean): T | undefined;
  findIndex(test: (item: T, index: number) => boolean): number;
  forEach(each: (item: T, index: number) => void): void;
  includes(item: T): boolean;
  indexOf(item: T, from?: number): number;
  join(separator?: string): string;
  map<U>(each: (item: T, index: number) => U): U[];
  pop(): T | undefined;
  push(...items: T[]): number;
  reduce<U>(each: (sum: U, item: T, index: number) => U, start: U): U;
  reverse(): T[];
  shift(): T | undefined;
  slice(start?: number, end?: number): T[];
  some(test: (item: T, index: number) => boolean): boolean;
  sort(compare?: (a: T, b: T) => number): this;
  splice(start: number, count?: number, ...items: T[]): T[];
  unshift(...items: T[]): number;
}
interface ArrayConstructor {
  new <T>(length: number): T[];
  isArray(value: unknown): value is unknown[];
}
declare const Array: ArrayConstructor;

interface ArrayBuffer {
  readonly byteLength: number;
}
interface ArrayBufferConstructor {
  new (length: number): ArrayBuffer;
}
declare const ArrayBuffer: ArrayBufferConstructor;

/**
 * A view. The interpreter checks neither the length nor the ends of a view against its buffer:
 * clamp before `subarray` and before `new Uint8Array(buffer, offset, length)`.
 */
interface TypedArray {
  readonly length: number;
  readonly buffer: ArrayBuffer;
  readonly byteLength: number;
  readonly byteOffset: number;
  [index: number]: number;
  fill(value: number, start?: number, end?: number): this;
  forEach(each: (item: number, index: number) => void): void;
  indexOf(item: number, from?: number): number;
  join(separator?: string): string;
  /** Of the same type; `each` may be a native function, called without an interpreted step. */
  map(each: () => number): this;
  set(from: ArrayLike<number>, offset?: number): void;
  subarray(start: number, end?: number): this;
}
interface TypedArrayConstructor<T> {
  new (length: number): T;
  new (from: ArrayLike<number>): T;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): T;
}
interface ArrayLike<T> {
  readonly length: number;
  readonly [index: number]: T;
}
interface Uint8Array extends TypedArray {}
interface Uint16Array extends TypedArray {}
interface Uint32Array extends TypedArray {}
interface Int32Array extends TypedArray {}
interface Float64Array extends TypedArray {}
declare const Uint8Array: TypedArrayConstructor<Uint8Array>;
declare const Uint16Array: TypedArrayConstructor<Uint16Array>;
declare const Uint32Array: TypedArrayConstructor<Uint32Array>;
declare const Int32Array: TypedArrayConstructor<Int32Array>;
declare const Float64Array: TypedArrayConstructor<Float64Array>;

interface Math {
  abs(x: number): number;
  ceil(x: number): number;
  floor(x: number): number;
  log(x: number): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
  pow(x: number, y: number): number;
  round(x: number): number;
  sqrt(x: number): number;
}
declare const Math: Math;

interface JSON {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}
declare const JSON: JSON;

interface Error {
  message: string;
}
interface ErrorConstructor {
  new (message?: string): Error;
}
declare const Error: ErrorConstructor;

// What the compiler and usual type arithmetic need; none of it exists at run time.
interface TemplateStringsArray extends ReadonlyArray<string> {}
interface ThisType<T> {}
type PropertyKey = string | number | symbol;
type Partial<T> = { [K in keyof T]?: T[K] };
type Required<T> = { [K in keyof T]-?: T[K] };
type Readonly<T> = { readonly [K in keyof T]: T[K] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : never;
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never;
