// A small plot: axes, bands, lines, points, a marker that moves, and a ruler that reads values off.

import { make, subscripts, table } from "../elements.js";
import { placeOn, ticksOf } from "./axis.js";
import { draw } from "./svg.js";

/** @import { Axis } from "./axis.js" */
/** @import { Attributes } from "./svg.js" */

/**
 * @typedef {ArrayLike<number | null>} Series null where a value is missing
 * @typedef {{caption: string, rows: string[][]}} Reading what is told of a place on the x axis, as labels and texts
 */

const MARGIN = { left: 44, right: 12, top: 10, bottom: 38 };

/**
 * Numbers of points, in runs without a gap where a value is missing.
 * @param {...Series} series
 */
function runs(...series) {
  /** @type {number[][]} */
  const found = [];
  let open = false;
  for (let k = 0; k < series[0].length; k += 1) {
    const whole = series.every((values) => values[k] !== null && Number.isFinite(values[k]));
    if (whole && !open) found.push([]);
    if (whole) found[found.length - 1].push(k);
    open = whole;
  }
  return found;
}

export class Plot {
  static rendered = 0; // areas that were named so far; names are those of the whole page
  width = 0;
  floor = 0; // y of the x axis
  /** @type {((area: SVGElement) => void)[]} */
  layers = [];
  /** @type {number | null} */
  marked = null;
  /** @type {SVGElement | null} */
  area = null;
  /** @type {SVGElement | null} */
  marker = null;
  /** @type {SVGElement | null} */
  ruler = null;
  /** @type {number[]} */
  stops = [];
  chosen = -1;
  /** @type {(k: number) => Reading} */
  reading = () => ({ caption: "", rows: [] });
  /** @type {(k: number) => void} */
  picked = () => {};

  /**
   * @param {HTMLElement} host takes the plot, and gives it its size
   * @param {string} label for those who do not see it
   * @param {{x: Axis, y: Axis}} axes
   */
  constructor(host, label, { x, y }) {
    this.host = host;
    this.x = x;
    this.y = y;
    host.replaceChildren();
    this.root = draw(host, "svg", { role: "img", "aria-label": label, tabindex: 0 });
    this.tip = host.appendChild(make("div", [], { className: "tooltip", hidden: true }));
    this.root.addEventListener("pointermove", (event) => this.choose(this.stopAt(event)));
    this.root.addEventListener("pointerleave", () => this.choose(-1));
    this.root.addEventListener("blur", () => this.choose(-1));
    this.root.addEventListener("click", (event) => this.pick(this.stopAt(event)));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.watcher = new ResizeObserver(() => this.render());
    this.watcher.observe(host);
  }

  remove() {
    this.watcher.disconnect();
    this.host.replaceChildren();
  }

  /**
   * Something to draw, inside the axes.
   * @param {(area: SVGElement) => void} layer
   */
  add(layer) {
    this.layers.push(layer);
    return this;
  }

  /**
   * Read values off at places on the x axis.
   * @param {number[]} stops
   * @param {(k: number) => Reading} reading
   */
  readable(stops, reading) {
    this.stops = stops;
    this.reading = reading;
    return this;
  }

  /**
   * @param {number[]} xs
   * @param {Series} lows
   * @param {Series} highs
   * @param {string} color
   * @param {number} opacity
   */
  band(xs, lows, highs, color, opacity) {
    return this.add((area) => {
      for (const run of runs(xs, lows, highs)) {
        const there = run.map((k) => this.point(xs[k], highs[k] ?? NaN));
        const back = run.map((k) => this.point(xs[k], lows[k] ?? NaN)).reverse();
        draw(area, "polygon", { points: [...there, ...back].join(" "), fill: color, "fill-opacity": opacity });
      }
    });
  }

  /**
   * @param {number[]} xs
   * @param {Series} ys
   * @param {string} color
   * @param {Attributes} [style]
   */
  line(xs, ys, color, style = {}) {
    return this.add((area) => {
      for (const run of runs(xs, ys)) {
        draw(area, "polyline", {
          points: run.map((k) => this.point(xs[k], ys[k] ?? NaN)).join(" "), fill: "none", stroke: color,
          "stroke-width": 1.6, "stroke-linejoin": "round", ...style,
        });
      }
    });
  }

  /**
   * @param {number[]} xs
   * @param {Series} ys
   * @param {string} color
   * @param {number} [radius]
   */
  dots(xs, ys, color, radius = 3.2) {
    return this.add((area) => {
      for (const k of runs(xs, ys).flat()) {
        const [cx, cy] = this.point(xs[k], ys[k] ?? NaN);
        draw(area, "circle", { cx, cy, r: radius, fill: color, stroke: "#fff", "stroke-width": 0.8 });
      }
    });
  }

  /**
   * A dashed line at x, with a name.
   * @param {number} x
   * @param {string} text
   * @param {string} color
   */
  upright(x, text, color) {
    return this.add((area) => {
      const [at] = this.point(x, this.y.low);
      if (!(at >= MARGIN.left && at <= this.width - MARGIN.right)) return;
      this.vertical(area, at, { stroke: color, "stroke-dasharray": "5 3" });
      const late = at > this.width / 2;
      const anchor = late ? { x: at - 4, "text-anchor": "end" } : { x: at + 4, "text-anchor": "start" };
      draw(this.root, "text", { ...anchor, y: MARGIN.top + 11, fill: color }, text);
    });
  }

