// The page around one viewer: what is shown, in which colours, and the numbers of a particle.

import { element, make, swatch, table } from "../elements.js";
import { ParticleReader } from "../scene/particle_reader.js";
import { countText, spanText } from "../text.js";
import { Histogram } from "./histogram.js";

/** @import { Particles } from "../scene/particles.js" */
/** @import { Range, Viewer } from "../scene/viewer.js" */

/** @param {string} id */
const input = (id) => element(id, HTMLInputElement);
/** @param {string} id */
const select = (id) => element(id, HTMLSelectElement);

export class ViewerPage {
  counting = false;

  /**
   * @param {Particles} particles
   * @param {Viewer} viewer
   */
  constructor(particles, viewer) {
    this.particles = particles;
    this.viewer = viewer;
    this.histogram = new Histogram(element("histogram", HTMLCanvasElement), viewer);
    const places = { tooltip: element("tooltip"), pinned: element("pinned"), particle: input("particle") };
    this.reader = new ParticleReader(viewer, places, (i) => this.numbers(i));
    this.header();
    this.controls();
    this.columnChanged();
  }

  header() {
    const { particles } = this;
    element("title").textContent = particles.title;
    const parts = [`${countText(particles.n)} particle${particles.n === 1 ? "" : "s"}`];
    if (particles.source && particles.source !== particles.title) parts.push(particles.source);
    element("summary").textContent = parts.join(" · ");
    const { categories } = particles.species;
    const counts = particles.speciesCounts();
    element("species").hidden = categories.length < 2;
    categories.forEach((name, code) => {
      const box = make("input", [], { type: "checkbox", checked: true });
      box.addEventListener("change", () => {
        this.viewer.setSpeciesVisible(code, box.checked);
        this.shownText();
      });
      const content = [box, swatch(particles.categoryColor(code)), ` ${name} (${countText(counts[code])})`];
      element("species").append(make("label", content, { className: "check" }));
    });
  }

  controls() {
    const { viewer, particles } = this;
    for (const { name } of particles.columns) select("column").append(make("option", name, { value: name }));
    select("column").addEventListener("change", () => {
      viewer.setColumn(select("column").value);
      this.columnChanged();
    });
    for (const id of ["palette", "limits"]) {
      select(id).addEventListener("change", () => {
        viewer.setColors(select("palette").value, /** @type {Range} */ (select("limits").value));
        this.placeThumbs();
        this.histogram.draw();
      });
    }
    input("low").addEventListener("input", () => this.rangeChanged(input("low")));
    input("high").addEventListener("input", () => this.rangeChanged(input("high")));
    input("cut").addEventListener("input", () => viewer.setCut(Number(input("cut").value)));
    input("edges").addEventListener("change", () => viewer.setEdges(input("edges").checked));
    element("reset").addEventListener("click", () => viewer.camera.reset());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.reader.pin(-1); });
    viewer.camera.addEventListener("change", () => { element("help").hidden = true; }, { once: true });
  }

  /** @param {number} i */
  numbers(i) {
    const rows = this.particles.describe(i);
    const node = table(`Particle ${i}`, rows);
    rows.forEach(([label], k) => {
      node.rows[k].className = label === this.viewer.state.column.name ? "colored" : "";
    });
    return node;
  }

  columnChanged() {
    const { particles, viewer: { state: { column } } } = this;
    const numeric = column.kind === "number";
    const categories = numeric ? [] : column.categories;
    select("column").value = column.name;
    element("numeric").hidden = !numeric;
    this.placeThumbs();
    const [min, max] = numeric ? [column.min ?? 0, column.max ?? 0] : [0, 0];
    for (const id of ["low", "high"]) input(id).disabled = !(max > min);
    const bySpecies = column === particles.species && categories.length > 1;
    element("legend").hidden = numeric || bySpecies;
    for (const sample of element("species").getElementsByTagName("span")) sample.hidden = !bySpecies;
    element("legend").replaceChildren(...categories.map((name, code) =>
      make("li", [swatch(particles.categoryColor(code)), name === "" ? "–" : name])));
    this.reader.refresh();
    this.histogram.draw();
    this.shownText();
  }

  placeThumbs() {
    const { low, high } = this.viewer.state;
    const [from, to] = this.histogram.axis;
    input("low").value = String(low === null ? 0 : 1000 * (low - from) / (to - from));
    input("high").value = String(high === null ? 1000 : 1000 * (high - from) / (to - from));
  }

  /** @param {HTMLInputElement} moved */
  rangeChanged(moved) {
    const [low, high] = [input("low"), input("high")];
    if (Number(low.value) > Number(high.value)) {
      if (moved === low) low.value = high.value;
      else high.value = low.value;
    }
    low.style.zIndex = Number(low.value) > 500 ? "1" : "0"; // the thumb that can still move lies on top
    const [from, to] = this.histogram.axis;
    /** @param {HTMLInputElement} thumb */
    const at = (thumb) => from + (to - from) * Number(thumb.value) / 1000;
    this.viewer.setShown(low.value === "0" ? null : at(low), high.value === "1000" ? null : at(high));
    this.histogram.draw();
    if (!this.counting) requestAnimationFrame(() => this.shownText());
    this.counting = true;
  }

  shownText() {
    this.counting = false;
    const { column, low, high, speciesVisible } = this.viewer.state;
    const [min, max] = column.kind === "number" ? [column.min ?? 0, column.max ?? 0] : [0, 0];
    const kept = this.particles.count(column, low, high, speciesVisible);
    /** @param {number} value */
    const text = (value) => spanText(value, max - min);
    const bounds = low === null && high === null ? "All values shown"
      : `Shown: ${text(low ?? min)} to ${text(high ?? max)}`;
    element("shown").textContent = `${bounds} · ${countText(kept)} of ${countText(this.particles.n)}`;
  }
}
