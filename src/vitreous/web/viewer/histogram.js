// How many particles have each value, above the colour that they get.

import { FRAME, INK, QUIET } from "../colors.js";
import { shareOf } from "../scene/columns.js";
import { spanText } from "../text.js";

/** @import { NumberColumn } from "../scene/columns.js" */
/** @import { Viewer } from "../scene/viewer.js" */

const BINS = 64;
const FLOOR = 62; // CSS pixels from the top to the foot of the columns
const BAR = 12; // thickness of the colour bar below

export class Histogram {
  /** @type {Map<string, number[]>} */
  bins = new Map();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Viewer} viewer
   */
  constructor(canvas, viewer) {
    this.canvas = canvas;
    this.viewer = viewer;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** Ends of the axis: all values and both ends of the colours. */
  get axis() {
    const { state: { column }, limits: [low, high] } = this.viewer;
    const [min, max] = column.kind === "number" ? [column.min, column.max] : [0, 0];
    return [Math.min(min ?? 0, low ?? 0), Math.max(max ?? 0, high ?? 0)];
  }

  draw() {
    const { canvas, viewer: { state: { column } } } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    const pen = canvas.getContext("2d");
    if (column.kind !== "number" || width === 0 || !pen) return;
    const dot = Math.min(window.devicePixelRatio || 1, 3);
    Object.assign(canvas, { width: width * dot, height: height * dot });
    pen.scale(dot, dot);
    const [left, right] = [2, width - 2];
    const [from, to] = this.axis;
    /** @param {number} value */
    const xOf = (value) => left + (right - left) * (to > from ? (value - from) / (to - from) : 0.5);
    this.columns(pen, column, xOf);
    for (let x = left; x < right; x += 1) {
      pen.fillStyle = this.colorAt(from + (to - from) * (x + 0.5 - left) / (right - left));
      pen.fillRect(x, FLOOR + 2, 1.05, BAR);
    }
    pen.strokeStyle = FRAME;
    pen.lineWidth = 1;
    pen.strokeRect(left - 0.5, FLOOR + 1.5, right - left + 1, BAR + 1);
    this.ticks(pen, width, FLOOR + BAR + 3, xOf);
  }

  /**
   * Colour of a value.
   * @param {number} value
   */
  colorAt(value) {
    const { particles, limits: [white, dark], state: { palette } } = this.viewer;
    if (white === null || dark === null) return `rgb(${particles.noValue.join(" ")})`;
    const share = white < dark ? (value - white) / (dark - white) : 0.5;
    const k = 3 * Math.max(0, Math.min(255, Math.floor(share * 256)));
    return `rgb(${particles.palettes[palette].subarray(k, k + 3).join(" ")})`;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {NumberColumn} column
   * @param {(value: number) => number} xOf
   */
  columns(pen, column, xOf) {
    const { low, high } = this.viewer.state;
    const [min, max] = [column.min ?? 0, column.max ?? 0];
    const counts = this.countsOf(column);
    const most = Math.max(1, ...counts);
    const wide = (xOf(max) - xOf(min)) / counts.length || 3;
    counts.forEach((count, k) => {
      if (count === 0) return;
      const value = min + (k + 0.5) / counts.length * (max - min);
      pen.globalAlpha = (low !== null && value < low) || (high !== null && value > high) ? 0.18 : 1;
      const tall = Math.max(1.5, Math.sqrt(count / most) * (FLOOR - 6));
      const x = max > min ? xOf(min) + k * wide : xOf(min) - wide / 2;
      pen.fillStyle = this.colorAt(value);
      pen.fillRect(x, FLOOR - tall, wide, tall);
      pen.fillStyle = FRAME;
      pen.fillRect(x, FLOOR - tall, wide, 1);
    });
    pen.globalAlpha = 1;
  }

  /**
   * Where the ends of the colours and their middle are.
   * @param {CanvasRenderingContext2D} pen
   * @param {number} width
   * @param {number} top
   * @param {(value: number) => number} xOf
   */
  ticks(pen, width, top, xOf) {
    const { state: { range }, limits: [low, high] } = this.viewer;
    pen.font = `11.5px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "top";
    if (low === null || high === null) {
      pen.fillStyle = QUIET;
      pen.fillText("no values", 2, top + 5);
      return;
    }
    /** @type {[number, string][]} */
    const marks = range === "sigma" && low < high
      ? [[low, "−2 s.d."], [(low + high) / 2, "mean"], [high, "+2 s.d."]]
      : low < high ? [[low, "min"], [high, "max"]] : [[low, "all"]];
    let free = -Infinity; // labels that would touch their left neighbour are moved
    for (const [value, meaning] of marks) {
      const x = xOf(value);
      const text = spanText(value, high - low);
      const wide = Math.max(pen.measureText(text).width, pen.measureText(meaning).width);
      const at = Math.max(free, Math.min(width - wide, Math.max(0, x - wide / 2)));
      pen.fillStyle = QUIET;
      pen.fillRect(Math.round(x) - 0.5, top - 1, 1, 4);
      pen.fillText(meaning, at, top + 17);
      pen.fillStyle = INK;
      pen.fillText(text, at, top + 4);
      free = at + wide + 6;
    }
  }

  /** @param {NumberColumn} column */
  countsOf(column) {
    const known = this.bins.get(column.name);
    if (known) return known;
    const counts = new Array(BINS).fill(0);
    for (const value of column.values) {
      if (Number.isFinite(value)) counts[Math.min(BINS - 1, Math.floor(shareOf(column, value) * BINS))] += 1;
    }
    this.bins.set(column.name, counts);
    return counts;
  }
}
