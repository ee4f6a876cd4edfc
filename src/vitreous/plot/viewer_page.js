// The page around one viewer: what is shown, in which colours, and the numbers of a particle.

const element = (id) => document.getElementById(id);

function make(tag, text = "", attributes = {}) {
  const node = Object.assign(document.createElement(tag), attributes);
  if (text !== "") node.textContent = text;
  return node;
}

const countText = (n) => n.toLocaleString("en-US");

/** A number with as many decimals as matter on an axis of that span. */
function spanText(value, span) {
  if (!(span >= 1e-4 && span < 1e5) || Math.abs(value) > 1e6 * span) return numberText(value, 3);
  const text = value.toFixed(Math.max(0, 1 - Math.floor(Math.log10(span / 5))));
  return Number(text) === 0 ? "0" : text.replace("-", "−");
}

class Page {
  constructor(particles, viewer) {
    Object.assign(this, { particles, viewer });
    this.bins = new Map();
    this.header();
    this.controls();
    this.controlsOf3d();
    new ResizeObserver(() => this.histogram()).observe(element("histogram"));
    this.columnChanged();
  }

  header() {
    const { particles } = this;
    element("title").textContent = particles.title;
    const parts = [`${countText(particles.n)} particle${particles.n === 1 ? "" : "s"}`];
    if (particles.source && particles.source !== particles.title) parts.push(particles.source);
    element("summary").textContent = parts.join(" · ");
    const { categories, values } = particles.species;
    const counts = new Array(categories.length).fill(0);
    for (const code of values) counts[code] += 1;
    element("species").hidden = categories.length < 2;
    categories.forEach((name, code) => {
      const label = make("label", "", { className: "check" });
      const box = make("input", "", { type: "checkbox", checked: true });
      box.addEventListener("change", () => {
        this.viewer.setSpeciesVisible(code, box.checked);
        this.shownText();
      });
      label.append(box, this.swatch(code), ` ${name} (${countText(counts[code])})`);
      element("species").append(label);
    });
  }

