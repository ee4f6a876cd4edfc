// Legends of plots.

import { make, subscripts } from "../elements.js";
import { draw } from "./svg.js";

/** @import { Attributes } from "./svg.js" */

/**
 * A sample of a line, or of a band, and what it means.
 * @param {string} text
 * @param {string} color
 * @param {Attributes & {band?: number}} [style] with the opacity of the band if it is one
 */
export function sample(text, color, { band, ...style } = {}) {
  const node = make("span", [], { className: "sample" });
  const picture = draw(node, "svg", { width: 24, height: 10, "aria-hidden": "true" });
  if (band) draw(picture, "rect", { x: 0, y: 0, width: 24, height: 10, fill: color, "fill-opacity": band });
  else draw(picture, "line", { x1: 0, x2: 24, y1: 5, y2: 5, stroke: color, "stroke-width": 2, ...style });
  node.append(" ", ...subscripts(text));
  return node;
}
