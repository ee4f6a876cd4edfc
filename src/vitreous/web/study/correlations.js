// Correlations with the propensity: the range that is shown, values in words, values between recorded times.

import { numberText } from "../text.js";

/** @import { Curve, Numbers, StateCurves, System } from "./system.js" */

/**
 * Lowest and highest value of all curves that are shown, of all models, so that they can be compared.
 * @param {System[]} systems
 * @returns {[number, number]}
 */
export function correlationRange(systems) {
  const values = systems.flatMap(({ model }) => model.states).flatMap(({ curves, deepest }) =>
    Object.values(curves?.species ?? {}).flatMap((one) => {
      const averaged = [one.p_red_averaged, one.cage_averaged].flatMap((curve) => [curve?.low, curve?.high]);
      return [...averaged, ...(deepest ? [one.p_red?.low, one.p_red?.high, one.ceiling] : [])].flat();
    })).filter((value) => typeof value === "number");
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(0, ...values), Math.max(0.2, ...values)];
  return [Math.max(-1, low - 0.03), Math.min(1, high + 0.04)];
}

/** @param {StateCurves} curves */
export const symbolOf = ({ method }) => (method === "pearson" ? "Pearson’s r" : "Spearman’s ρ");

/**
 * A correlation with two decimals.
 * @param {number | null} value
 */
export function correlationText(value) {
  if (value === null) return "–";
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text.replace("-", "−");
}

/**
 * A correlation with its interval.
 * @param {Curve} curve
 * @param {number} k
 */
export const intervalText = ({ rho, low, high }, k) => (rho[k] === null ? "–"
  : `${correlationText(rho[k])} [${correlationText(low[k])}, ${correlationText(high[k])}]`);

/**
 * A time with its unit.
 * @param {number} time
 * @param {{time: string}} units
 */
export const timeText = (time, units) => `δt = ${numberText(time, 3)} ${units.time}`;

/**
 * Number of the value nearest in ratio.
 * @param {number[]} values
 * @param {number} wanted
 */
export function nearest(values, wanted) {
  const away = values.map((value) => Math.abs(Math.log(value / wanted)));
  return away.reduce((best, distance, k) => (distance < away[best] ? k : best), 0);
}

/**
 * The value at a time between recorded ones, linear in the logarithm; null outside.
 * @param {number[]} times
 * @param {Numbers} values
 * @param {number} time
 */
export function between(times, values, time) {
  const k = times.findIndex((later, j) => j > 0 && times[j - 1] <= time && time <= later);
  const [before, after] = [values[k - 1] ?? null, values[k] ?? null];
  if (before === null || after === null) return null;
  return before + (after - before) * Math.log(time / times[k - 1]) / Math.log(times[k] / times[k - 1]);
}
