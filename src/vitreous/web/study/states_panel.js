// Correlations of every state of one model, each with the order parameter that it learned itself.

import { sample } from "../plot/sample.js";
import { between, correlationText, intervalText, nearest, symbolOf, timeText } from "./correlations.js";
import { DASH_DOTTED, stateColor } from "./curve_styles.js";
import { areKnown } from "./system.js";
import { TimePanel } from "./time_panel.js";

const NEAR = 0.5; // in the logarithm of δt: farther off nothing is read

export class StatesPanel extends TimePanel {
  /**
   * Curves of that species, of the states that have them at known times.
   * @param {string} species
   */
  curvesOf(species) {
    const { states } = this.system.model;
    return states.flatMap(({ name, curves, deepest, tau }, k) => {
      const { p_red_averaged: curve, cage_averaged: cage } = curves?.species[species] ?? {};
      if (!curves || !curve || !areKnown(curves.times)) return [];
      const { times } = curves;
      const [first, last] = [times[0], times[times.length - 1]];
      const color = stateColor(k, states.length);
      return [{ name, deepest, tau, curve, cage, times, first, last, color, symbol: symbolOf(curves) }];
    });
  }

  /** @param {string} species */
  showSpecies(species) {
    const states = this.curvesOf(species);
    if (states.length === 0) return this.showNothing("No state has correlations yet.");
    const { units } = this.system.model;
    const [low, high] = this.range;
    const caged = states.some(({ cage }) => cage);
    const also = caged ? " (solid) and of the cage order parameter (dash-dotted)" : "";
    const plot = this.show(`Correlation of P̄_red${also} with the propensity against δt, one colour a state`, {
      x: {
        label: `δt / ${units.time}`, log: true,
        low: Math.min(...states.map(({ first }) => first)), high: Math.max(...states.map(({ last }) => last)),
      },
      y: { label: states[0].symbol, low, high },
    }, `${species} particles; solid: P̄_red${caged ? ", dash-dotted: cage" : ""}; dots at τ_α`,
    states.map(({ name, color, deepest }) => sample(name, color, { "stroke-width": deepest ? 3 : 2 })));
    for (const { times, curve, cage, color, deepest, tau } of [...states].reverse()) {
      if (cage) plot.line(times, cage.rho, color, { ...DASH_DOTTED, "stroke-width": deepest ? 1.9 : 1.3 });
      plot.band(times, curve.low, curve.high, color, 0.1);
      plot.line(times, curve.rho, color, { "stroke-width": deepest ? 2.6 : 1.7 });
      if (tau !== null && tau > 0) plot.dots([tau], [between(times, curve.rho, tau)], color, 4);
    }
    const stops = states.reduce((a, b) => (b.last > a.last ? b : a)).times;
    plot.readable(stops, (k) => ({
      caption: timeText(stops[k], units),
      rows: states.map(({ name, times, curve, cage }) => {
        const at = nearest(times, stops[k]);
        const near = Math.abs(Math.log(times[at] / stops[k])) < NEAR;
        const beside = cage ? `; cage ${correlationText(cage.rho[at])}` : "";
        return [name, near ? `${intervalText(curve, at)}${beside}` : "–"];
      }),
    }));
    plot.picked = (k) => this.pick(stops[k]);
    return this.setStep(this.step);
  }
}
