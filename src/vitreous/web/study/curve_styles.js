// Colours and dashes of curves.

export const RED = "#a50f1e";
export const BLUE = "#2a6f97";
export const PALE = "#a3abb3";
export const DASHED = { "stroke-dasharray": "5 3" };
export const DASH_DOTTED = { "stroke-dasharray": "8 2.5 2 2.5" };
export const DOTTED = { "stroke-dasharray": "1.5 2.5" };
const STATE_COLORS = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151"]; // viridis: dark is deep

/**
 * Colour of the k-th of n states.
 * @param {number} k
 * @param {number} n
 */
export const stateColor = (k, n) => STATE_COLORS[n > 1 ? Math.round(k / (n - 1) * (STATE_COLORS.length - 1)) : 0];
