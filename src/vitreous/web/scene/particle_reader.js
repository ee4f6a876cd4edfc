// Reading off particles in a view: the one that the pointer is over, and the one that was chosen.

import { Controls } from "./controls.js";

/** @import { Viewer } from "./viewer.js" */

export class ParticleReader {
  /** @type {[number, number] | null} */
  pointer = null;
  hovering = false;
  pinned = -1;

  /**
   * @param {Viewer} viewer
   * @param {{tooltip: HTMLElement, pinned: HTMLElement, particle: HTMLInputElement}} places over the view, for the
   *   chosen particle, and for its number
   * @param {(i: number) => HTMLElement} numbers what is told of a particle
   */
  constructor(viewer, places, numbers) {
    this.viewer = viewer;
    this.places = places;
    this.numbers = numbers;
    const leave = () => {
      this.pointer = null;
      viewer.mark("hovered", -1);
      places.tooltip.hidden = true;
    };
    new Controls(viewer.canvas, viewer, {
      hover: (x, y) => {
        this.pointer = [x, y];
        if (!this.hovering) requestAnimationFrame(() => this.hover());
        this.hovering = true;
      },
      click: (x, y) => this.pin(viewer.pick(x, y)),
      leave,
    });
    viewer.camera.addEventListener("change", leave);
    const { n } = viewer.particles;
    places.particle.max = String(n - 1);
    places.particle.addEventListener("input", () => {
      const { value } = places.particle;
      const i = value === "" ? -1 : Number(value);
      this.pin(Number.isInteger(i) && i >= 0 && i < n ? i : -1, false);
    });
  }

  hover() {
    this.hovering = false;
    if (!this.pointer) return;
    const { viewer, places: { tooltip } } = this;
    const [x, y] = this.pointer;
    const i = viewer.pick(x, y);
    viewer.mark("hovered", i);
    tooltip.hidden = i < 0;
    if (i < 0) return;
    tooltip.replaceChildren(this.numbers(i));
    const { clientWidth: width, clientHeight: height } = viewer.canvas;
    const left = x + 18 + tooltip.offsetWidth > width ? x - 14 - tooltip.offsetWidth : x + 18;
    const top = Math.min(y + 14, height - tooltip.offsetHeight - 6);
    tooltip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  /**
   * Choose a particle, none with -1; its number is written unless a person is typing it.
   * @param {number} i
   * @param {boolean} [write]
   */
  pin(i, write = true) {
    this.pinned = i;
    this.viewer.mark("pinned", i);
    if (write) this.places.particle.value = i < 0 ? "" : String(i);
    this.places.pinned.replaceChildren(...(i < 0 ? [] : [this.numbers(i)]));
  }

  /** Tell the numbers of the chosen particle again, which have changed. */
  refresh() {
    if (this.pinned >= 0) this.pin(this.pinned, false);
  }
}
