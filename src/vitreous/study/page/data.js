// A study as it stands in the page: models with their particles, propensities, clusters and curves.

const NO_NUMBER_CODE = 65535;
const DAY = [226, 229, 232]; // particles that are not members
const NIGHT = [0, 92, 140]; // members

/** Propensity of N particles at T time differences, as 16-bit codes. */
class PropensityTable {
  constructor({ times, runs, ends, codes }, n) {
    Object.assign(this, { times, runs, ends, n });
    this.codes = new Uint16Array(bytesFromBase64(codes).buffer);
  }

  /** Fill a column with the values at the k-th δt. */
  fill(column, k) {
    const [min, max, low, high] = this.ends[k];
    for (let i = 0; i < this.n; i += 1) {
      const code = this.codes[k * this.n + i];
      column.values[i] = code === NO_NUMBER_CODE ? NaN : min + (max - min) * code / (NO_NUMBER_CODE - 1);
    }
    Object.assign(column, { min, max, low, high });
  }
}

/** Which particles are in clusters of which type, one bit each. */
class ClusterTable {
  constructor({ types, members, bits }) {
    Object.assign(this, { types, members });
    this.bits = bytesFromBase64(bits);
    this.stride = types.length ? this.bits.length / types.length : 0; // bytes a type
  }

  has(k, i) {
    return (this.bits[k * this.stride + (i >> 3)] >> (i & 7)) & 1;
  }

  typesOf(i) {
    return this.types.filter((_, k) => this.has(k, i));
  }
}

/** One model: what is known of it, and the columns that colour its particles. */
class System {
  constructor(model) {
    Object.assign(this, model);
    this.curves = model.states[0].curves;
    this.particles = null;
    if (!model.particles) return;
    this.particles = new Particles(JSON.parse(document.getElementById(`particles-${model.name}`).textContent));
    const { n, palettes, columns } = this.particles;
    this.propensity = model.propensity && new PropensityTable(model.propensity, n);
    this.clusters = model.clusters && new ClusterTable(model.clusters);
    const added = (name, Values) => ({ name, kind: "number", low: null, high: null, min: 0, max: 1, values: new Values(n) });
    columns.push(added("propensity", Float32Array), added("cluster", Uint8Array), added("nothing", Float32Array));
    this.particles.column("nothing").values.fill(NaN);
    palettes.members = Uint8Array.from({ length: 768 }, (_, k) => (k < 384 ? DAY : NIGHT)[k % 3]);
  }

  /** Recorded δt, of the propensity or else of the curves; none if there is neither. */
  get times() {
    const times = this.propensity?.times ?? this.curves?.times ?? [];
    return times.every((time) => time > 0) ? times : [];
  }

  /** Shares of τ_α at which the propensity is known. */
  get ratios() {
    return this.tau > 0 ? this.times.map((time) => time / this.tau) : [];
  }

  /** Why particles cannot be coloured so, or null if they can. */
  missing(colour) {
    if (!this.particles) return "the snapshot is not made yet";
    if (colour === "propensity") return this.propensity ? null : "the propensity is not measured yet";
    if (colour === "cluster") return this.clusters ? null : "the clusters are not found yet";
    return this.particles.columns.some(({ name }) => name === colour) ? null : "it is not learned yet";
  }

  /** Name of the column for a colour, filled for that δt and type. */
  column(colour, step, type) {
    if (this.missing(colour)) return "nothing";
    const column = this.particles.column(colour);
    if (colour === "propensity") this.propensity.fill(column, step);
    if (colour === "cluster") {
      const k = this.clusters.types.indexOf(type);
      if (k < 0) column.values.fill(0);
      else for (let i = 0; i < this.particles.n; i += 1) column.values[i] = this.clusters.has(k, i);
    }
    return colour;
  }

