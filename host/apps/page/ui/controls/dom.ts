/**
 * Making elements: `h("p", { class: "hint" }, "text", other)`. Text is always set as text, never
 * parsed as HTML; there are no inline styles or handlers, which the page's content policy refuses.
 */

export type Child = Node | string | false | undefined;
type Value = string | number | boolean | undefined | ((event: Event) => void);
export type Props = Readonly<Record<string, Value>>;

function apply(element: Element, props: Props, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, props, children);
  return element;
}

export function s(tag: string, props: Props = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(element, props, children);
  return element;
}

let ids = 0;
export const newId = (what: string) => `${what}-${++ids}`;

export interface Field<Input extends HTMLElement = HTMLInputElement> {
  readonly element: HTMLElement;
  readonly input: Input;
  /** Shows a sentence under the field and moves there, or clears it. */
  fault(text?: string): void;
}

/** A labelled input with a hint and a place for what is wrong with it. */
export const field = (label: string, props: Props, hint?: string): Field =>
  fieldOf("input", label, props, hint);

export function fieldOf<Tag extends "input" | "textarea">(
  tag: Tag,
  label: string,
  props: Props,
  hint?: string,
): Field<HTMLElementTagNameMap[Tag]> {
  const id = newId("field");
  const fault = h("p", { class: "fault", id: `${id}-fault` });
  const described = [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(" ");
  const input = h(tag, { id, "aria-describedby": described, ...props });
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    hint !== undefined && h("p", { class: "hint", id: `${id}-hint` }, hint),
    input,
    fault,
  );
  const show = (text?: string) => {
    fault.textContent = text ?? "";
    input.setAttribute("aria-invalid", String(text !== undefined));
    if (text !== undefined) input.focus();
  };
  // What is said of a text does not outlive it.
  input.addEventListener("input", () => show());
  return { element, input, fault: show };
}

export function button(text: string, act: () => void, kind = ""): HTMLButtonElement {
  return h("button", { type: "button", class: kind || undefined, click: () => act() }, text);
}

/** A form whose button and Enter key do the same. */
export function form(submit: string, act: () => void, ...children: readonly Child[]): HTMLElement {
  const go = (event: Event) => {
    event.preventDefault();
    act();
  };
  const last = h("button", { type: "submit", class: "main" }, submit);
  return h("form", { submit: go, novalidate: true, autocomplete: "off" }, ...children, last);
}
