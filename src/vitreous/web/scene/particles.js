// Particles as they stand in the page: a JSON header with one block of binary numbers as base64.

import { numberText } from "../text.js";
import { columnText } from "./columns.js";

/** @import { CategoryColumn, Column, NumberColumn, Values } from "./columns.js" */

const ARRAY_TYPES = {
  float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array, uint16: Uint16Array,
};

/**
 * @typedef {{dtype: keyof typeof ARRAY_TYPES, offset: number, length: number}} ArrayPlace where in the block
 *
 * @typedef {object} ParticlesHeader what vitreous.plot.page writes
 * @property {number} n
 * @property {string} title
 * @property {string | null} source
 * @property {number[]} center
 * @property {ArrayPlace} positions
 * @property {ArrayPlace} diameters
 * @property {{edges: number[][][]}} box
 * @property {{azimuth: number, elevation: number, distance: number | null, radius: number, reach: number}} view
 * @property {((Omit<NumberColumn, "values"> | Omit<CategoryColumn, "values">) & {values: ArrayPlace})[]} columns
 * @property {string} color_by
 * @property {Record<string, string>} palettes 256 colours of three bytes each, as base64
 * @property {number[]} no_value
 * @property {string} data
 */

/** @param {string} text */
export function bytesFromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The numbers of N particles: positions about a centre, diameters, columns, box. Read only. */
export class Particles {
  /** @param {ParticlesHeader} header */
  constructor(header) {
    const { buffer } = bytesFromBase64(header.data);
    /** @param {ArrayPlace} place */
    const array = ({ dtype, offset, length }) => new ARRAY_TYPES[dtype](buffer, offset, length);
    this.n = header.n;
    this.title = header.title;
    this.source = header.source;
    this.box = header.box;
    this.view = header.view;
    this.center = header.center;
    this.colorBy = header.color_by;
    this.palettes = Object.fromEntries(
      Object.entries(header.palettes).map(([name, table]) => [name, bytesFromBase64(table)]));
    this.noValue = header.no_value;
    this.offsets = array(header.positions); // relative to the centre
    this.diameters = array(header.diameters);
    /** @type {Column[]} */
    this.columns = header.columns.map((column) => ({ ...column, values: array(column.values) }));
    this.species = /** @type {CategoryColumn} */ (this.column("species"));
  }

  /** @param {string} name */
  column(name) {
    const found = this.columns.find((column) => column.name === name);
    if (!found) throw new RangeError(`there is no column ${name}`);
    return found;
  }

  /**
   * Position of particle i relative to the centre.
   * @param {number} i
   */
  offset(i) {
    return [...this.offsets.subarray(3 * i, 3 * i + 3)];
  }

  /**
   * Position of particle i as given, wrapped into the box.
   * @param {number} i
   */
  position(i) {
    return this.offset(i).map((x, axis) => x + this.center[axis]);
  }

  /** How many there are of each species. */
  speciesCounts() {
    const counts = this.species.categories.map(() => 0);
    for (const code of this.species.values) counts[code] += 1;
    return counts;
  }

  /**
   * The colour of a category.
   * @param {number} code
   */
  categoryColor(code) {
    return this.palettes.categories.subarray(3 * (code & 255), 3 * (code & 255) + 3);
  }

  /**
   * Everything known of particle i, as labels and texts.
   * @param {number} i
   */
  describe(i) {
    const rows = this.columns.map((column) => [column.name, columnText(column, i)]);
    const [x, y, z] = this.position(i).map((value) => numberText(value));
    rows.splice(1, 0, ["x", x], ["y", y], ["z", z], ["diameter", numberText(this.diameters[i])]);
    return rows;
  }

  /**
   * How many particles a filter on one column keeps; NaN is kept only if nothing is filtered.
   * @param {Column} column
   * @param {number | null} low
   * @param {number | null} high
   * @param {boolean[]} speciesVisible
   */
  count({ values }, low, high, speciesVisible) {
    const codes = this.species.values;
    let kept = 0;
    for (let i = 0; i < this.n; i += 1) {
      if (!speciesVisible[codes[i]]) continue;
      const inside = (low === null || values[i] >= low) && (high === null || values[i] <= high);
      if (inside && (Number.isFinite(values[i]) || (low === null && high === null))) kept += 1;
    }
    return kept;
  }
}
