/**
 * As much of JSON Schema (draft 2020-12) as the vectors' schema files use, so that no package is
 * needed for it. A keyword it does not know is an error, not silence.
 */

export interface Schema {
  readonly [keyword: string]: unknown;
}
const NOTES = ["$schema", "$defs", "title", "description"];

/** What in `value` does not fit; empty when it does. */
export function violations(root: Schema, value: unknown): string[] {
  const found: string[] = [];
  check(root, root, value, "$", found);
  return found;
}

function check(root: Schema, schema: Schema, value: unknown, at: string, found: string[]): void {
  for (const [keyword, rule] of Object.entries(schema)) {
    if (NOTES.includes(keyword)) continue;
    const test = KEYWORDS[keyword];
    if (!test) throw new Error(`the schema keyword "${keyword}" is not known`);
    test(rule as never, value, { root, schema, at, found });
  }
}

interface Place {
  readonly root: Schema;
  readonly schema: Schema;
  readonly at: string;
  readonly found: string[];
}
type Keyword = (rule: never, value: unknown, place: Place) => void;
type Properties = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const say = (place: Place, holds: boolean, what: string) => {
  if (!holds) place.found.push(`${place.at}: ${what}`);
};

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
};

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: (rule: string, value, place) =>
    say(place, TYPES[rule]?.(value) ?? false, `is not of type ${rule}`),
  const: (rule: unknown, value, place) => say(place, value === rule, `is not ${String(rule)}`),
  enum: (rule: unknown[], value, place) => say(place, rule.includes(value), "is none of the enum"),
  pattern: (rule: string, value, place) =>
    say(place, typeof value !== "string" || new RegExp(rule).test(value), `is not ${rule}`),
  minItems: (rule: number, value, place) =>
    say(place, !Array.isArray(value) || value.length >= rule, `has less than ${rule} items`),
  maxItems: (rule: number, value, place) =>
    say(place, !Array.isArray(value) || value.length <= rule, `has more than ${rule} items`),
  required: (rule: string[], value, place) => {
    for (const name of rule) say(place, isObject(value) && name in value, `lacks "${name}"`);
  },
  items: (rule: Schema, value, { root, at, found }) => {
    if (!Array.isArray(value)) return;
    value.forEach((item, index) => check(root, rule, item, `${at}[${index}]`, found));
  },
  properties: (rule: Record<string, Schema>, value, { root, at, found }) => {
    if (!isObject(value)) return;
    for (const [name, schema] of Object.entries(rule)) {
      if (name in value) check(root, schema, value[name], `${at}.${name}`, found);
    }
  },
  additionalProperties: (rule: false | Schema, value, place) => {
    if (!isObject(value)) return;
    const known = (place.schema.properties ?? {}) as Properties;
    for (const name of Object.keys(value).filter((key) => !(key in known))) {
      if (rule === false) say(place, false, `"${name}" is not foreseen`);
      else check(place.root, rule, value[name], `${place.at}.${name}`, place.found);
    }
  },
  $ref: (rule: string, value, { root, at, found }) => {
    const definitions = (root.$defs ?? {}) as Record<string, Schema>;
    const target = definitions[rule.replace("#/$defs/", "")];
    if (!target) throw new Error(`${rule} is not defined`);
    check(root, target, value, at, found);
  },
};
