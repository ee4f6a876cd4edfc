// All models of a study, and the one scale of δt/τ_α on which they are compared.

import { System } from "./system.js";

/** @import { Model } from "./system.js" */

export class Study {
  /** @param {{plan: string, models: Model[]}} data what vitreous.study.page writes */
  constructor({ plan, models }) {
    this.plan = plan;
    this.systems = models.map((model) => new System(model));
    const spans = this.systems.map(({ ratios }) => ratios).filter((ratios) => ratios.length > 0)
      .map((ratios) => ({ low: ratios[0], high: ratios[ratios.length - 1], steps: ratios.length - 1 }));
    const low = Math.min(...spans.map((span) => span.low));
    const high = Math.max(...spans.map((span) => span.high));
    const densest = Math.max(...spans.map((span) => span.steps / Math.log(span.high / span.low) || 0));
    const count = spans.length === 0 ? 0 : Math.max(1, Math.round(Math.log(high / low) * densest) + 1);
    /** Steps of the slider, in units of τ_α. */
    this.ratios = Array.from({ length: count }, (_, k) => low * (high / low) ** (count > 1 ? k / (count - 1) : 0));
  }

  /** Types with members in any model, in the order in which they are defined. */
  get clusterTypes() {
    return [...new Set(this.systems.flatMap(({ clusters }) => clusters?.types ?? []))];
  }

  /** What the largest (0), the second (1), ... group of particles is called in each model. */
  get sizes() {
    const count = Math.max(...this.systems.map(({ model }) => model.groups.length));
    const words = count === 2 ? ["Large", "Small"] : Array.from({ length: count }, (_, k) => `Size ${k + 1}`);
    return words.map((word, rank) => {
      const names = this.systems.map((system) => system.speciesOfSize(rank));
      return `${word} particles (${names.join(", ")})`;
    });
  }
}
