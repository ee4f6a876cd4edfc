// The order in which particles are drawn: near ones first, so that the depth test spares the hidden ones.
//
// Once, particles that are close in space are put into the same batch. In each frame only the batches are sorted, and
// those outside of the picture left out; nothing is done particle by particle.

/** @import { Projection } from "./projection.js" */

export const BATCH = 256; // particles drawn by one instance

/**
 * Two triangles for each of n quads, whose corners are vertices 4 k to 4 k + 3.
 * @param {number} n
 */
export function quadIndices(n) {
  const indices = new Uint16Array(6 * n);
  for (let k = 0; k < n; k += 1) indices.set([0, 1, 2, 2, 1, 3].map((corner) => 4 * k + corner), 6 * k);
  return indices;
}

/**
 * The ten low bits of x with two zeros between each and the next.
 * @param {number} x
 */
function spreadBits(x) {
  let bits = x & 0x3ff;
  bits = (bits | (bits << 16)) & 0x030000ff;
  bits = (bits | (bits << 8)) & 0x0300f00f;
  bits = (bits | (bits << 4)) & 0x030c30c3;
  return (bits | (bits << 2)) & 0x09249249;
}

export class Batches {
  /** @param {{n: number, offsets: ArrayLike<number>, diameters: ArrayLike<number>}} particles */
  constructor({ n, offsets, diameters }) {
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (let k = 0; k < 3 * n; k += 1) {
      low[k % 3] = Math.min(low[k % 3], offsets[k]);
      high[k % 3] = Math.max(high[k % 3], offsets[k]);
    }
    const edge = Math.max(high[0] - low[0], high[1] - low[1], high[2] - low[2]) || 1;
    // Along a Z-order curve; the key and the particle's number share one exact double.
    const keys = new Float64Array(n);
    for (let i = 0; i < n; i += 1) {
      let key = 0;
      for (let axis = 0; axis < 3; axis += 1) {
        key += spreadBits(Math.floor(1023 * (offsets[3 * i + axis] - low[axis]) / edge)) * 2 ** axis;
      }
      keys[i] = key * 2 ** 23 + i;
    }
    /** Slot of the textures -> number of the particle. */
    this.order = Uint32Array.from(keys.sort(), (key) => key % 2 ** 23);
    this.count = Math.ceil(n / BATCH);
    this.balls = new Float64Array(4 * this.count); // centre and radius of a ball around each batch
    for (let b = 0; b < this.count; b += 1) this.enclose(b, offsets, diameters);
    this.near = new Float64Array(this.count);
  }

  /**
   * @param {number} b
   * @param {ArrayLike<number>} offsets
   * @param {ArrayLike<number>} diameters
   */
  enclose(b, offsets, diameters) {
    const members = this.order.subarray(b * BATCH, (b + 1) * BATCH);
    const center = [0, 0, 0];
    for (const i of members) for (let k = 0; k < 3; k += 1) center[k] += offsets[3 * i + k] / members.length;
    let radius = 0;
    for (const i of members) {
      const away = Math.hypot(...center.map((x, k) => offsets[3 * i + k] - x));
      radius = Math.max(radius, away + diameters[i] / 2);
    }
    this.balls.set([...center, radius], 4 * b);
  }

  /**
   * Numbers of the batches that may be in the picture, from near to far.
   * @param {Projection} projection
   */
  nearFirst({ seen, view, g }) {
    const [right, top] = [1.01 / view[0], 1.01 / view[1]];
    const kept = [];
    for (let b = 0; b < this.count; b += 1) {
      const [u, v, w] = seen(this.balls.subarray(4 * b, 4 * b + 3));
      const radius = this.balls[4 * b + 3];
      this.near[b] = w;
      /** @param {number} c @param {number} side */
      const outside = (c, side) => Math.abs(c) - side * (1 - g * w) > radius * Math.hypot(1, side * g);
      if (!outside(u, right) && !outside(v, top)) kept.push(b);
    }
    return Uint32Array.from(kept.sort((a, b) => this.near[b] - this.near[a]));
  }
}
