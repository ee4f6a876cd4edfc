// An axis: where a value is on it, and where its ticks are.

/**
 * @typedef {{label: string, low: number, high: number, log?: boolean, backwards?: boolean}} Axis
 * @typedef {[value: number, text: string]} Tick small ones have no text
 */

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {number} exponent */
const powerText = (exponent) => (exponent >= -1 && exponent <= 2 ? String(Number(`1e${exponent}`))
  : `10${[...String(exponent)].map((sign) => SUPERSCRIPTS[Number(sign)] ?? "⁻").join("")}`);

/**
 * @param {number} low
 * @param {number} high
 * @param {number} most that have a text
 */
function logTicks(low, high, most) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.ceil((last - first) / most);
  /** @type {Tick[]} */
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += 1) {
    for (let digit = 1; digit < 10; digit += 1) {
      const value = digit * 10 ** exponent;
      const named = digit === 1 && exponent % every === 0;
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push([value, named ? powerText(exponent) : ""]);
    }
  }
  return ticks;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
function linearTicks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  /** @type {Tick[]} */
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) {
    ticks.push([k * step, (k * step).toFixed(decimals).replace("-", "−")]);
  }
  return ticks;
}

/**
 * @param {Axis} axis
 * @param {number} most that have a text
 */
export const ticksOf = ({ low, high, log }, most) => (log ? logTicks(low, high, most) : linearTicks(low, high, most));

/**
 * Where a value is, as a share of the axis.
 * @param {Axis} axis
 * @param {number} value
 */
export function placeOn({ low, high, log, backwards }, value) {
  const at = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return backwards ? 1 - at : at;
}
