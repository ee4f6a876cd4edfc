// One model as it stands in the page: what is known of it, and the columns that colour its particles.

import { element } from "../elements.js";
import { columnText } from "../scene/columns.js";
import { Particles } from "../scene/particles.js";
import { numberText } from "../text.js";
import { ClusterTable } from "./cluster_table.js";
import { PropensityTable } from "./propensity_table.js";

/** @import { NumberColumn } from "../scene/columns.js" */
/** @import { ClusterData } from "./cluster_table.js" */
/** @import { PropensityData } from "./propensity_table.js" */

/**
 * @typedef {(number | null)[]} Numbers null where there is no number
 * @typedef {{rho: Numbers, low: Numbers, high: Numbers}} Curve a correlation with its interval
 * @typedef {"p_red" | "p_red_averaged" | "cage_averaged"} Field
 * @typedef {Partial<Record<Field, Curve>>} FieldCurves
 * @typedef {FieldCurves & {particles: number, ceiling: Numbers, chance: [Numbers, Numbers]}} SpeciesCurves
 * @typedef {{times: number[], note: string, method: string, species: Record<string, SpeciesCurves>}} StateCurves
 * @typedef {{name: string, point: number, deepest: boolean, curves: StateCurves | null, tau: number | null}} State
 *
 * @typedef {object} Model what vitreous.study.page writes of a model
 * @property {string} name
 * @property {string} title
 * @property {string} state
 * @property {string} control what its states differ in
 * @property {{length: string, time: string, energy: string, temperature: string}} units
 * @property {{name: string, diameter: number}[]} species large ones first
 * @property {string[]} groups of particles in correlations: species, or classes by diameter; large ones first
 * @property {boolean} particles whether they are in the page
 * @property {number | null} radius of the average
 * @property {number | null} cage_length with which the weights of that of the cage order parameter decay
 * @property {boolean} uncaged whether short runs showed that there are no cages
 * @property {number | null} tau τ_α
 * @property {string} tau_how how it is known, or why not
 * @property {PropensityData | null} propensity
 * @property {ClusterData | null} clusters
 * @property {State[]} states the deepest first
 * @property {{rows: Numbers[], errors: Numbers}} means
 */

export const MEMBER_COLORS = { outside: [226, 229, 232], inside: [0, 92, 140] };
const ADDED = { propensity: Float32Array, cluster: Uint8Array, nothing: Float32Array };

/**
 * Whether times are known.
 * @param {number[]} times
 */
export const areKnown = (times) => times.every((time) => time > 0);

/** @param {Model} model @returns {Particles | null} */
function particlesOf({ name, particles: there }) {
  if (!there) return null;
  const particles = new Particles(JSON.parse(element(`particles-${name}`).textContent));
  for (const [column, Values] of Object.entries(ADDED)) {
    const values = new Values(particles.n);
    particles.columns.push({ name: column, kind: "number", low: null, high: null, min: 0, max: 1, values });
  }
  particles.column("nothing").values.fill(NaN);
  const { outside, inside } = MEMBER_COLORS;
  particles.palettes.members = Uint8Array.from({ length: 768 }, (_, k) => (k < 384 ? outside : inside)[k % 3]);
  return particles;
}

export class System {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.curves = model.states[0].curves; // of the deepest state
    this.particles = particlesOf(model);
    const { propensity, clusters } = model;
    this.propensity = this.particles && propensity ? new PropensityTable(propensity, this.particles.n) : null;
    this.clusters = this.particles && clusters ? new ClusterTable(clusters) : null;
  }

  /** Recorded δt, of the propensity or else of the curves; none if there is neither. */
  get times() {
    const times = this.propensity?.times ?? this.curves?.times ?? [];
    return areKnown(times) ? times : [];
  }

  /** Shares of τ_α at which the propensity is known. */
  get ratios() {
    const { tau } = this.model;
    return tau !== null && tau > 0 ? this.times.map((time) => time / tau) : [];
  }

  /**
   * Why particles cannot be coloured so, or null if they can.
   * @param {string} colour
   */
  missing(colour) {
    if (!this.particles) return "the snapshot is not made yet";
    if (colour === "cage_averaged" && this.model.uncaged) return "nothing is caged, the liquid is too mobile";
    if (colour === "propensity") return this.propensity ? null : "the propensity is not measured yet";
    if (colour === "cluster") return this.clusters ? null : "the clusters are not found yet";
    return this.particles.columns.some(({ name }) => name === colour) ? null : "it is not learned yet";
  }

  /**
   * Name of the column for a colour, filled for that δt and type.
   * @param {string} colour
   * @param {number} step
   * @param {string} type
   */
  column(colour, step, type) {
    if (!this.particles || this.missing(colour)) return "nothing";
    const column = this.particles.column(colour);
    if (colour === "propensity") this.propensity?.fill(column, step);
    if (colour === "cluster") this.clusters?.fill(column, type);
    return colour;
  }

  /**
   * Everything known of particle i, as labels and texts; the propensity at the step-th δt.
   * @param {number} i
   * @param {number} step
   */
  describe(i, step) {
    const { particles, propensity, clusters, model: { units } } = this;
    if (!particles) return [];
    const [x, y, z] = particles.position(i).map((value) => numberText(value, 4));
    const diameter = numberText(particles.diameters[i], 4);
    const rows = [
      ["species", `${columnText(particles.species, i)}, diameter ${diameter} ${units.length}`],
      ["position", `${x}, ${y}, ${z} ${units.length}`],
    ];
    for (const [key, label] of [["p_red", "P_red"], ["p_red_averaged", "P̄_red"], ["cage_averaged", "cage"]]) {
      if (!this.missing(key)) rows.push([label, numberText(particles.column(key).values[i], 4)]);
    }
    if (propensity) {
      const value = numberText(Math.fround(propensity.value(step, i)), 4);
      const time = numberText(propensity.times[step], 3);
      rows.push(["propensity", `${value} ${units.length} at δt = ${time} ${units.time}`]);
    }
    if (clusters) rows.push(["in clusters", clusters.typesOf(i).join(", ") || "none"]);
    return rows;
  }

  /**
   * The species of a size, 0 the largest.
   * @param {number} rank
   */
  speciesOfSize(rank) {
    const { groups } = this.model;
    return groups[Math.min(rank, groups.length - 1)];
  }
}
