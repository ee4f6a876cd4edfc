// The mean order parameter of every state of one model.

import { Panel } from "../plot/panel.js";
import { sample } from "../plot/sample.js";
import { draw } from "../plot/svg.js";
import { PALE, RED } from "./curve_styles.js";

/** @import { System } from "./system.js" */

/**
 * Show it by the order parameters of the deepest state, that of its first snapshot in red.
 * @param {HTMLElement} section
 * @param {System} system
 */
export function showMeans(section, { model: { states, control, units, means } }) {
  const panel = new Panel(section);
  const order = states.map((_, k) => k).filter((k) => means.rows[0][k] !== null)
    .sort((a, b) => states[a].point - states[b].point);
  if (order.length === 0) {
    panel.showNothing("The order parameter of the deepest state is not applied yet.");
    return;
  }
  const hard = control === "packing fraction";
  const xs = order.map((k) => states[k].point);
  const errors = order.map((k) => means.errors[k] ?? 0);
  const ys = order.map((k) => means.rows[0][k] ?? NaN);
  const others = means.rows.slice(1).map((row) => order.map((k) => row[k]));
  const [first, last] = [xs[0], xs[xs.length - 1]];
  const margin = 0.08 * (last - first) || 0.05 * first;
  const tops = [...ys.map((y, k) => y + errors[k]), ...others.flat().map((y) => y ?? 0)];
  const plot = panel.show(`Mean order parameter against ${control}, deeper states to the right`, {
    x: {
      label: hard ? control : `${control} / ${units.temperature}`, backwards: !hard,
      low: first - margin, high: last + margin,
    },
    y: { label: "⟨P_red⟩", low: 0, high: Math.max(...tops) * 1.08 },
  }, "By the order parameter of the deepest state, unchanged; bars: standard error over snapshots", [
    sample("learned from snapshot 1", RED), ...(others.length ? [sample("from the other snapshots", PALE)] : []),
  ]);
  for (const row of others) plot.line(xs, row, PALE, { "stroke-width": 1.2 });
  plot.line(xs, ys, RED).add((area) => {
    xs.forEach((x, k) => {
      const [x1, y1] = plot.point(x, ys[k] - errors[k]);
      const [x2, y2] = plot.point(x, ys[k] + errors[k]);
      draw(area, "line", { x1, y1, x2, y2, stroke: RED, "stroke-width": 1.6 });
    });
  }).dots(xs, ys, RED, 4);
  plot.readable(xs, (k) => ({
    caption: states[order[k]].name,
    rows: [
      ["⟨P_red⟩", `${ys[k].toFixed(3)}${errors[k] ? ` ± ${errors[k].toFixed(3)}` : ""}`],
      ...others.map((row, m) => [`by snapshot ${m + 2}`, row[k]?.toFixed(3) ?? "–"]),
    ],
  }));
}
