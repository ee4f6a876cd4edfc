// The page of a study: the models side by side, under controls that act on all of them.

const element = (id) => document.getElementById(id);
const PLAY_MILLISECONDS = 350;

class StudyPage {
  constructor(study) {
    this.study = study;
    const range = correlationRange(study.systems);
    this.camera = null;
    this.views = [];
    this.curves = [];
    for (const system of study.systems) {
      const node = element("system").content.cloneNode(true).firstElementChild;
      const part = (name, inside) =>
        (inside ? node.querySelector(`[data-part="${inside}"]`) : node).querySelector(`[data-part="${name}"]`);
      element("systems").append(node);
      part("title").textContent = system.title;
      part("summary").append(...subscripts(this.summary(system)));
      const view = new SystemView(system, part, this.camera);
      this.camera ??= view.viewer?.camera ?? null;
      this.views.push(view);
      this.curves.push(new Curves(system, part, range, (time) => this.goTo(time / system.tau)));
    }
    element("systems").style.setProperty("--systems", study.systems.length);
    this.controls();
    this.resize();
    this.refresh();
  }

  summary({ state, particles, tau, tau_how: how, units }) {
    const parts = [state];
    if (particles) parts.push(`${countText(particles.n)} particles`);
    parts.push(tau ? `τ_α = ${numberText(tau, 3)} ${units.time} (${how})` : `τ_α: ${how}`);
    return parts.join(" · ");
  }

  controls() {
    const { study } = this;
    const { systems } = study;
    element("controls").addEventListener("submit", (event) => event.preventDefault());
    for (const [colour, { option }] of Object.entries(COLOURS)) {
      const reasons = systems.map((system) => system.missing(colour));
      const nowhere = reasons.every((reason) => reason);
      const text = nowhere ? `${option} (${reasons[0]})` : option;
      element("colour").append(new Option(text, colour));
      element("colour").lastChild.disabled = nowhere;
    }
    element("colour").value = Object.keys(COLOURS).find((colour) => systems.some((system) => !system.missing(colour))) ?? "";
    for (const type of study.clusterTypes) {
      const members = systems.map(({ clusters }) => clusters?.members[clusters.types.indexOf(type)] ?? 0);
      element("type").append(new Option(`${type} (${members.map(countText).join(", ")})`, type));
    }
    element("type").title = "With the number of particles in such clusters, in each model";
    study.sizes.forEach((text, rank) => element("species").append(new Option(text, rank)));
    element("time").max = String(Math.max(0, study.ratios.length - 1));
    if (study.ratios.length) element("time").value = String(nearest(study.ratios, 1));
    const hints = [];
    const disable = (ids, when, reason) => {
      if (!when) return;
      hints.push(reason);
      for (const id of ids) Object.assign(element(id), { disabled: true, title: reason });
    };
    disable(["colour", "reset"], systems.every(({ particles }) => !particles), "No snapshot is made yet.");
    disable(["type"], study.clusterTypes.length === 0, "No clusters are found yet.");
    disable(["species"], systems.every(({ states }) => states.every(({ curves }) => !curves)), "Nothing is correlated yet.");
    disable(["time", "play"], study.ratios.length === 0, "No propensity is measured yet.");
    this.hints = hints.join(" ");
    element("colour").addEventListener("change", () => this.refresh());
    element("type").addEventListener("change", () => {
      element("colour").value = "cluster"; // whoever chooses a type wants to see it
      this.refresh();
    });
    element("species").addEventListener("change", () => this.resize());
    element("time").addEventListener("input", () => {
      this.play(false);
      this.later();
    });
    element("play").addEventListener("click", () => this.play(!this.playing));
    element("reset").addEventListener("click", () => this.camera?.reset());
    window.addEventListener("beforeprint", () => this.views.forEach((view) => view.freeze()));
    window.addEventListener("afterprint", () => this.views.forEach((view) => view.thaw()));
  }

  /** δt as a share of τ_α, or null if there is none. */
  get ratio() {
    return this.study.ratios[Number(element("time").value)] ?? null;
  }

  goTo(ratio) {
    if (!(ratio > 0) || this.study.ratios.length === 0) return;
    this.play(false);
    element("time").value = String(nearest(this.study.ratios, ratio));
    this.refresh();
  }

  play(running) {
    if (Boolean(this.playing) === running) return;
    clearInterval(this.playing);
    const time = element("time");
    if (running && time.value === time.max) time.value = "0";
    this.playing = running ? setInterval(() => {
      if (time.value === time.max) return this.play(false);
      time.value = String(Number(time.value) + 1);
      return this.refresh();
    }, PLAY_MILLISECONDS) : null;
    element("play").textContent = running ? "Pause" : "Play";
    element("play").setAttribute("aria-pressed", String(running));
  }

  later() {
    this.request ??= requestAnimationFrame(() => {
      this.request = null;
      this.refresh();
    });
  }

  resize() {
    for (const curves of this.curves) curves.setSize(Number(element("species").value));
  }

  /** Bring everything to the present colour, type and δt. */
  refresh() {
    const { ratio } = this;
    const colour = element("colour").value || "species";
    const text = ratio === null ? "not known" : `${numberText(ratio, 2)} τ_α`;
    element("ratio").replaceChildren(...subscripts(ratio === null ? "" : `= ${text}`));
    element("time").setAttribute("aria-valuetext", text.replace("τ_α", "relaxation times"));
    const idle = colour !== "propensity" && ratio !== null && !this.views.every(({ system }) => system.missing("propensity"));
    element("hint").textContent = this.hints || (idle ? "Colour by the propensity to see it at this δt." : "");
    this.views.forEach((view, k) => {
      const { ratios } = view.system;
      const step = ratio === null || ratios.length === 0 ? 0 : nearest(ratios, ratio);
      view.show(colour, step, element("type").value);
      this.curves[k].setStep(step);
    });
  }
}

function open() {
  try {
    const study = new Study(JSON.parse(element("study").textContent));
    const page = new StudyPage(study);
    window.vitreous = { study, page, views: page.views, camera: page.camera };
    document.documentElement.dataset.vitreous = "ready";
  } catch (error) {
    element("failure").hidden = false;
    element("failure").textContent = `The page cannot be shown: ${error.message}`;
    document.documentElement.dataset.vitreous = "error";
    throw error;
  }
}

open();
