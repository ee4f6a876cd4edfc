// A place of the page for one plot, with what is told about it.

import { make, part, subscripts } from "../elements.js";
import { Plot } from "./plot.js";

/** @import { Axis } from "./axis.js" */

export class Panel {
  /** @type {Plot | null} */
  plot = null;

  /** @param {HTMLElement} section with the parts "about" and "curves" */
  constructor(section) {
    this.section = section;
  }

  clear() {
    this.plot?.remove();
    this.plot = null;
  }

  /**
   * A sentence in the plot's place, for want of data.
   * @param {string} reason
   */
  showNothing(reason) {
    this.clear();
    part(this.section, "about").textContent = "";
    part(this.section, "curves").replaceChildren(make("p", reason, { className: "absent quiet" }));
  }

  /**
   * A new plot in place of the one that was there.
   * @param {string} label for those who do not see it
   * @param {{x: Axis, y: Axis}} axes
   * @param {string} about
   * @param {Node[]} samples its legend
   */
  show(label, axes, about, samples) {
    this.clear();
    part(this.section, "about").replaceChildren(...subscripts(about), make("span", samples, { className: "samples" }));
    this.plot = new Plot(part(this.section, "curves"), label, axes);
    return this.plot;
  }
}
