// Where the particles are seen from, and how pointers and keys change that.

/**
 * A turntable about z. Several viewers may share one camera; each redraws on its "change" event.
 * The target is in units of the scene's radius, so that linked scenes of different size move alike.
 */
class Camera extends EventTarget {
  constructor({ azimuth, elevation, distance }) {
    super();
    this.home = { azimuth, elevation };
    this.distance = distance; // of the eye, in scene radii; null is parallel projection
    this.reset();
  }

  reset() {
    Object.assign(this, this.home, { zoom: 1, target: [0, 0, 0] });
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** Unit vectors to the right, up and to the eye, as one row-major 3 x 3 matrix. */
  get axes() {
    const [a, e] = [this.azimuth * Math.PI / 180, this.elevation * Math.PI / 180];
    const [ca, sa, ce, se] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e)];
    return [ca, sa, 0, -se * sa, se * ca, ce, ce * sa, -ce * ca, se];
  }

  turn(azimuth, elevation) {
    this.azimuth = (this.azimuth + azimuth) % 360;
    this.elevation = Math.max(-90, Math.min(90, this.elevation + elevation));
    this.changed();
  }

  /** Move the target by u to the right and v up, in scene radii. */
  pan(u, v) {
    const m = this.axes;
    const target = this.target.map((x, k) => x + u * m[k] + v * m[3 + k]);
    const far = Math.hypot(...target);
    this.target = far > 1 ? target.map((x) => x / far) : target;
    this.changed();
  }

  /** Enlarge by a factor, keeping the point (u, v) of the picture, in scene radii, where it is. */
  enlarge(factor, u = 0, v = 0) {
    const zoom = Math.max(0.3, Math.min(200, this.zoom * factor));
    const kept = 1 - this.zoom / zoom;
    this.zoom = zoom;
    this.pan(u * kept, v * kept);
  }
}

const DEGREES_PER_PIXEL = 0.4;
const CLICK_PIXELS = 5;

/** Pointer, wheel and keyboard input of one canvas for its camera. */
class Controls {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Viewer} viewer tells how large a scene radius is on the screen
   * @param {{hover: (x, y) => void, click: (x, y) => void, leave: () => void}} on
   */
  constructor(canvas, viewer, on) {
    this.canvas = canvas;
    this.viewer = viewer;
    this.on = on;
    this.pointers = new Map();
    canvas.tabIndex = 0;
    canvas.style.touchAction = "none";
    const listen = (type, handler, options) => canvas.addEventListener(type, handler, options);
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.move(event));
    listen("pointerup", (event) => this.up(event, true));
    listen("pointercancel", (event) => this.up(event, false));
    listen("pointerleave", () => on.leave());
    listen("contextmenu", (event) => event.preventDefault());
    listen("wheel", (event) => this.wheel(event), { passive: false });
    listen("keydown", (event) => this.key(event));
  }

  at(event) {
    const frame = this.canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    const [x, y] = this.at(event);
    const moving = event.button === 2 || event.button === 1 || event.shiftKey;
    this.pointers.set(event.pointerId, { x, y, travelled: 0, moving, several: this.pointers.size > 0 });
    if (this.pointers.size > 1) for (const pointer of this.pointers.values()) pointer.several = true;
    this.on.leave();
  }

  move(event) {
    const [x, y] = this.at(event);
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) {
      if (event.pointerType !== "touch") this.on.hover(x, y);
      return;
    }
    const before = [...this.pointers.values()].map((p) => [p.x, p.y]);
    const [dx, dy] = [x - pointer.x, y - pointer.y];
    Object.assign(pointer, { x, y, travelled: pointer.travelled + Math.hypot(dx, dy) });
    const { camera } = this.viewer;
    if (this.pointers.size === 2) {
      this.pinch(before, [...this.pointers.values()].map((p) => [p.x, p.y]));
    } else if (this.pointers.size === 1 && pointer.travelled >= CLICK_PIXELS) {
      if (pointer.moving) camera.pan(-dx / this.viewer.radiusPixels, dy / this.viewer.radiusPixels);
      else camera.turn(-dx * DEGREES_PER_PIXEL, dy * DEGREES_PER_PIXEL);
    }
  }

  pinch([a0, b0], [a1, b1]) {
    const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const apart = (a, b) => Math.max(10, Math.hypot(a[0] - b[0], a[1] - b[1]));
    const [m0, m1] = [middle(a0, b0), middle(a1, b1)];
    const r = this.viewer.radiusPixels;
    this.viewer.camera.pan(-(m1[0] - m0[0]) / r, (m1[1] - m0[1]) / r);
    this.enlarge(apart(a1, b1) / apart(a0, b0), ...m1);
  }

  up(event, completed) {
    const pointer = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (pointer && completed && pointer.travelled < CLICK_PIXELS && !pointer.several && !pointer.moving) {
      this.on.click(...this.at(event));
    }
  }

  wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? 400 : 1;
    const step = Math.max(-240, Math.min(240, event.deltaY * unit));
    this.enlarge(Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0018)), ...this.at(event));
  }

  enlarge(factor, x, y) {
    const r = this.viewer.radiusPixels;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    this.viewer.camera.enlarge(factor, (x - width / 2) / r, (height / 2 - y) / r);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { camera } = this.viewer;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = arrows[event.key];
    if (arrow && event.shiftKey) camera.pan(-0.05 * arrow[0] / camera.zoom, -0.05 * arrow[1] / camera.zoom);
    else if (arrow) camera.turn(-5 * arrow[0], -5 * arrow[1]);
    else if (event.key === "+" || event.key === "=") camera.enlarge(1.15);
    else if (event.key === "-") camera.enlarge(1 / 1.15);
    else if (event.key === "0" || event.key === "Home") camera.reset();
    else return;
    event.preventDefault();
  }
}
