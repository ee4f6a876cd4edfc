// Values of particles: numbers, or categories with names.

import { numberText } from "../text.js";

/**
 * @typedef {Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array} Values one for each particle
 *
 * @typedef {object} NumberColumn null where no value is finite
 * @property {string} name
 * @property {"number"} kind
 * @property {number | null} low at the white end of the colours: two standard deviations below the mean
 * @property {number | null} high at the dark end: two above
 * @property {number | null} min
 * @property {number | null} max
 * @property {Values} values
 *
 * @typedef {object} CategoryColumn
 * @property {string} name
 * @property {"category"} kind
 * @property {string[]} categories
 * @property {Values} values numbers of the categories
 *
 * @typedef {NumberColumn | CategoryColumn} Column
 */

/**
 * @param {Column} column
 * @param {number} i
 */
export function columnText(column, i) {
  const value = column.values[i];
  return column.kind === "category" ? column.categories[value] : numberText(value);
}

/**
 * A value as a share of the whole range of its column.
 * @param {Column} column
 * @param {number} value
 */
export function shareOf(column, value) {
  if (column.kind === "category" || column.min === null || column.max === null) return 0.5;
  return column.max > column.min ? (value - column.min) / (column.max - column.min) : 0.5;
}
