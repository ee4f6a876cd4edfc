// A small plot: axes, bands, lines, points, a marker that moves, and a ruler that reads values off.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 44, right: 12, top: 10, bottom: 38 };

function draw(parent, tag, attributes = {}, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  // A subscript is a shifted tspan; the next part goes back up.
  text.split(/(?<=[A-Za-zα-ω]\u0304?)_([A-Za-z]+|α)/).forEach((part, k) => {
    if (part === "") return;
    if (text === part) { node.textContent = part; return; }
    draw(node, "tspan", k % 2 ? { dy: "0.25em", "font-size": "75%" } : k > 0 ? { dy: "-0.19em" } : {}, part);
  });
  parent.append(node);
  return node;
}

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const powerText = (exponent) => (exponent >= -1 && exponent <= 2 ? String(Number(`1e${exponent}`))
  : `10${[...String(exponent)].map((sign) => SUPERSCRIPTS[sign]).join("")}`);

/** Places of ticks: [value, text], empty text for small ones. */
function logTicks(low, high, most) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.ceil((last - first) / most);
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += 1) {
    for (let digit = 1; digit < 10; digit += 1) {
      const value = digit * 10 ** exponent;
      const named = digit === 1 && exponent % every === 0;
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push([value, named ? powerText(exponent) : ""]);
    }
  }
  return ticks;
}

function linearTicks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) {
    ticks.push([k * step, (k * step).toFixed(decimals).replace("-", "−")]);
  }
  return ticks;
}

class Plot {
  /**
   * @param {HTMLElement} host takes the plot, and gives it its size
   * @param {string} label for those who do not see it
   * @param {{x: Axis, y: Axis}} axes each with label, low, high, and log or backwards where it is so
   */
  constructor(host, label, { x, y }) {
    Object.assign(this, { host, label, x, y, layers: [], marked: null, stops: [], chosen: -1 });
    host.replaceChildren();
    this.root = draw(host, "svg", { role: "img", "aria-label": label, tabindex: 0 });
    this.tip = host.appendChild(make("div", "", { className: "tooltip", hidden: true }));
    this.root.addEventListener("pointermove", (event) => this.choose(this.stopAt(event)));
    this.root.addEventListener("pointerleave", () => this.choose(-1));
    this.root.addEventListener("blur", () => this.choose(-1));
    this.root.addEventListener("click", (event) => { this.picked?.(this.stopAt(event)); });
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.watcher = new ResizeObserver(() => this.render());
    this.watcher.observe(host);
  }

  remove() {
    this.watcher.disconnect();
    this.host.replaceChildren();
  }

  /** Something to draw: called with the plot after the axes are there. */
  add(layer) {
    this.layers.push(layer);
    return this;
  }

  /** Places on the x axis at which values are read off, and what is told there, as [label, text] rows. */
  readable(stops, told) {
    Object.assign(this, { stops, told });
    return this;
  }

  band(xs, lows, highs, color, opacity) {
    return this.add(() => {
      for (const run of runs(xs, lows, highs)) {
        const there = run.map((k) => this.point(xs[k], highs[k]));
        const back = run.map((k) => this.point(xs[k], lows[k])).reverse();
        draw(this.area, "polygon", { points: [...there, ...back].join(" "), fill: color, "fill-opacity": opacity });
      }
    });
  }

  line(xs, ys, color, style = {}) {
    return this.add(() => {
      for (const run of runs(xs, ys)) {
        draw(this.area, "polyline", {
          points: run.map((k) => this.point(xs[k], ys[k])).join(" "), fill: "none", stroke: color,
          "stroke-width": 1.6, "stroke-linejoin": "round", ...style,
        });
      }
    });
  }

  dots(xs, ys, color, radius = 3.2) {
    return this.add(() => {
      for (const k of runs(xs, ys).flat()) {
        const [cx, cy] = this.point(xs[k], ys[k]);
        draw(this.area, "circle", { cx, cy, r: radius, fill: color, stroke: "#fff", "stroke-width": 0.8 });
      }
    });
  }

  upright(x, text, color) {
    return this.add(() => {
      const [at] = this.point(x, this.y.low);
      if (!(at >= MARGIN.left && at <= this.width - MARGIN.right)) return;
      draw(this.area, "line", { x1: at, x2: at, y1: MARGIN.top, y2: this.floor, stroke: color, "stroke-dasharray": "5 3" });
      const late = at > this.width / 2;
      draw(this.root, "text", { x: at + (late ? -4 : 4), y: MARGIN.top + 11, fill: color, "text-anchor": late ? "end" : "start" }, text);
    });
  }

  /** Put the marker at x, or nowhere. */
  mark(x) {
    this.marked = x;
    this.markerLine?.remove();
    this.markerLine = null;
    if (x === null || !this.area) return;
    const [at] = this.point(x, this.y.low);
    this.markerLine = draw(this.area, "line", {
      class: "marker", x1: at, x2: at, y1: MARGIN.top, y2: this.floor,
    });
  }

