// A panel of curves against δt, with a marker at the present one.

import { Panel } from "../plot/panel.js";

/** @import { System } from "./system.js" */

export class TimePanel extends Panel {
  step = 0;

  /**
   * @param {HTMLElement} section
   * @param {System} system
   * @param {[number, number]} range of correlations
   * @param {(time: number) => void} pick called with the δt that is clicked
   */
  constructor(section, system, range, pick) {
    super(section);
    this.system = system;
    this.range = range;
    this.pick = pick;
  }

  /**
   * Move the marker to the step-th δt of the model.
   * @param {number} step
   */
  setStep(step) {
    this.step = step;
    this.plot?.mark(this.system.times[step] ?? null);
  }
}
