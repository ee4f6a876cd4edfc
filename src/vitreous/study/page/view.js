// One model's particles: the view with its legend, and the numbers of a particle.

const COLOURS = {
  p_red_averaged: { option: "P̄ red, local average", label: "P̄_red", palette: "red", range: "sigma" },
  p_red: { option: "P red, each particle", label: "P_red", palette: "red", range: "sigma" },
  propensity: { option: "Propensity at δt", label: "propensity", palette: "red", range: "sigma" },
  cluster: { option: "Cluster type (TCC)", label: "cluster", palette: "members", range: "extent" },
  species: { option: "Species", label: "species", palette: "red", range: "sigma" },
};

class SystemView {
  /**
   * @param {System} system
   * @param {(part: string) => HTMLElement} part finds the places
   * @param {Camera|null} camera shared by all views; null for the first, which makes it
   */
  constructor(system, part, camera) {
    Object.assign(this, { system, part, viewer: null, step: 0, colour: null, type: "" });
    const reason = system.missing("species");
    if (reason) this.say(`There is nothing to see yet: ${reason}.`);
    else this.open(camera);
    part("particle").disabled = !this.viewer;
    part("particle").title = this.viewer ? "" : reason ?? "";
  }

  open(camera) {
    const { system: { particles, title, state }, part } = this;
    const canvas = part("scene");
    canvas.setAttribute("aria-label", `${title}, ${state}: ${countText(particles.n)} particles in three dimensions. `
      + "Arrow keys turn all views, plus and minus zoom, shift with arrow keys moves, 0 resets.");
    try {
      this.viewer = new Viewer(canvas, particles, ...(camera ? [camera] : []));
    } catch (error) {
      const missing = !document.createElement("canvas").getContext("webgl2");
      this.say(missing ? "The view needs WebGL2, which this browser does not offer." : `The particles cannot be shown: ${error.message}`);
      return;
    }
    const places = { tooltip: part("tooltip"), pinned: part("pinned"), particle: part("particle") };
    this.reader = new ParticleReader(this.viewer, places, (i) => table(`Particle ${i}`, this.system.describe(i, this.step)));
    // The page has to scroll: the wheel zooms once a view is in use, and one finger turns sideways only.
    canvas.style.touchAction = "pan-y";
    canvas.parentNode.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !document.activeElement?.matches("canvas")) event.stopPropagation();
    }, { capture: true });
    canvas.addEventListener("keydown", (event) => { if (event.key === "Escape") this.reader.pin(-1); });
  }

  say(text) {
    this.part("message").hidden = false;
    this.part("message").textContent = text;
    this.part("view").classList.add("empty");
  }

  /** Colour by one of COLOURS; by the propensity at the step-th δt; by being in clusters of a type. */
  show(colour, step, type) {
    Object.assign(this, { step, colour, type });
    if (!this.viewer) return this.part("legend").replaceChildren();
    const { palette, range } = COLOURS[colour];
    Object.assign(this.viewer.state, { palette, range });
    this.viewer.setColumn(this.system.column(colour, step, type));
    this.reader.refresh();
    return this.legend();
  }

  legend() {
    const { system, colour, type } = this;
    const { particles } = system;
    const reason = system.missing(colour);
    const swatch = (rgb, ...text) => {
      const item = make("li");
      const dot = make("span", "", { className: "swatch" });
      dot.style.background = `rgb(${[...rgb].join(" ")})`;
      item.append(dot, ...text);
      return item;
    };
    const list = (...items) => {
      const node = make("ul", "", { className: "legend" });
      node.append(...items);
      return [node];
    };
    const parts = () => {
      if (reason) return list(swatch(particles.noValue, `grey: ${reason}`));
      if (colour === "species") {
        const { categories, values } = particles.species;
        return list(...categories.map((name, code) => {
          const count = values.reduce((sum, value) => sum + (value === code), 0);
          const size = system.species.find((one) => one.name === name)?.diameter;
          return swatch(particles.palettes.categories.subarray(3 * code, 3 * code + 3),
            ...subscripts(`${name}: ${countText(count)}, diameter ${numberText(size ?? null)} ${system.units.length}`));
        }));
      }
      if (colour === "cluster") {
        const k = system.clusters.types.indexOf(type);
        const inside = k < 0 ? 0 : system.clusters.members[k];
        return list(swatch(NIGHT, `in a ${type}: ${countText(inside)}`), swatch(DAY, `not: ${countText(particles.n - inside)}`));
      }
      return this.scale();
    };
    this.part("legend").replaceChildren(...parts());
  }

  /** The colours of numbers, from two standard deviations below the mean to two above. */
  scale() {
    const { system, colour, step } = this;
    const { low, high } = this.viewer.state.column;
    const reds = system.particles.palettes.red;
    const stops = Array.from({ length: 17 }, (_, k) => {
      const at = 3 * Math.min(255, k * 16);
      return `rgb(${[...reds.subarray(at, at + 3)].join(" ")})`;
    });
    const bar = make("div", "", { className: "bar" });
    bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    const ends = make("div", "", { className: "ends" });
    const text = (value) => (low < high ? Number(value.toPrecision(3)) : value);
    ends.append(...[[low, "−2 s.d."], [(low + high) / 2, "mean"], [high, "+2 s.d."]].map(([value, meaning]) => {
      const end = make("span", numberText(value === null ? null : text(value), 3));
      end.append(make("small", meaning));
      return end;
    }));
    const time = system.propensity && `${numberText(system.propensity.times[step], 3)} ${system.units.time}`;
    const meaning = {
      p_red: "P_red: probability to be red, of each particle",
      p_red_averaged: `P̄_red: P_red averaged within ${numberText(system.radius, 3)} ${system.units.length}`,
      propensity: `propensity (${system.units.length}) at δt = ${time}, mean of ${system.propensity?.runs} runs`,
    }[colour];
    return [make("p", meaning, { className: "meaning" }), bar, ends];
  }

  /** A picture in place of the view, which printers do not get. */
  freeze() {
    if (!this.viewer) return;
    const { viewer } = this;
    viewer.resize();
    if (viewer.samples === 0) viewer.sample();
    viewer.present();
    this.picture = make("img", "", { src: viewer.canvas.toDataURL(), alt: "", className: "printed" });
    this.part("view").append(this.picture);
  }

  thaw() {
    this.picture?.remove();
  }
}
