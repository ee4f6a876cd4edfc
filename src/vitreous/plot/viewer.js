// One view of the particles on one canvas: WebGL2, drawn only when something has changed.
//
// A frame has three passes: every sphere as a quad whose pixels are cut by the ray (owner and depth); light
// from owner and depth; and the picture on the canvas. While nothing changes a few more frames with shifted
// pixels are averaged in, which smooths the edges, and then nothing runs.

const SMOOTH_FRAMES = 16;
const FILL = 1.08; // share of the canvas's shorter half that a scene radius takes at zoom 1
const PAPER = [0.969, 0.969, 0.961];
const NO_VALUE = -10;

/** Fractions of a pixel by which the k-th frame is shifted (Halton sequence), the first by none. */
function jitter(k) {
  const radical = (index, base) => {
    let [result, share] = [0, 1];
    for (let i = index; i > 0; i = Math.floor(i / base)) { share /= base; result += share * (i % base); }
    return result;
  };
  return k === 0 ? [0, 0] : [radical(k, 2) - 0.5, radical(k, 3) - 0.5];
}

const linearLight = (s) => (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4);

/** Events: "drawn" after every frame. Throws if the browser has no WebGL2. */
class Viewer extends EventTarget {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Particles} particles
   * @param {Camera} [camera] share one to link views
   */
  constructor(canvas, particles, camera = new Camera(particles.view)) {
    super();
    Object.assign(this, { canvas, particles, camera });
    this.radius = particles.view.radius;
    this.state = {
      column: null, palette: "red", range: "sigma", low: null, high: null, cut: 0, edges: true,
      speciesVisible: particles.species.categories.map(() => true), hovered: -1, pinned: -1,
    };
    this.quality = 1; // resolution while moving; lowered where frames are slow
    this.samples = 0; // frames averaged so far
    this.movedAt = -Infinity;
    this.frameAt = -Infinity;
    this.gl = canvas.getContext("webgl2", { antialias: false, alpha: false, powerPreference: "high-performance" });
    if (!this.gl) throw new Error("WebGL2 is not available");
    canvas.addEventListener("webglcontextlost", (event) => { event.preventDefault(); this.lost = true; });
    canvas.addEventListener("webglcontextrestored", () => { this.lost = false; this.build(); this.refresh(); });
    this.build();
    this.setColumn(particles.colorBy);
    this.camera.addEventListener("change", () => {
      this.movedAt = performance.now();
      this.invalidate();
    });
    new ResizeObserver(() => this.invalidate()).observe(canvas);
  }

  /** Everything that lives on the graphics processor. */
  build() {
    const { gl, particles } = this;
    this.floats = gl.getExtension("EXT_color_buffer_float") || gl.getExtension("EXT_color_buffer_half_float");
    const conservative = gl.getExtension("EXT_conservative_depth") !== null;
    this.programs = {
      spheres: this.program(SPHERE_VERTEX, SPHERE_FRAGMENT(conservative)),
      lines: this.program(LINE_VERTEX, LINE_FRAGMENT),
      light: this.program(SCREEN_VERTEX, LIGHT_FRAGMENT),
      present: this.program(SCREEN_VERTEX, PRESENT_FRAGMENT),
    };
    this.rows = Math.ceil(particles.n / TEXTURE_WIDTH);
    this.batches = new Batches(particles);
    const spheres = new Float32Array(4 * TEXTURE_WIDTH * this.rows);
    this.batches.order.forEach((i, slot) => {
      spheres.set(particles.offsets.subarray(3 * i, 3 * i + 3), 4 * slot);
      spheres[4 * slot + 3] = particles.diameters[i] / 2;
    });
    this.spheres = this.texture(gl.RGBA32F, TEXTURE_WIDTH, this.rows, gl.RGBA, gl.FLOAT, spheres);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, quadIndices(BATCH), gl.STATIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.vertexAttribIPointer(0, 1, gl.UNSIGNED_INT, 0, 0);
    gl.vertexAttribDivisor(0, 1);
    gl.enableVertexAttribArray(0);
    this.values = this.texture(gl.RG32F, TEXTURE_WIDTH, this.rows);
    this.table = this.texture(gl.RGBA8, 256, 3);
    this.size = [0, 0];
    this.buffers = null;
  }

  program(vertex, fragment) {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, `#version 300 es\n${source.trimStart()}`);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
        throw new Error(gl.getShaderInfoLog(shader));
      }
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(gl.getProgramInfoLog(program));
    }
    const uniforms = {};
    for (let k = 0; k < (gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0); k += 1) {
      const { name } = gl.getActiveUniform(program, k);
      uniforms[name.replace("[0]", "")] = gl.getUniformLocation(program, name);
    }
    return { program, uniforms };
  }

  texture(format, width, height, layout = null, type = null, data = null) {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
    if (data) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, layout, type, data);
    const filter = format === gl.RGBA16F ? gl.LINEAR : gl.NEAREST;
    for (const key of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, key, filter);
    for (const key of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, key, gl.CLAMP_TO_EDGE);
    return texture;
  }

  /** Follow the size of the canvas on the page, in device pixels. */
  resize() {
    const { gl, canvas } = this;
    const dot = Math.min(window.devicePixelRatio || 1, 2);
    const size = [canvas.clientWidth, canvas.clientHeight].map((x) => Math.max(1, Math.round(x * dot)));
    this.dot = dot;
    if (this.buffers && size[0] === this.size[0] && size[1] === this.size[1]) return;
    this.size = size;
    [canvas.width, canvas.height] = size;
    for (const texture of this.buffers?.textures ?? []) gl.deleteTexture(texture);
    for (const frame of this.buffers?.frames ?? []) gl.deleteFramebuffer(frame);
    const [owner, depth, light] = [gl.R32UI, gl.DEPTH_COMPONENT24, this.floats ? gl.RGBA16F : gl.RGBA8]
      .map((format) => this.texture(format, ...size));
    const frames = [[[gl.COLOR_ATTACHMENT0, owner], [gl.DEPTH_ATTACHMENT, depth]], [[gl.COLOR_ATTACHMENT0, light]]]
      .map((attachments) => {
        const frame = gl.createFramebuffer();
        gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
        for (const [point, texture] of attachments) {
          gl.framebufferTexture2D(gl.FRAMEBUFFER, point, gl.TEXTURE_2D, texture, 0);
        }
        return frame;
      });
    this.buffers = { owner, depth, light, textures: [owner, depth, light], frames };
    this.samples = 0;
  }

  /** CSS pixels in one scene radius at the present zoom. */
  get radiusPixels() {
    return 0.5 * FILL * Math.min(this.canvas.clientWidth, this.canvas.clientHeight) * this.camera.zoom;
  }

  /** Numbers that the programs share: axes, target, view; and the position of a particle in them. */
  geometry() {
    const { camera, radius } = this;
    const scale = 2 * this.radiusPixels / radius;
    const g = camera.distance === null ? 0 : 1 / (camera.distance * radius);
    const target = camera.target.map((x) => x * radius);
    const axes = camera.axes;
    return {
      axes, target, g,
      view: [scale / this.canvas.clientWidth, scale / this.canvas.clientHeight, g, 2.2 * radius],
      seen: (offset) => [0, 3, 6].map((row) =>
        offset.reduce((sum, x, k) => sum + axes[row + k] * (x - target[k]), 0)),
    };
  }

  /** Canvas position of the centre of particle i, in CSS pixels from the top left. */
  project(i) {
    const { seen, g, view } = this.geometry();
    const [u, v, w] = seen([...this.particles.offsets.subarray(3 * i, 3 * i + 3)]);
    const shrink = 1 - g * w;
    return {
      x: (1 + view[0] * u / shrink) * this.canvas.clientWidth / 2,
      y: (1 - view[1] * v / shrink) * this.canvas.clientHeight / 2,
    };
  }

  /** The particle seen at a canvas position in CSS pixels, or -1. */
  pick(x, y) {
    const { gl } = this;
    this.resize();
    if (this.lost || x < 0 || y < 0 || x >= this.canvas.clientWidth || y >= this.canvas.clientHeight) return -1;
    if (this.samples === 0) this.sample();
    const at = [x / this.canvas.clientWidth, 1 - y / this.canvas.clientHeight].map((share, axis) =>
      Math.max(0, Math.min(this.drawnSize[axis] - 1, Math.floor(share * this.drawnSize[axis]))));
    const owner = new Uint32Array(4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffers.frames[0]);
    gl.readPixels(...at, 1, 1, gl.RGBA_INTEGER, gl.UNSIGNED_INT, owner);
    return owner[0] === 0 || owner[0] === LINE_OWNER ? -1 : this.batches.order[owner[0] - 1];
  }

  /** Colour by a column, showing all its values. */
  setColumn(name) {
    this.state.column = this.particles.column(name);
    Object.assign(this.state, { low: null, high: null });
    this.refresh();
  }

  /** Palette ("red", "sequential", "diverging") and range ("sigma", "extent") of numeric columns. */
  setColors(palette, range) {
    Object.assign(this.state, { palette, range });
    this.refresh();
  }

  /** Draw only values from low to high of the coloured column; null for no limit. */
  setShown(low, high) {
    Object.assign(this.state, { low, high });
    this.invalidate();
  }

  setSpeciesVisible(code, visible) {
    this.state.speciesVisible[code] = visible;
    this.refresh();
  }

  /** Leave out the particles in the nearest share (0 to 1) of the scene. */
  setCut(share) {
    this.state.cut = share;
    this.invalidate();
  }

  setEdges(visible) {
    this.state.edges = visible;
    this.invalidate();
  }

  /** Ring a particle: as hovered or pinned; -1 for none. */
  mark(kind, i) {
    if (this.state[kind] === i) return;
    this.state[kind] = i;
    this.schedule();
  }

  /** Values at the white and the dark end of the colours. */
  get limits() {
    const { column, range } = this.state;
    return range === "sigma" ? [column.low, column.high] : [column.min, column.max];
  }

  /** A value of the column as a share of its whole range. */
  share(value) {
    const { min, max } = this.state.column;
    return max > min ? (value - min) / (max - min) : 0.5;
  }

  /** Send values and colours of the present column to the graphics processor. */
  refresh() {
    const { gl, particles, state } = this;
    const { column } = state;
    const data = new Float32Array(2 * TEXTURE_WIDTH * this.rows);
    const codes = particles.species.values;
    const numeric = column.kind === "number";
    this.batches.order.forEach((i, slot) => {
      const value = column.values[i];
      data[2 * slot] = !numeric ? value : Number.isFinite(value) ? this.share(value) : NO_VALUE;
      data[2 * slot + 1] = codes[i];
    });
    gl.bindTexture(gl.TEXTURE_2D, this.values);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, TEXTURE_WIDTH, this.rows, gl.RG, gl.FLOAT, data);
    const table = new Uint8Array(256 * 3 * 4);
    for (let k = 0; k < 256; k += 1) {
      table.set(particles.palettes[state.palette].subarray(3 * k, 3 * k + 3), 4 * k);
      table.set(particles.palettes.categories.subarray(3 * k, 3 * k + 3), 4 * (256 + k));
      table[4 * (512 + k) + 3] = state.speciesVisible[k] === false ? 0 : 255;
    }
    gl.bindTexture(gl.TEXTURE_2D, this.table);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 3, gl.RGBA, gl.UNSIGNED_BYTE, table);
    this.invalidate();
  }

  invalidate() {
    this.samples = 0;
    this.schedule();
  }

  schedule() {
    this.request ??= requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    this.request = null;
    if (this.lost || this.canvas.clientWidth === 0) return;
    this.resize();
    const moving = this.movedAt > this.frameAt || now - this.movedAt < 200;
    if (moving && this.moving) this.adapt(now - this.frameAt);
    Object.assign(this, { moving, frameAt: now });
    const quality = moving ? this.quality : 1;
    if (this.drawnSize && this.drawnQuality !== quality) this.samples = 0;
    if (this.samples < SMOOTH_FRAMES) this.sample(quality);
    this.present();
    if (this.samples < (this.floats ? SMOOTH_FRAMES : 1) || moving) this.schedule();
    this.dispatchEvent(new Event("drawn"));
  }

  /** Fewer pixels while moving if frames take long, more again if they do not. */
  adapt(elapsed) {
    this.pace = 0.7 * (this.pace ?? 20) + 0.3 * Math.min(elapsed, 200);
    if (this.pace > 42) this.quality = Math.max(0.3, this.quality * (this.pace > 90 ? 0.75 : 0.9));
    else if (this.pace < 22) this.quality = Math.min(1, this.quality * 1.05);
  }
}
