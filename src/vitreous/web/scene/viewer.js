// One view of the particles on one canvas: WebGL2, drawn only when something has changed.
//
// While nothing changes a few more frames with shifted pixels are averaged in, which smooths the edges, and then
// nothing runs.

import { Camera } from "./camera.js";
import { Painter } from "./painter.js";
import { projection, radiusPixels } from "./projection.js";

/** @import { Column } from "./columns.js" */
/** @import { Particles } from "./particles.js" */

const SMOOTH_FRAMES = 16;

/**
 * @typedef {"sigma" | "extent"} Range what the colours span: two standard deviations, or all values
 *
 * @typedef {object} Look how the particles look, and which of them are drawn
 * @property {Column} column
 * @property {string} palette
 * @property {(number | null)[]} limits values at the white and the dark end of the colours
 * @property {number | null} low no values below are drawn
 * @property {number | null} high nor above
 * @property {number} cut share of the scene that is left out, from the front
 * @property {boolean} edges
 * @property {boolean[]} speciesVisible
 */

/** Whether the browser draws with WebGL2. */
export const hasWebGL2 = () => document.createElement("canvas").getContext("webgl2") !== null;

/** Events: "drawn" after every frame. Throws if the browser has no WebGL2. */
export class Viewer extends EventTarget {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Particles} particles
   * @param {Camera} [camera] share one to link views
   */
  constructor(canvas, particles, camera = new Camera(particles.view)) {
    super();
    this.canvas = canvas;
    this.particles = particles;
    this.camera = camera;
    this.radius = particles.view.radius;
    this.state = {
      column: particles.column(particles.colorBy),
      palette: "red",
      range: /** @type {Range} */ ("sigma"),
      low: /** @type {number | null} */ (null),
      high: /** @type {number | null} */ (null),
      cut: 0,
      edges: true,
      speciesVisible: particles.species.categories.map(() => true),
      hovered: -1,
      pinned: -1,
    };
    this.dot = 1; // device pixels in a CSS pixel
    this.quality = 1; // resolution while moving; lowered where frames are slow
    this.pace = 20; // milliseconds a frame, while moving
    this.samples = 0; // frames averaged so far
    this.drawnQuality = 1; // of these
    this.lost = false;
    this.scheduled = false;
    this.moving = false;
    this.movedAt = -Infinity;
    this.frameAt = -Infinity;
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, powerPreference: "high-performance" });
    if (!gl) throw new Error("WebGL2 is not available");
    this.gl = gl;
    this.painter = new Painter(gl, particles);
    this.smoothFrames = this.painter.floats ? SMOOTH_FRAMES : 1;
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.lost = true;
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.lost = false;
      this.painter = new Painter(gl, particles);
      this.refresh();
    });
    this.setColumn(particles.colorBy);
    camera.addEventListener("change", () => {
      this.movedAt = performance.now();
      this.invalidate();
    });
    new ResizeObserver(() => this.invalidate()).observe(canvas);
  }

  /** Follow the size of the canvas on the page, in device pixels. */
  resize() {
    const { canvas, painter } = this;
    this.dot = Math.min(window.devicePixelRatio || 1, 2);
    painter.dot = this.dot;
    const size = [canvas.clientWidth, canvas.clientHeight].map((x) => Math.max(1, Math.round(x * this.dot)));
    if (size[0] === painter.size[0] && size[1] === painter.size[1]) return;
    [canvas.width, canvas.height] = size;
    painter.resize(size);
    this.samples = 0;
  }

  get radiusPixels() {
    return radiusPixels(this.camera, this.canvas);
  }

  get projection() {
    return projection(this.camera, this.radius, this.canvas);
  }

  /**
   * Canvas position of the centre of particle i, in CSS pixels from the top left.
   * @param {number} i
   */
  project(i) {
    const { seen, g, view } = this.projection;
    const [u, v, w] = seen(this.particles.offset(i));
    const shrink = 1 - g * w;
    return {
      x: (1 + view[0] * u / shrink) * this.canvas.clientWidth / 2,
      y: (1 - view[1] * v / shrink) * this.canvas.clientHeight / 2,
    };
  }

  /**
   * The particle seen at a canvas position in CSS pixels, or -1.
   * @param {number} x
   * @param {number} y
   */
  pick(x, y) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.resize();
    if (this.lost || x < 0 || y < 0 || x >= width || y >= height) return -1;
    if (this.samples === 0) this.sample();
    return this.painter.particleAt(x / width, 1 - y / height);
  }

  /**
   * Colour by a column, showing all its values.
   * @param {string} name
   */
  setColumn(name) {
    Object.assign(this.state, { column: this.particles.column(name), low: null, high: null });
    this.refresh();
  }

  /**
   * Palette ("red", "sequential", "diverging") and range of numeric columns.
   * @param {string} palette
   * @param {Range} range
   */
  setColors(palette, range) {
    Object.assign(this.state, { palette, range });
    this.refresh();
  }

  /**
   * Draw only values from low to high of the coloured column; null for no limit.
   * @param {number | null} low
   * @param {number | null} high
   */
  setShown(low, high) {
    Object.assign(this.state, { low, high });
    this.invalidate();
  }

  /**
   * @param {number} code
   * @param {boolean} visible
   */
  setSpeciesVisible(code, visible) {
    this.state.speciesVisible[code] = visible;
    this.refresh();
  }

  /**
   * Leave out the particles in the nearest share (0 to 1) of the scene.
   * @param {number} share
   */
  setCut(share) {
    this.state.cut = share;
    this.invalidate();
  }

  /** @param {boolean} visible */
  setEdges(visible) {
    this.state.edges = visible;
    this.invalidate();
  }

  /**
   * Ring a particle; -1 for none.
   * @param {"hovered" | "pinned"} kind
   * @param {number} i
   */
  mark(kind, i) {
    if (this.state[kind] === i) return;
    this.state[kind] = i;
    this.schedule();
  }

  /** Values at the white and the dark end of the colours; null for a column without numbers. */
  get limits() {
    const { column, range } = this.state;
    if (column.kind === "category") return [null, null];
    return range === "sigma" ? [column.low, column.high] : [column.min, column.max];
  }

  /** Send values and colours of the present column to the graphics processor. */
  refresh() {
    this.painter.load({ ...this.state, limits: this.limits });
    this.invalidate();
  }

  invalidate() {
    this.samples = 0;
    this.schedule();
  }

  schedule() {
    if (!this.scheduled) requestAnimationFrame((now) => this.frame(now));
    this.scheduled = true;
  }

  /** @param {number} now */
  frame(now) {
    this.scheduled = false;
    if (this.lost || this.canvas.clientWidth === 0) return;
    this.resize();
    const moving = this.movedAt > this.frameAt || now - this.movedAt < 200;
    if (moving && this.moving) this.adapt(now - this.frameAt);
    this.moving = moving;
    this.frameAt = now;
    const quality = moving ? this.quality : 1;
    if (this.drawnQuality !== quality) this.samples = 0;
    if (this.samples < SMOOTH_FRAMES) this.sample(quality);
    this.present();
    if (this.samples < this.smoothFrames || moving) this.schedule();
    this.dispatchEvent(new Event("drawn"));
  }

  /**
   * Average one more frame into the light.
   * @param {number} [quality] share of the canvas's resolution
   */
  sample(quality = 1) {
    this.painter.sample(this.samples, { ...this.state, limits: this.limits }, this.projection, quality);
    this.drawnQuality = quality;
    this.samples += 1;
  }

  /** Put on the canvas what was averaged, and the rings of marked particles. */
  present() {
    this.painter.present(this.projection, this.state.hovered, this.state.pinned);
  }

  /**
   * Fewer pixels while moving if frames take long, more again if they do not.
   * @param {number} elapsed milliseconds
   */
  adapt(elapsed) {
    this.pace = 0.7 * this.pace + 0.3 * Math.min(elapsed, 200);
    if (this.pace > 42) this.quality = Math.max(0.3, this.quality * (this.pace > 90 ? 0.75 : 0.9));
    else if (this.pace < 22) this.quality = Math.min(1, this.quality * 1.05);
  }
}
