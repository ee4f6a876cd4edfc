// Correlations of the order parameters with the propensity, in the deepest state of one model.

import { INK, QUIET } from "../colors.js";
import { part, subscripts } from "../elements.js";
import { sample } from "../plot/sample.js";
import { countText, numberText } from "../text.js";
import { correlationText, intervalText, nearest, symbolOf, timeText } from "./correlations.js";
import { BLUE, DASHED, DOTTED, RED } from "./curve_styles.js";
import { areKnown } from "./system.js";
import { TimePanel } from "./time_panel.js";

/** @import { Field, SpeciesCurves } from "./system.js" */

export class CorrelationsPanel extends TimePanel {
  species = "";

  /** @param {string} species */
  showSpecies(species) {
    this.species = species;
    const { curves, model: { units, tau } } = this.system;
    const one = curves?.species[species];
    part(this.section, "readout").textContent = "";
    if (!curves || !one) return this.showNothing("The propensity is not correlated yet.");
    const { times } = curves;
    if (!areKnown(times)) return this.showNothing("The times are not known.");
    const [low, high] = this.range;
    const plot = this.show(`${symbolOf(curves)} of the order parameters with the propensity against δt`, {
      x: { label: `δt / ${units.time}`, low: times[0], high: times[times.length - 1], log: true },
      y: { label: symbolOf(curves), low, high },
    }, `${countText(one.particles)} ${species} particles, ${curves.note}`, [
      sample("P̄_red", RED), sample("P_red", RED, DASHED), ...(one.cage_averaged ? [sample("cage", BLUE)] : []),
      sample("noise ceiling", INK, DOTTED),
      sample("95 % of random fields", QUIET, { band: 0.16 }),
    ]);
    plot.band(times, ...one.chance, QUIET, 0.16);
    for (const [curve, color, style] of /** @type {const} */ ([
      [one.p_red, RED, DASHED], [one.cage_averaged, BLUE, {}], [one.p_red_averaged, RED, {}],
    ])) {
      if (curve) plot.band(times, curve.low, curve.high, color, 0.15).line(times, curve.rho, color, style);
    }
    plot.line(times, one.ceiling, INK, { ...DOTTED, "stroke-width": 1.3 });
    if (tau) plot.upright(tau, "τ_α", QUIET);
    plot.readable(times, (k) => ({ caption: timeText(times[k], units), rows: this.rows(one, times[k], k) }));
    plot.picked = (k) => this.pick(times[k]);
    return this.setStep(this.step);
  }

  /**
   * @param {SpeciesCurves} one
   * @param {number} time
   * @param {number} k
   */
  rows({ p_red_averaged: averaged, p_red: own, cage_averaged: cage, ceiling }, time, k) {
    const { tau } = this.system.model;
    return [
      ...(tau ? [["in τ_α", numberText(time / tau, 3)]] : []),
      ...(averaged ? [["ρ of P̄_red", intervalText(averaged, k)]] : []),
      ...(own ? [["ρ of P_red", intervalText(own, k)]] : []),
      ...(cage ? [["ρ of cage", intervalText(cage, k)]] : []),
      ["noise ceiling", correlationText(ceiling[k])],
    ];
  }

  /**
   * Move the marker to the step-th δt of the model, and tell the values there.
   * @param {number} step
   */
  setStep(step) {
    super.setStep(step);
    const { curves, times, model: { tau, units } } = this.system;
    const time = times[step] ?? null;
    const one = curves?.species[this.species];
    if (time === null || !curves || !one || !this.plot) return;
    const k = nearest(curves.times, time);
    /** @param {Field} name */
    const value = (name) => correlationText(one[name]?.rho[k] ?? null);
    const share = tau ? ` = ${numberText(time / tau, 3)} τ_α` : "";
    part(this.section, "readout").replaceChildren(...subscripts(
      `${timeText(time, units)}${share}: ρ of P̄_red ${value("p_red_averaged")}, `
      + `of P_red ${value("p_red")}, ${one.cage_averaged ? `of cage ${value("cage_averaged")}, ` : ""}noise ceiling ${correlationText(one.ceiling[k])}`));
  }
}