  controls() {
    const { viewer, particles } = this;
    for (const { name } of particles.columns) element("column").append(make("option", name, { value: name }));
    element("column").addEventListener("change", (event) => {
      viewer.setColumn(event.target.value);
      this.columnChanged();
    });
    for (const id of ["palette", "limits"]) {
      element(id).addEventListener("change", () => {
        viewer.setColors(element("palette").value, element("limits").value);
        this.placeThumbs();
        this.histogram();
      });
    }
    for (const id of ["low", "high"]) element(id).addEventListener("input", () => this.rangeChanged(id));
    element("cut").addEventListener("input", (event) => viewer.setCut(Number(event.target.value)));
    element("edges").addEventListener("change", (event) => viewer.setEdges(event.target.checked));
    element("reset").addEventListener("click", () => viewer.camera.reset());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.reader.pin(-1); });
  }

  controlsOf3d() {
    const { viewer } = this;
    const places = { tooltip: element("tooltip"), pinned: element("pinned"), particle: element("particle") };
    this.reader = new ParticleReader(viewer, places, (i) => this.numbers(i));
    viewer.camera.addEventListener("change", () => { element("help").hidden = true; }, { once: true });
  }

  numbers(i) {
    const table = make("table");
    table.append(make("caption", `Particle ${i}`));
    for (const [label, text] of this.particles.describe(i)) {
      const row = make("tr", "", { className: label === this.viewer.state.column.name ? "colored" : "" });
      row.append(make("th", label, { scope: "row" }), make("td", text));
      table.append(row);
    }
    return table;
  }

  swatch(code) {
    const at = 3 * (code & 255);
    const swatch = make("span", "", { className: "swatch" });
    swatch.style.background = `rgb(${this.particles.palettes.categories.subarray(at, at + 3).join(" ")})`;
    return swatch;
  }

  columnChanged() {
    const { column } = this.viewer.state;
    const numeric = column.kind === "number";
    element("column").value = column.name;
    element("numeric").hidden = !numeric;
    this.placeThumbs();
    for (const id of ["low", "high"]) element(id).disabled = !(column.max > column.min);
    const bySpecies = column === this.particles.species && column.categories.length > 1;
    element("legend").hidden = numeric || bySpecies;
    for (const swatch of element("species").querySelectorAll(".swatch")) swatch.hidden = !bySpecies;
    element("legend").replaceChildren(...(numeric ? [] : column.categories.map((name, code) => {
      const item = make("li");
      item.append(this.swatch(code), name === "" ? "–" : name);
      return item;
    })));
    this.reader.refresh();
    this.histogram();
    this.shownText();
  }

  /** Ends of the histogram: all values and both ends of the colours. */
  axis() {
    const { column } = this.viewer.state;
    const [low, high] = this.viewer.limits;
    return [Math.min(column.min, low), Math.max(column.max, high)];
  }

  placeThumbs() {
    const { low, high } = this.viewer.state;
    const [from, to] = this.axis();
    element("low").value = low === null ? 0 : 1000 * (low - from) / (to - from);
    element("high").value = high === null ? 1000 : 1000 * (high - from) / (to - from);
  }

  rangeChanged(moved) {
    const [low, high] = [element("low"), element("high")];
    if (Number(low.value) > Number(high.value)) {
      if (moved === "low") low.value = high.value;
      else high.value = low.value;
    }
    low.style.zIndex = Number(low.value) > 500 ? 1 : 0; // the thumb that can still move lies on top
    const [from, to] = this.axis();
    const at = (share) => from + (to - from) * share;
    this.viewer.setShown(
      low.value === "0" ? null : at(Number(low.value) / 1000),
      high.value === "1000" ? null : at(Number(high.value) / 1000));
    this.histogram();
    this.counting ??= requestAnimationFrame(() => { this.counting = null; this.shownText(); });
  }

  shownText() {
    const { column, low, high, speciesVisible } = this.viewer.state;
    const kept = this.particles.count(column, low, high, speciesVisible);
    const text = (value) => spanText(value, column.max - column.min);
    const bounds = low === null && high === null ? "All values shown"
      : `Shown: ${text(low ?? column.min)} to ${text(high ?? column.max)}`;
    element("shown").textContent = `${bounds} · ${countText(kept)} of ${countText(this.particles.n)}`;
  }

  /** How many particles have each value, above the colour that they get. */
  histogram() {
    const { viewer } = this;
    const { column, palette, low, high } = viewer.state;
    const canvas = element("histogram");
    if (column.kind !== "number" || canvas.clientWidth === 0) return;
    const dot = Math.min(window.devicePixelRatio || 1, 3);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    Object.assign(canvas, { width: width * dot, height: height * dot });
    const pen = canvas.getContext("2d");
    pen.scale(dot, dot);
    const counts = this.countsOf(column);
    const most = Math.max(1, ...counts);
    const [left, right, floor, bar] = [2, width - 2, 62, 12];
    const [from, to] = this.axis();
    const xOf = (value) => left + (right - left) * (to > from ? (value - from) / (to - from) : 0.5);
    const table = this.particles.palettes[palette];
    const [white, dark] = viewer.limits;
    const colorAt = (value) => {
      if (white === null) return `rgb(${this.particles.noValue.join(" ")})`;
      const share = white < dark ? (value - white) / (dark - white) : 0.5;
      const k = 3 * Math.max(0, Math.min(255, Math.floor(share * 256)));
      return `rgb(${table[k]} ${table[k + 1]} ${table[k + 2]})`;
    };
    const wide = (xOf(column.max) - xOf(column.min)) / counts.length || 3;
    counts.forEach((count, k) => {
      if (count === 0) return;
      const value = column.min + (k + 0.5) / counts.length * (column.max - column.min);
      pen.globalAlpha = (low !== null && value < low) || (high !== null && value > high) ? 0.18 : 1;
      const tall = Math.max(1.5, Math.sqrt(count / most) * (floor - 6));
      const x = column.max > column.min ? xOf(column.min) + k * wide : xOf(column.min) - wide / 2;
      pen.fillStyle = colorAt(value);
      pen.fillRect(x, floor - tall, wide, tall);
      pen.fillStyle = "#8a9199";
      pen.fillRect(x, floor - tall, wide, 1);
    });
    pen.globalAlpha = 1;
    for (let x = left; x < right; x += 1) {
      pen.fillStyle = colorAt(from + (to - from) * (x + 0.5 - left) / (right - left));
      pen.fillRect(x, floor + 2, 1.05, bar);
    }
    pen.strokeStyle = "#8a9199";
    pen.lineWidth = 1;
    pen.strokeRect(left - 0.5, floor + 1.5, right - left + 1, bar + 1);
    this.ticks(pen, width, floor + bar + 3, xOf);
  }

  ticks(pen, width, top, xOf) {
    const { viewer } = this;
    const { range } = viewer.state;
    const [low, high] = viewer.limits;
    const font = getComputedStyle(document.body).fontFamily;
    pen.font = `11.5px ${font}`;
    pen.textBaseline = "top";
    if (low === null) {
      pen.fillStyle = "#5b636d";
      pen.fillText("no values", 2, top + 5);
      return;
    }
    const marks = range === "sigma" && low < high
      ? [[low, "−2 s.d."], [(low + high) / 2, "mean"], [high, "+2 s.d."]]
      : low < high ? [[low, "min"], [high, "max"]] : [[low, "all"]];
    let free = -Infinity; // labels that would touch their left neighbour are moved
    for (const [value, meaning] of marks) {
      const x = xOf(value);
      const text = spanText(value, high - low);
      const wide = Math.max(pen.measureText(text).width, pen.measureText(meaning).width);
      const at = Math.max(free, Math.min(width - wide, Math.max(0, x - wide / 2)));
      pen.fillStyle = "#5b636d";
      pen.fillRect(Math.round(x) - 0.5, top - 1, 1, 4);
      pen.fillText(meaning, at, top + 17);
      pen.fillStyle = "#1d2126";
      pen.fillText(text, at, top + 4);
      free = at + wide + 6;
    }
  }

  countsOf(column) {
    if (!this.bins.has(column.name)) {
      const counts = new Array(64).fill(0);
      for (const value of column.values) {
        if (Number.isFinite(value)) counts[Math.min(63, Math.floor(this.viewer.share(value) * 64))] += 1;
      }
      this.bins.set(column.name, counts);
    }
    return this.bins.get(column.name);
  }
}

function open() {
  const status = (text) => { document.documentElement.dataset.vitreous = text; };
  try {
    const particles = new Particles(JSON.parse(element("particles").textContent));
    const viewer = new Viewer(element("scene"), particles);
    const page = new Page(particles, viewer);
    window.vitreous = { particles, viewer, camera: viewer.camera, page };
    status("ready");
  } catch (error) {
    const missing = !document.createElement("canvas").getContext("webgl2");
    const message = element("message");
    message.hidden = false;
    document.body.classList.add("failed");
    message.textContent = missing
      ? "This page draws with WebGL2, which this browser does not offer.\nOpen it in a current Firefox, "
        + "Chrome, Edge or Safari, or turn on hardware acceleration in the settings."
      : `The particles cannot be shown: ${error.message}`;
    status(missing ? "no-webgl2" : "error");
  }
}

open();
