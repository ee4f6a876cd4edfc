// One model's particles: the view with its legend, and the numbers of a particle.

import { make, part, subscripts, table } from "../elements.js";
import { ParticleReader } from "../scene/particle_reader.js";
import { Viewer, hasWebGL2 } from "../scene/viewer.js";
import { countText } from "../text.js";
import { COLORINGS } from "./colorings.js";
import { legend } from "./legend.js";

/** @import { Camera } from "../scene/camera.js" */
/** @import { Particles } from "../scene/particles.js" */
/** @import { System } from "./system.js" */

export class SystemView {
  /** @type {Viewer | null} */
  viewer = null;
  /** @type {ParticleReader | null} */
  reader = null;
  /** @type {HTMLImageElement | null} */
  picture = null;
  step = 0;

  /**
   * @param {System} system
   * @param {HTMLElement} node with the parts of a view
   * @param {Camera | null} camera shared by all views; null for the first, which makes it
   */
  constructor(system, node, camera) {
    this.system = system;
    this.node = node;
    const reason = system.missing("species");
    if (system.particles) this.open(system.particles, camera);
    else this.say(`There is nothing to see yet: ${reason}.`);
    const field = part(node, "particle", HTMLInputElement);
    field.disabled = !this.viewer;
    field.title = this.viewer ? "" : reason ?? "";
  }

  /**
   * @param {Particles} particles
   * @param {Camera | null} camera
   */
  open(particles, camera) {
    const { node, system: { model: { title, state } } } = this;
    const canvas = part(node, "scene", HTMLCanvasElement);
    canvas.setAttribute("aria-label", `${title}, ${state}: ${countText(particles.n)} particles in three dimensions. `
      + "Arrow keys turn all views, plus and minus zoom, shift with arrow keys moves, 0 resets.");
    try {
      this.viewer = new Viewer(canvas, particles, camera ?? undefined);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      this.say(hasWebGL2() ? `The particles cannot be shown: ${reason}`
        : "The view needs WebGL2, which this browser does not offer.");
      return;
    }
    const places = {
      tooltip: part(node, "tooltip"), pinned: part(node, "pinned"), particle: part(node, "particle", HTMLInputElement),
    };
    const reader = new ParticleReader(this.viewer, places, (i) =>
      table(`Particle ${i}`, this.system.describe(i, this.step), subscripts));
    this.reader = reader;
    // The page has to scroll: the wheel zooms once a view is in use, and one finger turns sideways only.
    canvas.style.touchAction = "pan-y";
    part(node, "view").addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !document.activeElement?.matches("canvas")) event.stopPropagation();
    }, { capture: true });
    canvas.addEventListener("keydown", (event) => { if (event.key === "Escape") reader.pin(-1); });
  }

  /** @param {string} text */
  say(text) {
    part(this.node, "message").hidden = false;
    part(this.node, "message").textContent = text;
    part(this.node, "view").classList.add("empty");
  }

  /**
   * Colour by one of COLORINGS; by the propensity at the step-th δt; by being in clusters of a type.
   * @param {string} coloring
   * @param {number} step
   * @param {string} type
   */
  show(coloring, step, type) {
    this.step = step;
    const { viewer, system } = this;
    if (!viewer) return;
    const { palette, range } = COLORINGS[coloring];
    Object.assign(viewer.state, { palette, range });
    viewer.setColumn(system.column(coloring, step, type));
    this.reader?.refresh();
    const { column } = viewer.state;
    part(this.node, "legend").replaceChildren(...legend(system, viewer.particles, coloring, { step, type, column }));
  }

  /** A picture in place of the view, which printers do not get. */
  freeze() {
    const { viewer } = this;
    if (!viewer) return;
    viewer.resize();
    if (viewer.samples === 0) viewer.sample();
    viewer.present();
    this.picture = make("img", [], { src: viewer.canvas.toDataURL(), alt: "", className: "printed" });
    part(this.node, "view").append(this.picture);
  }

  thaw() {
    this.picture?.remove();
  }
}
