// The page of a study: the models side by side, under controls that act on all of them.

import { element, make, ofKind, part, subscripts } from "../elements.js";
import { countText, numberText } from "../text.js";
import { COLORINGS } from "./colorings.js";
import { correlationRange, nearest } from "./correlations.js";
import { CorrelationsPanel } from "./correlations_panel.js";
import { showMeans } from "./means_panel.js";
import { StatesPanel } from "./states_panel.js";
import { SystemView } from "./system_view.js";

/** @import { Camera } from "../scene/camera.js" */
/** @import { Study } from "./study.js" */
/** @import { System } from "./system.js" */

const PLAY_MILLISECONDS = 350;

export class StudyPage {
  /** @type {Camera | null} */
  camera = null;
  /** @type {SystemView[]} */
  views = [];
  /** @type {(CorrelationsPanel | StatesPanel)[][]} */
  panels = [];
  /** @type {ReturnType<typeof setInterval> | null} */
  playing = null;
  scheduled = false;
  hints = "";

  /** @param {Study} study */
  constructor(study) {
    this.study = study;
    this.color = element("colour", HTMLSelectElement);
    this.type = element("type", HTMLSelectElement);
    this.species = element("species", HTMLSelectElement);
    this.time = element("time", HTMLInputElement);
    const range = correlationRange(study.systems);
    for (const system of study.systems) this.add(system, range);
    element("systems").style.setProperty("--systems", String(study.systems.length));
    this.choices();
    this.hints = this.disable();
    this.listen();
    this.showSpecies();
    this.refresh();
  }

  /**
   * A column of the page for one model.
   * @param {System} system
   * @param {[number, number]} range of correlations
   */
  add(system, range) {
    const { content } = element("system", HTMLTemplateElement);
    const node = ofKind(/** @type {DocumentFragment} */ (content.cloneNode(true)).firstElementChild, "system");
    element("systems").append(node);
    part(node, "title").textContent = system.model.title;
    part(node, "summary").append(...subscripts(summary(system)));
    const view = new SystemView(system, node, this.camera);
    this.camera ??= view.viewer?.camera ?? null;
    this.views.push(view);
    /** @param {number} time */
    const pick = (time) => this.goTo(time / (system.model.tau ?? NaN));
    this.panels.push([
      new CorrelationsPanel(part(node, "correlations"), system, range, pick),
      new StatesPanel(part(node, "others"), system, range, pick),
    ]);
    showMeans(part(node, "means"), system);
  }

  /** What can be chosen. */
  choices() {
    const { study, study: { systems }, color, type, time } = this;
    for (const [value, { option }] of Object.entries(COLORINGS)) {
      const reasons = systems.map((system) => system.missing(value));
      const nowhere = reasons.every((reason) => reason);
      color.append(make("option", nowhere ? `${option} (${reasons[0]})` : option, { value, disabled: nowhere }));
    }
    color.value = Object.keys(COLORINGS).find((value) => systems.some((system) => !system.missing(value))) ?? "";
    for (const value of study.clusterTypes) {
      const members = systems.map(({ clusters }) => countText(clusters?.membersOf(value) ?? 0));
      type.append(make("option", `${value} (${members.join(", ")})`, { value }));
    }
    type.title = "With the number of particles in such clusters, in each model";
    study.sizes.forEach((text, rank) => this.species.append(make("option", text, { value: String(rank) })));
    time.max = String(Math.max(0, study.ratios.length - 1));
    if (study.ratios.length) time.value = String(nearest(study.ratios, 1));
  }

