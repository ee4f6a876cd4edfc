// Elements of a drawing.

import { subscriptPieces } from "../text.js";

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, string | number>} Attributes */

/**
 * Append an element, with text in it whose subscripts are lowered.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Element} parent
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {string} [text]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function draw(parent, tag, attributes = {}, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  const pieces = subscriptPieces(text);
  if (pieces.length === 1) node.textContent = text;
  // A subscript is a shifted tspan; the next piece goes back up.
  else pieces.forEach((piece, k) => {
    const style = k % 2 ? { dy: "0.25em", "font-size": "75%" } : k > 0 ? { dy: "-0.19em" } : {};
    if (piece !== "") draw(node, "tspan", /** @type {Attributes} */ (style), piece);
  });
  parent.append(node);
  return node;
}
