// From the scene to the picture on the canvas.

/** @import { Camera } from "./camera.js" */

const FILL = 1.08; // share of the canvas's shorter half that a scene radius takes at zoom 1

/**
 * CSS pixels in one scene radius at the present zoom.
 * @param {Camera} camera
 * @param {{clientWidth: number, clientHeight: number}} canvas
 */
export function radiusPixels(camera, { clientWidth, clientHeight }) {
  return 0.5 * FILL * Math.min(clientWidth, clientHeight) * camera.zoom;
}

/**
 * @typedef {object} Projection numbers that the programs of the graphics processor share
 * @property {number[]} axes to the right, up and to the eye; row-major 3 x 3
 * @property {number[]} target of the camera
 * @property {number} g one over the distance of the eye; 0 is parallel projection
 * @property {number[]} view from the plane through the target to clip coordinates (x, y), g, half depth of the scene
 * @property {(offset: ArrayLike<number>) => number[]} seen position in the camera's axes of one in the scene
 */

/**
 * @param {Camera} camera
 * @param {number} radius of the scene
 * @param {{clientWidth: number, clientHeight: number}} canvas
 * @returns {Projection}
 */
export function projection(camera, radius, canvas) {
  const { axes, distance } = camera;
  const scale = 2 * radiusPixels(camera, canvas) / radius;
  const g = distance === null ? 0 : 1 / (distance * radius);
  const target = camera.target.map((x) => x * radius);
  return {
    axes, target, g,
    view: [scale / canvas.clientWidth, scale / canvas.clientHeight, g, 2.2 * radius],
    seen: (offset) => {
      const [x, y, z] = [offset[0] - target[0], offset[1] - target[1], offset[2] - target[2]];
      return [0, 3, 6].map((row) => axes[row] * x + axes[row + 1] * y + axes[row + 2] * z);
    },
  };
}
