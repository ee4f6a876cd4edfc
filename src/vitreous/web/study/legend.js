// What the colours of one model's particles mean.

import { make, subscripts, swatch } from "../elements.js";
import { countText, numberText } from "../text.js";
import { MEMBER_COLORS } from "./system.js";

/** @import { Column } from "../scene/columns.js" */
/** @import { Particles } from "../scene/particles.js" */
/** @import { System } from "./system.js" */

/**
 * @param {Iterable<number>} rgb
 * @param {...(string | Node)} text
 */
const entry = (rgb, ...text) => make("li", [swatch(rgb), ...text]);

/**
 * @param {System} system
 * @param {Particles} particles
 * @param {string} coloring
 * @param {{step: number, type: string, column: Column}} shown of the δt, and the type of clusters
 * @returns {Node[]}
 */
export function legend(system, particles, coloring, { step, type, column }) {
  const reason = system.missing(coloring);
  /** @param {Node[]} entries */
  const list = (entries) => [make("ul", entries, { className: "legend" })];
  if (reason) return list([entry(particles.noValue, `grey: ${reason}`)]);
  if (coloring === "species") return list(speciesEntries(system, particles));
  if (coloring === "cluster") {
    const inside = system.clusters?.membersOf(type) ?? 0;
    return list([
      entry(MEMBER_COLORS.inside, `in a ${type}: ${countText(inside)}`),
      entry(MEMBER_COLORS.outside, `not: ${countText(particles.n - inside)}`),
    ]);
  }
  const text = subscripts(meaning(system, coloring, step));
  return [make("p", text, { className: "meaning" }), ...scale(particles, column)];
}

/**
 * @param {System} system
 * @param {Particles} particles
 */
function speciesEntries({ model: { species, units } }, particles) {
  const counts = particles.speciesCounts();
  return particles.species.categories.map((name, code) => {
    const size = species.find((one) => one.name === name)?.diameter ?? null;
    const text = `${name}: ${countText(counts[code])}, diameter ${numberText(size)} ${units.length}`;
    return entry(particles.categoryColor(code), ...subscripts(text));
  });
}

/**
 * @param {System} system
 * @param {string} coloring
 * @param {number} step
 */
function meaning({ model: { units, radius, cage_length: length }, propensity }, coloring, step) {
  if (coloring === "p_red") return "P_red: probability to be red, of each particle";
  if (coloring === "p_red_averaged") return `P̄_red: P_red averaged within ${numberText(radius, 3)} ${units.length}`;
  if (coloring === "cage_averaged") {
    return `cage order parameter (s.d. of its species), averaged with weights exp(−r/${numberText(length, 3)} ${units.length})`;
  }
  const time = propensity && `${numberText(propensity.times[step], 3)} ${units.time}`;
  return `propensity (${units.length}) at δt = ${time}, mean of ${propensity?.runs} runs`;
}

/**
 * The colours of numbers, from two standard deviations below the mean to two above.
 * @param {Particles} particles
 * @param {Column} column
 */
function scale({ palettes: { red } }, column) {
  const [low, high] = column.kind === "number" ? [column.low, column.high] : [null, null];
  const known = low !== null && high !== null;
  const stops = Array.from({ length: 17 }, (_, k) => {
    const at = 3 * Math.min(255, k * 16);
    return `rgb(${red.subarray(at, at + 3).join(" ")})`;
  });
  const bar = make("div", [], { className: "bar" });
  bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  /** @param {number | null} value @param {string} text */
  const end = (value, text) => {
    const shown = value !== null && known && low < high ? Number(value.toPrecision(3)) : value;
    return make("span", [numberText(shown, 3), make("small", text)]);
  };
  const mean = known ? (low + high) / 2 : null;
  const rounded = known && mean !== null && Math.abs(mean) < 1e-3 * (high - low) ? 0 : mean; // of what is standardised
  const ends = [end(low, "−2 s.d."), end(rounded, "mean"), end(high, "+2 s.d.")];
  return [bar, make("div", ends, { className: "ends" })];
}
