// The plots of one model: correlations of the deepest state, of every state, and the mean order parameter.

const RED = "#a50f1e";
const INK = "#1d2126";
const QUIET = "#5b636d";
const PALE = "#a3abb3";
const DASHES = "5 3";
const STATE_COLORS = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151"]; // viridis: dark is deep

/** Colour of the k-th of n states. */
function stateColor(k, n) {
  const at = n > 1 ? k / (n - 1) * (STATE_COLORS.length - 1) : 0;
  return STATE_COLORS[Math.round(at)];
}

/** Lowest and highest value of all curves that are shown, of all models, so that they can be compared. */
function correlationRange(systems) {
  const values = systems.flatMap(({ states }) => states).flatMap(({ curves, deepest }) =>
    Object.values(curves?.species ?? {}).flatMap((one) => {
      const averaged = [one.p_red_averaged?.low, one.p_red_averaged?.high];
      return [...averaged, ...(deepest ? [one.p_red?.low, one.p_red?.high, one.ceiling] : [])].flat();
    })).filter((value) => Number.isFinite(value ?? NaN));
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(0, ...values), Math.max(0.2, ...values)];
  return [Math.max(-1, low - 0.03), Math.min(1, high + 0.04)];
}

function symbolOf({ method }) {
  return method === "pearson" ? "Pearson’s r" : "Spearman’s ρ";
}

/** A correlation with two decimals. */
function correlationText(value) {
  if (value === null) return "–";
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text.replace("-", "−");
}

const rhoText = ({ rho, low, high }, k) => (rho[k] === null ? "–"
  : `${correlationText(rho[k])} [${correlationText(low[k])}, ${correlationText(high[k])}]`);

/** A sample of a line and what it means. */
function sample(text, color, style = {}) {
  const node = make("span", "", { className: "sample" });
  const picture = draw(node, "svg", { width: 24, height: 10, "aria-hidden": "true" });
  if (style.band) draw(picture, "rect", { x: 0, y: 0, width: 24, height: 10, fill: color, "fill-opacity": style.band });
  else draw(picture, "line", { x1: 0, x2: 24, y1: 5, y2: 5, stroke: color, "stroke-width": 2, ...style });
  node.append(" ", ...subscripts(text));
  return node;
}

/** The three plots below one view. */
class Curves {
  /**
   * @param {System} system
   * @param {(part: string, inside?: string) => HTMLElement} part finds the places
   * @param {[number, number]} range of correlations
   * @param {(time: number) => void} pick called with the δt that is clicked
   */
  constructor(system, part, range, pick) {
    Object.assign(this, { system, part, range, pick, plots: {} });
    this.means();
  }

  /** Without data there is a sentence in the plot's place. */
  nothing(name, reason) {
    this.plots[name]?.remove();
    this.plots[name] = null;
    this.part("about", name).textContent = "";
    this.part("curves", name).replaceChildren(make("p", reason, { className: "absent quiet" }));
  }

  /** What a plot shows, and its legend. */
  about(name, text, ...samples) {
    const legend = make("span", "", { className: "samples" });
    legend.append(...samples);
    this.part("about", name).replaceChildren(...subscripts(text), legend);
  }

  plot(name, label, axes) {
    this.plots[name]?.remove();
    this.plots[name] = new Plot(this.part("curves", name), label, axes);
    return this.plots[name];
  }

  get timeAxis() {
    const { times } = this.system.curves ?? this.system.states.find(({ curves }) => curves).curves;
    return { label: `δt / ${this.system.units.time}`, low: times[0], high: times.at(-1), log: true };
  }

  setSize(rank) {
    this.species = this.system.speciesOfSize(rank);
    this.correlations();
    this.others();
  }

  correlations() {
    const { curves, units, tau } = this.system;
    const one = curves?.species[this.species];
    this.part("readout").textContent = "";
    if (!one) return this.nothing("correlations", "The propensity is not correlated yet.");
    if (!curves.times.every((time) => time > 0)) return this.nothing("correlations", "The times are not known.");
    this.about("correlations", `${countText(one.particles)} ${this.species} particles, ${curves.note}`,
      sample("P̄_red", RED), sample("P_red", RED, { "stroke-dasharray": DASHES }),
      sample("noise ceiling", INK, { "stroke-dasharray": "1.5 2.5" }), sample("95 % of random fields", QUIET, { band: 0.16 }));
    const [low, high] = this.range;
    const plot = this.plot("correlations", `${symbolOf(curves)} of the order parameter with the propensity against δt`, {
      x: this.timeAxis, y: { label: symbolOf(curves), low, high },
    });
    const { times } = curves;
    plot.band(times, ...one.chance, QUIET, 0.16);
    for (const [name, style] of [["p_red", { "stroke-dasharray": DASHES }], ["p_red_averaged", {}]]) {
      if (!one[name]) continue;
      plot.band(times, one[name].low, one[name].high, RED, 0.15).line(times, one[name].rho, RED, style);
    }
    plot.line(times, one.ceiling, INK, { "stroke-dasharray": "1.5 2.5", "stroke-width": 1.3 });
    if (tau) plot.upright(tau, "τ_α", QUIET);
    plot.readable(times, (k) => [
      `δt = ${numberText(times[k], 3)} ${units.time}`,
      ...(tau ? [["in τ_α", numberText(times[k] / tau, 3)]] : []),
      ...(one.p_red_averaged ? [["ρ of P̄_red", rhoText(one.p_red_averaged, k)]] : []),
      ...(one.p_red ? [["ρ of P_red", rhoText(one.p_red, k)]] : []),
      ["noise ceiling", correlationText(one.ceiling[k])],
    ]);
    plot.picked = (k) => { if (k >= 0) this.pick(times[k]); };
    return this.setStep(this.step);
  }