  /**
   * @param {SVGElement} area
   * @param {number} at
   * @param {Attributes} style
   */
  vertical(area, at, style) {
    return draw(area, "line", { ...style, x1: at, x2: at, y1: MARGIN.top, y2: this.floor });
  }

  /**
   * Put the marker at x, or nowhere.
   * @param {number | null} x
   */
  mark(x) {
    this.marked = x;
    this.marker?.remove();
    this.marker = null;
    if (x === null || !this.area) return;
    this.marker = this.vertical(this.area, this.point(x, this.y.low)[0], { class: "marker" });
  }

  /**
   * Where values are in the drawing.
   * @param {number} x
   * @param {number} y
   */
  point(x, y) {
    /** @param {number} value */
    const round = (value) => Math.round(100 * value) / 100;
    return [
      round(MARGIN.left + (this.width - MARGIN.left - MARGIN.right) * placeOn(this.x, x)),
      round(this.floor - (this.floor - MARGIN.top) * placeOn(this.y, y)),
    ];
  }

  render() {
    const { host, root } = this;
    const { clientWidth: width, clientHeight: height } = host;
    if (width === 0 || height === 0) return;
    this.width = width;
    this.floor = height - MARGIN.bottom;
    root.replaceChildren();
    root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.axes();
    Plot.rendered += 1;
    const id = `inside-${Plot.rendered}`;
    draw(draw(draw(root, "defs"), "clipPath", { id }), "rect", this.inner);
    this.area = draw(root, "g", { "clip-path": `url(#${id})` });
    for (const layer of this.layers) layer(this.area);
    this.mark(this.marked);
    this.choose(this.chosen);
  }

  /** What the axes enclose. */
  get inner() {
    const { left, right, top } = MARGIN;
    return { x: left, y: top, width: this.width - left - right, height: this.floor - top };
  }

  axes() {
    const { root, width, floor, x, y } = this;
    const right = width - MARGIN.right;
    const wide = (right - MARGIN.left) / 60;
    for (const [value, text] of ticksOf(x, wide)) {
      const [at] = this.point(value, y.low);
      draw(root, "line", { class: "tick", x1: at, x2: at, y1: floor, y2: floor - (text ? 6 : 3) });
      if (text) draw(root, "text", { x: at, y: floor + 14, "text-anchor": "middle" }, text);
    }
    for (const [value, text] of ticksOf(y, (floor - MARGIN.top) / 36)) {
      const [, at] = this.point(x.low, value);
      draw(root, "line", { class: "tick", x1: MARGIN.left, x2: MARGIN.left + 6, y1: at, y2: at });
      draw(root, "text", { x: MARGIN.left - 5, y: at + 4, "text-anchor": "end" }, text);
    }
    if (y.low < 0 && y.high > 0) {
      const [, at] = this.point(x.low, 0);
      draw(root, "line", { class: "zero", x1: MARGIN.left, x2: right, y1: at, y2: at });
    }
    draw(root, "rect", { class: "frame", ...this.inner });
    draw(root, "text", { x: (MARGIN.left + right) / 2, y: floor + 31, "text-anchor": "middle" }, x.label);
    const middle = (MARGIN.top + floor) / 2;
    draw(root, "text", { x: 11, y: middle, "text-anchor": "middle", transform: `rotate(-90 11 ${middle})` }, y.label);
  }

  /**
   * Number of the stop nearest to the pointer.
   * @param {MouseEvent} event
   */
  stopAt(event) {
    const x = event.clientX - this.root.getBoundingClientRect().left;
    const away = this.stops.map((stop) => Math.abs(this.point(stop, this.y.low)[0] - x));
    return away.indexOf(Math.min(...away));
  }

  /**
   * Show the ruler and the values at the k-th stop; -1 for none.
   * @param {number} k
   */
  choose(k) {
    this.chosen = k;
    this.ruler?.remove();
    this.ruler = null;
    this.tip.hidden = k < 0;
    if (k < 0 || !this.area) return;
    const [at] = this.point(this.stops[k], this.y.low);
    this.ruler = this.vertical(this.area, at, { class: "ruler" });
    const { caption, rows } = this.reading(k);
    this.tip.replaceChildren(table(caption, rows, subscripts));
    const left = at > this.width / 2 ? at - 12 - this.tip.offsetWidth : at + 12;
    this.tip.style.transform = `translate(${Math.max(0, left)}px, ${MARGIN.top + 6}px)`;
  }

  /** @param {number} k */
  pick(k) {
    if (k >= 0) this.picked(k);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.stops.length - 1;
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight") this.choose(Math.min(last, this.chosen + 1));
    else if (event.key === "ArrowLeft") this.choose(this.chosen < 0 ? last : Math.max(0, this.chosen - 1));
    else if (event.key === "Escape") this.choose(-1);
    else if (event.key === "Enter" && this.chosen >= 0) this.pick(this.chosen);
    else return;
    event.preventDefault();
  }
}
