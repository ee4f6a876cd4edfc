// Where the particles are seen from.

/**
 * A turntable about z. Several viewers may share one camera; each redraws on its "change" event.
 * The target is in units of the scene's radius, so that linked scenes of different size move alike.
 */
export class Camera extends EventTarget {
  azimuth = 0; // degrees
  elevation = 0;
  zoom = 1;
  target = [0, 0, 0];

  /** @param {{azimuth: number, elevation: number, distance: number | null}} home */
  constructor({ azimuth, elevation, distance }) {
    super();
    this.home = { azimuth, elevation };
    this.distance = distance; // of the eye, in scene radii; null is parallel projection
    this.reset();
  }

  reset() {
    this.azimuth = this.home.azimuth;
    this.elevation = this.home.elevation;
    this.zoom = 1;
    this.target = [0, 0, 0];
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

  /**
   * @param {number} azimuth degrees
   * @param {number} elevation degrees
   */
  turn(azimuth, elevation) {
    this.azimuth = (this.azimuth + azimuth) % 360;
    this.elevation = Math.max(-90, Math.min(90, this.elevation + elevation));
    this.changed();
  }

  /**
   * Move the target to the right and up.
   * @param {number} u scene radii
   * @param {number} v scene radii
   */
  pan(u, v) {
    const m = this.axes;
    const target = this.target.map((x, k) => x + u * m[k] + v * m[3 + k]);
    const far = Math.hypot(...target);
    this.target = far > 1 ? target.map((x) => x / far) : target;
    this.changed();
  }

  /**
   * Enlarge, keeping a point of the picture where it is.
   * @param {number} factor
   * @param {number} [u] scene radii
   * @param {number} [v] scene radii
   */
  enlarge(factor, u = 0, v = 0) {
    const zoom = Math.max(0.3, Math.min(200, this.zoom * factor));
    const kept = 1 - this.zoom / zoom;
    this.zoom = zoom;
    this.pan(u * kept, v * kept);
  }
}
