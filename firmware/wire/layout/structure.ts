/**
 * How a layout is described: parts with sizes, one after the other. Positions follow from them, so
 * two parts can't lie over each other unless `either` says that they are meant to, and why.
 *
 * What was derived is then looked at once more, as if it had been written by hand (`check`).
 */
import { BuildRefused } from "../refused.js";

/** So many bytes, where they may begin, and what is inside. */
export interface Shape {
  readonly size: number;
  /** Begins at a multiple of this. */
  readonly align: number;
  /** Set for a part whose place is written down elsewhere too (a page of the tag, a format). */
  readonly at?: number;
  readonly parts?: Parts;
  /** The parts lie over each other: why they may. */
  readonly shared?: string;
}
export type Parts = Readonly<Record<string, Shape>>;
export interface Group<P extends Parts> extends Shape {
  readonly parts: P;
}

/** Names of all parts of `P`, of its groups' parts too. */
type Names<P extends Parts> = {
  [K in keyof P & string]: K | (P[K] extends Group<infer Q> ? Names<Q> : never);
}[keyof P & string];

export interface Place {
  readonly name: string;
  readonly at: number;
  readonly size: number;
  readonly align: number;
  /** The name of the part that this one is inside of, if any. */
  readonly inside?: string;
  /** Of that part: why its parts may lie over each other. */
  readonly shared?: string;
}
export interface Layout<N extends string = string> {
  readonly name: string;
  readonly size: number;
  /** Bytes from the layout's begin to each part. */
  readonly at: Readonly<Record<N, number>>;
  readonly sizes: Readonly<Record<N, number>>;
  readonly places: readonly Place[];
}

/** `size` bytes, anywhere. */
export const bytes = (size: number): Shape => ({ size, align: 1 });
/**
 * `size` bytes that the kernel, or a view of words, reaches: at a multiple of 4 (or of `align`).
 */
export const words = (size: number, align = 4): Shape => ({ size, align });
/** Room for `count` of another layout, at a multiple of 4. Its own parts are named by it alone. */
export const room = ({ size }: { readonly size: number }, count = 1): Shape => words(count * size);
/** The same part, at exactly this place of what it is inside of. */
export const pinned = <S extends Shape>(at: number, shape: S): S => ({ ...shape, at });

const up = (value: number, step: number) => Math.ceil(value / step) * step;
const alignOf = (parts: Parts) => Math.max(...Object.values(parts).map(({ align }) => align));

/** Where each part begins, counted from the first; and where the last one ends. */
function derive(parts: Parts, start: number): { starts: number[]; end: number } {
  let end = start;
  const starts = Object.values(parts).map((part) => {
    const at = part.at === undefined ? up(end, part.align) : start + part.at;
    end = Math.max(end, at + part.size);
    return at;
  });
  return { starts, end };
}
/** Parts one after the other under a name of their own: what is copied or zeroed as one. */
export function group<P extends Parts>(parts: P, align = alignOf(parts)): Group<P> {
  return { parts, align, size: derive(parts, 0).end };
}
/** A deliberate overlay: parts that all begin at the same place. `why` says why that is safe. */
export function either<P extends Parts>(why: string, parts: P): Group<P> {
  const size = Math.max(...Object.values(parts).map((part) => part.size));
  return { parts, align: alignOf(parts), size, shared: why };
}

function flatten(parts: Parts, start: number, inside?: string, shared?: string): Place[] {
  const starts = shared ? Object.keys(parts).map(() => start) : derive(parts, start).starts;
  return Object.entries(parts).flatMap(([name, part], index): Place[] => {
    const at = starts[index]!;
    const place = { name, at, size: part.size, align: part.align, inside, shared };
    return [place, ...(part.parts ? flatten(part.parts, at, name, part.shared) : [])];
  });
}

/**
 * Throws BuildRefused where two parts overlap that no `either` lays over each other, where one runs
 * out of the part it is inside of, is not aligned, or has a name twice.
 */
export function check(layout: string, places: readonly Place[]): void {
  const refuse = (text: string) => {
    throw new BuildRefused(`firmware/wire/layout: ${layout}: ${text}`);
  };
  const shown = ({ name, at, size }: Place) => `${name} (${at}..${at + size - 1})`;
  const byName = new Map<string, Place>();
  for (const place of places) {
    if (byName.has(place.name)) refuse(`two parts are named ${place.name}`);
    byName.set(place.name, place);
    if (place.at % place.align) refuse(`${shown(place)} is not at a multiple of ${place.align}`);
    const outer = place.inside === undefined ? undefined : byName.get(place.inside);
    if (!outer) continue;
    if (place.at < outer.at || place.at + place.size > outer.at + outer.size)
      refuse(`${shown(place)} runs out of ${shown(outer)}`);
  }
  for (const [index, a] of places.entries())
    for (const b of places.slice(index + 1)) {
      const sisters = a.inside === b.inside && !a.shared;
      if (sisters && a.at < b.at + b.size && b.at < a.at + a.size)
        refuse(`${shown(a)} and ${shown(b)} overlap`);
    }
}

/**
 * A layout from its parts, checked. `size`: the room it has, if that is more than the parts need.
 */
export function layout<P extends Parts>(name: string, parts: P, size?: number): Layout<Names<P>> {
  const places = flatten(parts, 0);
  check(name, places);
  const { end } = derive(parts, 0);
  if (size !== undefined && end > size)
    throw new BuildRefused(`firmware/wire/layout: ${name}: ${end} bytes in room for ${size}`);
  const facts = (what: "at" | "size") =>
    Object.fromEntries(places.map((place) => [place.name, place[what]])) as Record<
      Names<P>,
      number
    >;
  const whole = up(end, Math.min(alignOf(parts), 4));
  return { name, size: size ?? whole, at: facts("at"), sizes: facts("size"), places };
}
