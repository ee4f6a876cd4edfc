// Reading off particles in a view: the one that the pointer is over, and the one that was chosen.

class ParticleReader {
  /**
   * @param {Viewer} viewer
   * @param {{tooltip: HTMLElement, pinned: HTMLElement, particle: HTMLInputElement}} places over the view, for the
   *   chosen particle, and for its number
   * @param {(i: number) => HTMLElement} numbers what is told of a particle
   */
  constructor(viewer, places, numbers) {
    Object.assign(this, { viewer, places, numbers, pointer: null, hovering: null, pinned: -1 });
    const leave = () => {
      this.pointer = null;
      viewer.mark("hovered", -1);
      places.tooltip.hidden = true;
    };
    new Controls(viewer.canvas, viewer, {
      hover: (x, y) => {
        this.pointer = [x, y];
        this.hovering ??= requestAnimationFrame(() => this.hover());
      },
      click: (x, y) => this.pin(viewer.pick(x, y)),
      leave,
    });
    viewer.camera.addEventListener("change", leave);
    const { n } = viewer.particles;
    places.particle.max = String(n - 1);
    places.particle.addEventListener("input", (event) => {
      const i = event.target.value === "" ? -1 : Number(event.target.value);
      this.pin(Number.isInteger(i) && i >= 0 && i < n ? i : -1, false);
    });
  }

  hover() {
    this.hovering = null;
    if (!this.pointer) return;
    const { viewer, places: { tooltip } } = this;
    const i = viewer.pick(...this.pointer);
    viewer.mark("hovered", i);
    tooltip.hidden = i < 0;
    if (i < 0) return;
    tooltip.replaceChildren(this.numbers(i));
    const [x, y] = this.pointer;
    const { clientWidth: width, clientHeight: height } = viewer.canvas;
    const left = x + 18 + tooltip.offsetWidth > width ? x - 14 - tooltip.offsetWidth : x + 18;
    const top = Math.min(y + 14, height - tooltip.offsetHeight - 6);
    tooltip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }

  /** Choose a particle, none with -1; its number is written unless a person is typing it. */
  pin(i, write = true) {
    this.pinned = i;
    this.viewer.mark("pinned", i);
    if (write) this.places.particle.value = i < 0 ? "" : String(i);
    this.places.pinned.replaceChildren(...(i < 0 ? [] : [this.numbers(i)]));
  }

  /** Tell the numbers of the chosen particle again, which have changed. */
  refresh() {
    if (this.pinned >= 0) this.pin(this.pinned, false);
  }
}