  /** Disable what has nothing to act on yet; why, in sentences. */
  disable() {
    const { systems, clusterTypes, ratios } = this.study;
    const states = systems.flatMap(({ model }) => model.states);
    const play = element("play", HTMLButtonElement);
    const reset = element("reset", HTMLButtonElement);
    /** @type {[boolean, string, {disabled: boolean, title: string}[]][]} */
    const reasons = [
      [systems.every(({ particles }) => !particles), "No snapshot is made yet.", [this.color, reset]],
      [clusterTypes.length === 0, "No clusters are found yet.", [this.type]],
      [states.every(({ curves }) => !curves), "Nothing is correlated yet.", [this.species]],
      [ratios.length === 0, "No propensity is measured yet.", [this.time, play]],
    ];
    return reasons.filter(([nothing]) => nothing).map(([, title, controls]) => {
      for (const control of controls) Object.assign(control, { disabled: true, title });
      return title;
    }).join(" ");
  }

  listen() {
    element("controls").addEventListener("submit", (event) => event.preventDefault());
    this.color.addEventListener("change", () => this.refresh());
    this.type.addEventListener("change", () => {
      this.color.value = "cluster"; // whoever chooses a type wants to see it
      this.refresh();
    });
    this.species.addEventListener("change", () => this.showSpecies());
    this.time.addEventListener("input", () => {
      this.play(false);
      this.later();
    });
    element("play").addEventListener("click", () => this.play(!this.playing));
    element("reset").addEventListener("click", () => this.camera?.reset());
    window.addEventListener("beforeprint", () => this.views.forEach((view) => view.freeze()));
    window.addEventListener("afterprint", () => this.views.forEach((view) => view.thaw()));
  }

  /** δt as a share of τ_α, or null if there is none. */
  get ratio() {
    return this.study.ratios[Number(this.time.value)] ?? null;
  }

  /** @param {number} ratio */
  goTo(ratio) {
    if (!(ratio > 0) || this.study.ratios.length === 0) return;
    this.play(false);
    this.time.value = String(nearest(this.study.ratios, ratio));
    this.refresh();
  }

  /** @param {boolean} running */
  play(running) {
    if (Boolean(this.playing) === running) return;
    const { time } = this;
    if (this.playing) clearInterval(this.playing);
    if (running && time.value === time.max) time.value = "0";
    this.playing = running ? setInterval(() => {
      if (time.value === time.max) return this.play(false);
      time.value = String(Number(time.value) + 1);
      return this.refresh();
    }, PLAY_MILLISECONDS) : null;
    element("play").textContent = running ? "Pause" : "Play";
    element("play").setAttribute("aria-pressed", String(running));
  }

  later() {
    if (!this.scheduled) requestAnimationFrame(() => this.refresh());
    this.scheduled = true;
  }

  /** Curves of the species of the size that is chosen. */
  showSpecies() {
    this.study.systems.forEach((system, k) => {
      const species = system.speciesOfSize(Number(this.species.value));
      for (const panel of this.panels[k]) panel.showSpecies(species);
    });
  }

  /** Bring everything to the present colour, type and δt. */
  refresh() {
    this.scheduled = false;
    const { ratio } = this;
    const color = this.color.value || "species";
    const text = ratio === null ? "not known" : `${numberText(ratio, 2)} τ_α`;
    element("ratio").replaceChildren(...subscripts(ratio === null ? "" : `= ${text}`));
    this.time.setAttribute("aria-valuetext", text.replace("τ_α", "relaxation times"));
    const measured = this.study.systems.some((system) => !system.missing("propensity"));
    const idle = color !== "propensity" && ratio !== null && measured;
    element("hint").textContent = this.hints || (idle ? "Colour by the propensity to see it at this δt." : "");
    this.views.forEach((view, k) => {
      const { ratios } = view.system;
      const step = ratio === null || ratios.length === 0 ? 0 : nearest(ratios, ratio);
      view.show(color, step, this.type.value);
      for (const panel of this.panels[k]) panel.setStep(step);
    });
  }
}

/**
 * One line on a model.
 * @param {System} system
 */
function summary({ particles, model: { state, tau, tau_how: how, units } }) {
  const parts = [state];
  if (particles) parts.push(`${countText(particles.n)} particles`);
  parts.push(tau ? `τ_α = ${numberText(tau, 3)} ${units.time} (${how})` : `τ_α: ${how}`);
  return parts.join(" · ");
}