  others() {
    const known = this.system.states.filter(({ curves }) => curves?.species[this.species]?.p_red_averaged);
    const usable = known.filter(({ curves }) => curves.times.every((time) => time > 0));
    if (usable.length === 0) return this.nothing("others", "No state has correlations yet.");
    const { units, states } = this.system;
    const color = (state) => stateColor(states.indexOf(state), states.length);
    this.about("others", `${this.species} particles; dots at τ_α`,
      ...usable.map((state) => sample(state.name, color(state), { "stroke-width": state.deepest ? 3 : 2 })));
    const [low, high] = this.range;
    const ends = usable.flatMap(({ curves }) => [curves.times[0], curves.times.at(-1)]);
    const { curves: { times: stops } } = usable.reduce((a, b) => (b.curves.times.at(-1) > a.curves.times.at(-1) ? b : a));
    const plot = this.plot("others", "Correlation of P̄_red with the propensity against δt, one line a state", {
      x: { ...this.timeAxis, low: Math.min(...ends), high: Math.max(...ends) },
      y: { label: symbolOf(usable[0].curves), low, high },
    });
    for (const state of [...usable].reverse()) {
      const { curves: { times, species }, tau } = state;
      const curve = species[this.species].p_red_averaged;
      plot.band(times, curve.low, curve.high, color(state), 0.1);
      plot.line(times, curve.rho, color(state), { "stroke-width": state.deepest ? 2.6 : 1.7 });
      if (tau > 0) plot.dots([tau], [between(times, curve.rho, tau)], color(state), 4);
    }
    plot.readable(stops, (k) => [
      `δt = ${numberText(stops[k], 3)} ${units.time}`,
      ...usable.map(({ name, curves }) => {
        const at = nearest(curves.times, stops[k]);
        const near = Math.abs(Math.log(curves.times[at] / stops[k])) < 0.5;
        return [name, near ? rhoText(curves.species[this.species].p_red_averaged, at) : "–"];
      }),
    ]);
    plot.picked = (k) => { if (k >= 0) this.pick(stops[k]); };
    return plot.mark(this.system.times[this.step] ?? null);
  }

  means() {
    const { states, control, units, means } = this.system;
    const order = states.map((_, k) => k).filter((k) => means.rows[0][k] !== null)
      .sort((a, b) => states[a].point - states[b].point);
    if (order.length === 0) return this.nothing("means", "The order parameter of the deepest state is not applied yet.");
    const hard = control === "packing fraction";
    const [xs, errors] = [order.map((k) => states[k].point), order.map((k) => means.errors[k] ?? 0)];
    const [ys, ...others] = means.rows.map((row) => order.map((k) => row[k]));
    this.about("means", "By the order parameter of the deepest state, unchanged; bars: standard error over snapshots",
      sample("learned from snapshot 1", RED), ...(others.length ? [sample("from the other snapshots", PALE)] : []));
    const margin = 0.08 * (xs.at(-1) - xs[0]) || 0.05 * xs[0];
    const tops = [...ys.map((y, k) => y + errors[k]), ...others.flat()];
    const plot = this.plot("means", `Mean order parameter against ${control}, deeper states to the right`, {
      x: { label: `${control}${hard ? "" : ` / ${units.energy}`}`, low: xs[0] - margin, high: xs.at(-1) + margin, backwards: !hard },
      y: { label: "⟨P_red⟩", low: 0, high: Math.max(...tops) * 1.08 },
    });
    for (const row of others) plot.line(xs, row, PALE, { "stroke-width": 1.2 });
    plot.line(xs, ys, RED).add(() => {
      xs.forEach((x, k) => {
        const [x1, y1] = plot.point(x, ys[k] - errors[k]);
        const [x2, y2] = plot.point(x, ys[k] + errors[k]);
        draw(plot.area, "line", { x1, y1, x2, y2, stroke: RED, "stroke-width": 1.6 });
      });
    }).dots(xs, ys, RED, 4);
    return plot.readable(xs, (k) => [
      states[order[k]].name,
      ["⟨P_red⟩", `${ys[k].toFixed(3)}${errors[k] ? ` ± ${errors[k].toFixed(3)}` : ""}`],
      ...others.map((row, m) => [`by snapshot ${m + 2}`, row[k] === null ? "–" : row[k].toFixed(3)]),
    ]);
  }

  /** Move the markers to the step-th δt of the model. */
  setStep(step) {
    const { system } = this;
    this.step = step;
    const time = system.times[step] ?? null;
    this.plots.correlations?.mark(time);
    this.plots.others?.mark(time);
    const one = system.curves?.species[this.species];
    if (time === null || !one || !this.plots.correlations) return;
    const k = nearest(system.curves.times, time);
    const value = (name) => correlationText(one[name]?.rho[k] ?? null);
    const share = system.tau ? ` = ${numberText(time / system.tau, 3)} τ_α` : "";
    this.part("readout").replaceChildren(...subscripts(
      `δt = ${numberText(time, 3)} ${system.units.time}${share}: ρ of P̄_red ${value("p_red_averaged")}, `
      + `of P_red ${value("p_red")}, noise ceiling ${correlationText(one.ceiling[k])}`));
  }
}

/** The value at a time between recorded ones, linear in the logarithm; null outside. */
function between(times, values, time) {
  const k = times.findIndex((later, j) => j > 0 && times[j - 1] <= time && time <= later);
  if (k < 0 || values[k] === null || values[k - 1] === null) return null;
  const share = Math.log(time / times[k - 1]) / Math.log(times[k] / times[k - 1]);
  return values[k - 1] + share * (values[k] - values[k - 1]);
}