  point(x, y) {
    const share = ({ low, high, log, backwards }, value) => {
      const at = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
      return backwards ? 1 - at : at;
    };
    const round = (value) => Math.round(100 * value) / 100;
    return [
      round(MARGIN.left + (this.width - MARGIN.left - MARGIN.right) * share(this.x, x)),
      round(this.floor - (this.floor - MARGIN.top) * share(this.y, y)),
    ];
  }

  render() {
    const [width, height] = [this.host.clientWidth, this.host.clientHeight];
    if (width === 0 || height === 0) return;
    Object.assign(this, { width, height, floor: height - MARGIN.bottom });
    this.root.replaceChildren();
    this.root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.axes();
    const id = `inside-${Plot.count = (Plot.count ?? 0) + 1}`;
    const clip = draw(draw(this.root, "defs"), "clipPath", { id });
    const inner = { x: MARGIN.left, y: MARGIN.top, width: width - MARGIN.left - MARGIN.right, height: this.floor - MARGIN.top };
    draw(clip, "rect", inner);
    this.area = draw(this.root, "g", { "clip-path": `url(#${id})` });
    for (const layer of this.layers) layer();
    this.mark(this.marked);
    this.choose(this.chosen);
  }

  axes() {
    const { root, width, floor, x, y } = this;
    const right = width - MARGIN.right;
    const wide = (right - MARGIN.left) / 60;
    for (const [value, text] of x.log ? logTicks(x.low, x.high, wide) : linearTicks(x.low, x.high, wide)) {
      const [at] = this.point(value, y.low);
      draw(root, "line", { class: "tick", x1: at, x2: at, y1: floor, y2: floor - (text ? 6 : 3) });
      if (text) draw(root, "text", { x: at, y: floor + 14, "text-anchor": "middle" }, text);
    }
    for (const [value, text] of linearTicks(y.low, y.high, (floor - MARGIN.top) / 36)) {
      const [, at] = this.point(x.low, value);
      draw(root, "line", { class: "tick", x1: MARGIN.left, x2: MARGIN.left + 6, y1: at, y2: at });
      draw(root, "text", { x: MARGIN.left - 5, y: at + 4, "text-anchor": "end" }, text);
    }
    if (y.low < 0 && y.high > 0) {
      const [, at] = this.point(x.low, 0);
      draw(root, "line", { class: "zero", x1: MARGIN.left, x2: right, y1: at, y2: at });
    }
    draw(root, "rect", { class: "frame", x: MARGIN.left, y: MARGIN.top, width: right - MARGIN.left, height: floor - MARGIN.top });
    draw(root, "text", { x: (MARGIN.left + right) / 2, y: floor + 31, "text-anchor": "middle" }, x.label);
    const middle = (MARGIN.top + floor) / 2;
    draw(root, "text", { x: 11, y: middle, "text-anchor": "middle", transform: `rotate(-90 11 ${middle})` }, y.label);
  }

  /** Number of the stop nearest to the pointer. */
  stopAt(event) {
    const x = event.clientX - this.root.getBoundingClientRect().left;
    const away = this.stops.map((stop) => Math.abs(this.point(stop, this.y.low)[0] - x));
    return away.indexOf(Math.min(...away));
  }

  /** Show the ruler and the values at the k-th stop; -1 for none. */
  choose(k) {
    this.chosen = k;
    this.ruler?.remove();
    this.ruler = null;
    this.tip.hidden = k < 0;
    if (k < 0 || !this.area) return;
    const [at] = this.point(this.stops[k], this.y.low);
    this.ruler = draw(this.area, "line", { class: "ruler", x1: at, x2: at, y1: MARGIN.top, y2: this.floor });
    const [caption, ...rows] = this.told(k);
    this.tip.replaceChildren(table(caption, rows));
    const left = at > this.width / 2 ? at - 12 - this.tip.offsetWidth : at + 12;
    this.tip.style.transform = `translate(${Math.max(0, left)}px, ${MARGIN.top + 6}px)`;
  }

  key(event) {
    const last = this.stops.length - 1;
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight") this.choose(Math.min(last, this.chosen + 1));
    else if (event.key === "ArrowLeft") this.choose(this.chosen < 0 ? last : Math.max(0, this.chosen - 1));
    else if (event.key === "Escape") this.choose(-1);
    else if (event.key === "Enter" && this.chosen >= 0) this.picked?.(this.chosen);
    else return;
    event.preventDefault();
  }
}

/** Numbers of points, in runs without a gap where a value is missing. */
function runs(...series) {
  const found = [];
  let open = false;
  for (let k = 0; k < series[0].length; k += 1) {
    const whole = series.every((values) => values[k] !== null && Number.isFinite(values[k]));
    if (whole && !open) found.push([]);
    if (whole) found.at(-1).push(k);
    open = whole;
  }
  return found;
}
