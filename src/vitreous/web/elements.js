// Elements of the page: to find them, to make them.

import { subscriptPieces } from "./text.js";

/**
 * The element with that id, which has to be of that kind.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function element(id, kind) {
  return ofKind(document.getElementById(id), `#${id}`, kind);
}

/**
 * What was found, unless it is of another kind than it has to be.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {Element | null} found
 * @param {string} name
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function ofKind(found, name, kind = /** @type {any} */ (HTMLElement)) {
  if (!(found instanceof kind)) throw new TypeError(`${name} is not a ${kind.name}`);
  return found;
}

/**
 * A new element with text or nodes in it.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string | (string | Node)[]} [content]
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, content = [], properties = {}) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...[content].flat());
  return node;
}

/**
 * The text with sub elements for subscripts.
 * @param {string} text
 * @returns {(string | Node)[]}
 */
export function subscripts(text) {
  return subscriptPieces(text).map((piece, k) => (k % 2 === 0 ? piece : make("sub", piece)));
}

/**
 * A caption over rows of a label and a text.
 * @param {string} caption
 * @param {string[][]} rows
 * @param {(text: string) => string | (string | Node)[]} [written] how texts are written, by default as they are
 */
export function table(caption, rows, written = (text) => text) {
  const node = make("table", [make("caption", written(caption))]);
  for (const [label, text] of rows) {
    node.append(make("tr", [make("th", written(label), { scope: "row" }), make("td", written(text))]));
  }
  return node;
}

/**
 * A round sample of a colour.
 * @param {Iterable<number>} rgb
 */
export function swatch(rgb) {
  const node = make("span", [], { className: "swatch" });
  node.style.background = `rgb(${[...rgb].join(" ")})`;
  return node;
}

/**
 * The element inside a node that is marked as that part of it.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {Element} node
 * @param {string} name
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function part(node, name, kind) {
  return ofKind(node.querySelector(`[data-part="${name}"]`), name, kind);
}