  /** Everything known of particle i, as [label, text] pairs; the propensity at the step-th δt. */
  describe(i, step) {
    const { particles, units } = this;
    const [x, y, z] = particles.position(i).map((value) => numberText(value, 4));
    const species = columnText(particles.species, i);
    const rows = [
      ["species", `${species}, diameter ${numberText(particles.diameters[i], 4)} ${units.length}`],
      ["position", `${x}, ${y}, ${z} ${units.length}`],
    ];
    for (const [key, label] of [["p_red", "P_red"], ["p_red_averaged", "P̄_red"]]) {
      if (!this.missing(key)) rows.push([label, numberText(particles.column(key).values[i], 4)]);
    }
    if (this.propensity) {
      const column = { values: new Float32Array(particles.n) };
      this.propensity.fill(column, step);
      const when = `δt = ${numberText(this.propensity.times[step], 3)} ${units.time}`;
      rows.push(["propensity", `${numberText(column.values[i], 4)} ${units.length} at ${when}`]);
    }
    if (this.clusters) rows.push(["in clusters", this.clusters.typesOf(i).join(", ") || "none"]);
    return rows;
  }

  /** The species of a size, 0 the largest: [name, what it is called]. */
  speciesOfSize(rank) {
    return this.species[Math.min(rank, this.species.length - 1)].name;
  }
}

/** All models, and the one scale of δt/τ_α on which they are compared. */
class Study {
  constructor({ plan, models }) {
    this.plan = plan;
    this.systems = models.map((model) => new System(model));
    const spans = this.systems.map(({ ratios }) => ratios).filter((ratios) => ratios.length > 0);
    const low = Math.min(...spans.map((ratios) => ratios[0]));
    const high = Math.max(...spans.map((ratios) => ratios.at(-1)));
    const densest = Math.max(...spans.map((ratios) => (ratios.length - 1) / Math.log(ratios.at(-1) / ratios[0]) || 0));
    const count = spans.length === 0 ? 0 : Math.max(1, Math.round(Math.log(high / low) * densest) + 1);
    /** Steps of the slider, in units of τ_α. */
    this.ratios = Array.from({ length: count }, (_, k) => low * (high / low) ** (count > 1 ? k / (count - 1) : 0));
  }

  /** Types with members in any model, in the order in which they are defined. */
  get clusterTypes() {
    const all = this.systems.flatMap(({ clusters }) => clusters?.types ?? []);
    return [...new Set(all)];
  }

  /** What the largest (0), the second (1), ... species is called in each model. */
  get sizes() {
    const count = Math.max(...this.systems.map(({ species }) => species.length));
    const words = count === 2 ? ["Large", "Small"] : Array.from({ length: count }, (_, k) => `Size ${k + 1}`);
    return words.map((word, rank) => {
      const names = this.systems.map((system) => system.speciesOfSize(rank));
      return `${word} particles (${names.join(", ")})`;
    });
  }
}

/** Number of the value nearest in ratio. */
function nearest(values, wanted) {
  let best = 0;
  values.forEach((value, k) => {
    if (Math.abs(Math.log(value / wanted)) < Math.abs(Math.log(values[best] / wanted))) best = k;
  });
  return best;
}

function make(tag, text = "", attributes = {}) {
  const node = Object.assign(document.createElement(tag), attributes);
  if (text !== "") node.append(...subscripts(text));
  return node;
}

/** Text nodes and sub elements: what stands behind a symbol and an underscore is a subscript (σ_AA, P_red). */
function subscripts(text) {
  return text.split(/(?<=[A-Za-zα-ω]\u0304?)_([A-Za-z]+|α)/).map((part, k) => {
    if (k % 2 === 0) return part;
    const below = document.createElement("sub");
    below.textContent = part;
    return below;
  });
}

const countText = (n) => n.toLocaleString("en-US");

function table(caption, rows) {
  const node = make("table");
  node.append(make("caption", caption));
  for (const [label, text] of rows) {
    const row = make("tr");
    const head = make("th", label);
    head.scope = "row";
    row.append(head, make("td", text));
    node.append(row);
  }
  return node;
}
