// Propensity of N particles at T time differences, as 16-bit codes between the lowest and the highest of each time.

import { bytesFromBase64 } from "../scene/particles.js";

/** @import { Values } from "../scene/columns.js" */

/**
 * @typedef {object} PropensityData
 * @property {number[]} times
 * @property {number} runs
 * @property {(number | null)[][]} ends lowest, highest, and values at the white and the dark end of the colours
 * @property {string} codes as base64
 */

const NO_NUMBER = 65535;

export class PropensityTable {
  /**
   * @param {PropensityData} data
   * @param {number} n
   */
  constructor({ times, runs, ends, codes }, n) {
    this.times = times;
    this.runs = runs;
    this.ends = ends;
    this.n = n;
    this.codes = new Uint16Array(bytesFromBase64(codes).buffer);
  }

  /**
   * Propensity of particle i at the k-th time.
   * @param {number} k
   * @param {number} i
   */
  value(k, i) {
    const [min, max] = this.ends[k];
    const code = this.codes[k * this.n + i];
    return code === NO_NUMBER || min === null || max === null ? NaN : min + (max - min) * code / (NO_NUMBER - 1);
  }

  /**
   * Fill a column with the values at the k-th time.
   * @param {{values: Values}} column
   * @param {number} k
   */
  fill(column, k) {
    for (let i = 0; i < this.n; i += 1) column.values[i] = this.value(k, i);
    const [min, max, low, high] = this.ends[k];
    Object.assign(column, { min, max, low, high });
  }
}
