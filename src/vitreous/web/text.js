// Numbers as people read them.

/** A count with commas between thousands. @param {number} n */
export const countText = (n) => n.toLocaleString("en-US");

/**
 * Six significant digits, a true minus, a dash for NaN and infinity.
 * @param {number | null} value
 * @param {number} [digits]
 */
export function numberText(value, digits = 6) {
  if (value === null || !Number.isFinite(value)) return "–";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value).replace("-", "−");
  const magnitude = Math.abs(value);
  const text = magnitude >= 1e-4 && magnitude < 1e7
    ? String(Number(value.toPrecision(digits)))
    : value.toExponential(digits - 2);
  return text.replaceAll("-", "−");
}

/**
 * A number with as many decimals as matter on an axis of that span.
 * @param {number} value
 * @param {number} span
 */
export function spanText(value, span) {
  if (!(span >= 1e-4 && span < 1e5) || Math.abs(value) > 1e6 * span) return numberText(value, 3);
  const text = value.toFixed(Math.max(0, 1 - Math.floor(Math.log10(span / 5))));
  return Number(text) === 0 ? "0" : text.replace("-", "−");
}

/**
 * Pieces of a text, in turns on the line and below it: what stands behind a symbol and an underscore is a subscript
 * (σ_AA, P_red).
 * @param {string} text
 */
export const subscriptPieces = (text) => text.split(/(?<=[A-Za-zα-ω]\u0304?)_([A-Za-z]+|α)/);
