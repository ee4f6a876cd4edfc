// How pointers, wheel and keys turn, move and enlarge a view.

/** @import { Camera } from "./camera.js" */

/**
 * @typedef {[number, number]} Point CSS pixels from the top left of the canvas
 * @typedef {{x: number, y: number, travelled: number, moving: boolean, several: boolean}} Pointer one that is down
 */

const DEGREES_PER_PIXEL = 0.4;
const CLICK_PIXELS = 5;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Pointer, wheel and keyboard input of one canvas for its camera. */
export class Controls {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{camera: Camera, radiusPixels: number}} viewer tells how large a scene radius is on the screen
   * @param {{hover: (x: number, y: number) => void, click: (x: number, y: number) => void, leave: () => void}} on
   */
  constructor(canvas, viewer, on) {
    this.canvas = canvas;
    this.viewer = viewer;
    this.on = on;
    /** @type {Map<number, Pointer>} */
    this.pointers = new Map();
    canvas.tabIndex = 0;
    canvas.style.touchAction = "none";
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event, true));
    canvas.addEventListener("pointercancel", (event) => this.up(event, false));
    canvas.addEventListener("pointerleave", () => on.leave());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point}
   */
  at(event) {
    const frame = this.canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  }

  /**
   * Where the pointers are that are down.
   * @returns {Point[]}
   */
  points() {
    return [...this.pointers.values()].map(({ x, y }) => [x, y]);
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    const [x, y] = this.at(event);
    const moving = event.button === 2 || event.button === 1 || event.shiftKey;
    this.pointers.set(event.pointerId, { x, y, travelled: 0, moving, several: this.pointers.size > 0 });
    if (this.pointers.size > 1) for (const pointer of this.pointers.values()) pointer.several = true;
    this.on.leave();
  }

  /** @param {PointerEvent} event */
  move(event) {
    const [x, y] = this.at(event);
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) {
      if (event.pointerType !== "touch") this.on.hover(x, y);
      return;
    }
    const before = this.points();
    const [dx, dy] = [x - pointer.x, y - pointer.y];
    Object.assign(pointer, { x, y, travelled: pointer.travelled + Math.hypot(dx, dy) });
    const { camera, radiusPixels } = this.viewer;
    if (this.pointers.size === 2) {
      this.pinch(before, this.points());
    } else if (this.pointers.size === 1 && pointer.travelled >= CLICK_PIXELS) {
      if (pointer.moving) camera.pan(-dx / radiusPixels, dy / radiusPixels);
      else camera.turn(-dx * DEGREES_PER_PIXEL, dy * DEGREES_PER_PIXEL);
    }
  }

  /**
   * @param {Point[]} before of two pointers
   * @param {Point[]} now
   */
  pinch(before, now) {
    /** @param {Point[]} points */
    const middle = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    /** @param {Point[]} points */
    const apart = ([a, b]) => Math.max(10, Math.hypot(a[0] - b[0], a[1] - b[1]));
    const [[x0, y0], [x, y]] = [middle(before), middle(now)];
    const r = this.viewer.radiusPixels;
    this.viewer.camera.pan(-(x - x0) / r, (y - y0) / r);
    this.enlarge(apart(now) / apart(before), x, y);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} completed
   */
  up(event, completed) {
    const pointer = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (pointer && completed && pointer.travelled < CLICK_PIXELS && !pointer.several && !pointer.moving) {
      this.on.click(...this.at(event));
    }
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? 400 : 1;
    const step = Math.max(-240, Math.min(240, event.deltaY * unit));
    this.enlarge(Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0018)), ...this.at(event));
  }

  /**
   * @param {number} factor
   * @param {number} x of the point that stays
   * @param {number} y
   */
  enlarge(factor, x, y) {
    const r = this.viewer.radiusPixels;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    this.viewer.camera.enlarge(factor, (x - width / 2) / r, (height / 2 - y) / r);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { camera } = this.viewer;
    const arrow = ARROWS[event.key];
    if (arrow && event.shiftKey) camera.pan(-0.05 * arrow[0] / camera.zoom, -0.05 * arrow[1] / camera.zoom);
    else if (arrow) camera.turn(-5 * arrow[0], -5 * arrow[1]);
    else if (event.key === "+" || event.key === "=") camera.enlarge(1.15);
    else if (event.key === "-") camera.enlarge(1 / 1.15);
    else if (event.key === "0" || event.key === "Home") camera.reset();
    else return;
    event.preventDefault();
  }
}
