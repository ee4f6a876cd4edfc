// What lives on the graphics processor, and the three passes of a frame.
//
// Every sphere is a quad whose pixels are cut by the ray (owner and depth); light comes from owner and depth; and the
// picture goes to the canvas. Frames with shifted pixels are averaged into the light.

import { BATCH, Batches, quadIndices } from "./batches.js";
import { shareOf } from "./columns.js";
import { compile, framebuffer, texture, use } from "./graphics.js";
import {
  LIGHT_FRAGMENT, LINE_FRAGMENT, LINE_OWNER, LINE_VERTEX, PRESENT_FRAGMENT, SCREEN_VERTEX, SPHERE_FRAGMENT,
  SPHERE_VERTEX, TEXTURE_WIDTH,
} from "./shaders.js";

/** @import { Particles } from "./particles.js" */
/** @import { Projection } from "./projection.js" */
/** @import { Look } from "./viewer.js" */

const PAPER = [0.969, 0.969, 0.961];
const NO_VALUE = -10;

/** @param {number} s */
const linearLight = (s) => (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4);

/**
 * Fractions of a pixel by which the k-th frame is shifted (Halton sequence), the first by none.
 * @param {number} k
 */
function jitter(k) {
  /** @param {number} base */
  const radical = (base) => {
    let [result, share] = [0, 1];
    for (let i = k; i > 0; i = Math.floor(i / base)) {
      share /= base;
      result += share * (i % base);
    }
    return result;
  };
  return k === 0 ? [0, 0] : [radical(2) - 0.5, radical(3) - 0.5];
}

export class Painter {
  size = [0, 0]; // of the picture, in device pixels
  drawnSize = [0, 0]; // of the frames that are averaged now
  dot = 1; // device pixels in a CSS pixel

  /**
   * @param {WebGL2RenderingContext} gl
   * @param {Particles} particles
   */
  constructor(gl, particles) {
    this.gl = gl;
    this.particles = particles;
    const floats = gl.getExtension("EXT_color_buffer_float") ?? gl.getExtension("EXT_color_buffer_half_float");
    this.floats = floats !== null; // whether light can be averaged
    const conservative = gl.getExtension("EXT_conservative_depth") !== null;
    this.programs = {
      spheres: compile(gl, SPHERE_VERTEX, SPHERE_FRAGMENT(conservative)),
      lines: compile(gl, LINE_VERTEX, LINE_FRAGMENT),
      light: compile(gl, SCREEN_VERTEX, LIGHT_FRAGMENT),
      present: compile(gl, SCREEN_VERTEX, PRESENT_FRAGMENT),
    };
    this.rows = Math.ceil(particles.n / TEXTURE_WIDTH);
    this.batches = new Batches(particles);
    const data = new Float32Array(4 * TEXTURE_WIDTH * this.rows);
    this.batches.order.forEach((i, slot) => {
      data.set(particles.offsets.subarray(3 * i, 3 * i + 3), 4 * slot);
      data[4 * slot + 3] = particles.diameters[i] / 2;
    });
    this.spheres = texture(gl, gl.RGBA32F, TEXTURE_WIDTH, this.rows);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, TEXTURE_WIDTH, this.rows, gl.RGBA, gl.FLOAT, data);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, quadIndices(BATCH), gl.STATIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.vertexAttribIPointer(0, 1, gl.UNSIGNED_INT, 0, 0);
    gl.vertexAttribDivisor(0, 1);
    gl.enableVertexAttribArray(0);
    this.values = texture(gl, gl.RG32F, TEXTURE_WIDTH, this.rows);
    this.table = texture(gl, gl.RGBA8, 256, 3);
    this.buffers = this.frames();
  }

  /** Textures of the size of the picture, and framebuffers that draw into them. */
  frames() {
    const { gl } = this;
    const [width, height] = this.size.map((x) => Math.max(1, x));
    const [owner, depth, light] = [gl.R32UI, gl.DEPTH_COMPONENT24, this.floats ? gl.RGBA16F : gl.RGBA8]
      .map((format) => texture(gl, format, width, height));
    const spheres = framebuffer(gl, [[gl.COLOR_ATTACHMENT0, owner], [gl.DEPTH_ATTACHMENT, depth]]);
    return { owner, depth, light, spheres, lit: framebuffer(gl, [[gl.COLOR_ATTACHMENT0, light]]) };
  }

  /**
   * Take that size, in device pixels.
   * @param {number[]} size
   */
  resize(size) {
    const { gl, buffers: { owner, depth, light, spheres, lit } } = this;
    this.size = size;
    for (const old of [owner, depth, light]) gl.deleteTexture(old);
    for (const old of [spheres, lit]) gl.deleteFramebuffer(old);
    this.buffers = this.frames();
  }

  /**
   * Send values and colours of the present column to the graphics processor.
   * @param {Look} look
   */
  load({ column, palette, speciesVisible }) {
    const { gl, particles: { palettes, species } } = this;
    const data = new Float32Array(2 * TEXTURE_WIDTH * this.rows);
    this.batches.order.forEach((i, slot) => {
      const value = column.values[i];
      if (column.kind === "category") data[2 * slot] = value;
      else data[2 * slot] = Number.isFinite(value) ? shareOf(column, value) : NO_VALUE;
      data[2 * slot + 1] = species.values[i];
    });
    gl.bindTexture(gl.TEXTURE_2D, this.values);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, TEXTURE_WIDTH, this.rows, gl.RG, gl.FLOAT, data);
    const table = new Uint8Array(256 * 3 * 4);
    for (let k = 0; k < 256; k += 1) {
      table.set(palettes[palette].subarray(3 * k, 3 * k + 3), 4 * k);
      table.set(palettes.categories.subarray(3 * k, 3 * k + 3), 4 * (256 + k));
      table[4 * (512 + k) + 3] = speciesVisible[k] === false ? 0 : 255;
    }
    gl.bindTexture(gl.TEXTURE_2D, this.table);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 3, gl.RGBA, gl.UNSIGNED_BYTE, table);
  }

  /**
   * Uniforms that all programs share.
   * @param {Projection} projection
   * @param {number[]} size
   * @param {number[]} [shift]
   * @returns {Record<string, (place: WebGLUniformLocation | null) => void>}
   */
  shared({ axes, target, view }, size, shift = [0, 0]) {
    const { gl } = this;
    return {
      u_axes: (place) => gl.uniformMatrix3fv(place, true, axes),
      u_target: (place) => gl.uniform3fv(place, target),
      u_view: (place) => gl.uniform4fv(place, view),
      u_size: (place) => gl.uniform2fv(place, size),
      u_jitter: (place) => gl.uniform2fv(place, shift),
    };
  }

  /**
   * Average the k-th frame into the light.
   * @param {number} k
   * @param {Look} look
   * @param {Projection} projection
   * @param {number} quality share of the picture's resolution
   */
  sample(k, look, projection, quality) {
    this.drawnSize = this.size.map((x) => Math.max(1, Math.round(x * quality)));
    const shared = this.shared(projection, this.drawnSize, jitter(k));
    this.drawScene(look, projection, shared, quality);
    this.drawLight(k, look, shared, quality);
  }

  /**
   * Who is seen in each pixel, and how far away.
   * @param {Look} look
   * @param {Projection} projection
   * @param {ReturnType<Painter["shared"]>} shared
   * @param {number} quality
   */
  drawScene({ column, low, high, cut, edges }, projection, shared, quality) {
    const { gl, particles: { n, box, view: { radius } }, spheres, values, table } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffers.spheres);
    gl.viewport(0, 0, this.drawnSize[0], this.drawnSize[1]);
    gl.disable(gl.BLEND);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LESS);
    gl.clearBufferuiv(gl.COLOR, 0, [0, 0, 0, 0]);
    gl.clearBufferfv(gl.DEPTH, 0, [1]);
    const toward = projection.target.reduce((sum, x, axis) => sum + projection.axes[6 + axis] * x, 0);
    const from = low === null ? -5 : shareOf(column, low) - 1e-7;
    const to = high === null ? 5 : shareOf(column, high) + 1e-7;
    use(gl, this.programs.spheres, {
      ...shared,
      u_show: (place) => gl.uniform2f(place, from, to),
      u_filter: (place) => gl.uniform1i(place, Number(low !== null || high !== null)),
      u_cut: (place) => gl.uniform1f(place, cut > 0 ? radius * (1 - 2 * cut) - toward : 1e30),
      u_count: (place) => gl.uniform1i(place, n),
    }, { u_spheres: spheres, u_values: values, u_table: table });
    const drawn = this.batches.nearFirst(projection);
    gl.bufferData(gl.ARRAY_BUFFER, drawn, gl.STREAM_DRAW);
    if (drawn.length > 0) gl.drawElementsInstanced(gl.TRIANGLES, 6 * BATCH, gl.UNSIGNED_SHORT, 0, drawn.length);
    if (!edges) return;
    use(gl, this.programs.lines, {
      ...shared,
      u_ends: (place) => gl.uniform3fv(place, box.edges.flat(2)),
      u_width: (place) => gl.uniform1f(place, Math.max(1, 1.3 * this.dot * quality)),
    }, {});
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, box.edges.length);
  }

  /**
   * Light from owner and depth of each pixel.
   * @param {number} k
   * @param {Look} look
   * @param {ReturnType<Painter["shared"]>} shared
   * @param {number} quality
   */
  drawLight(k, { column, limits: [low, high] }, shared, quality) {
    const { gl, particles, spheres, values, table, buffers } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, buffers.lit);
    gl.viewport(0, 0, this.drawnSize[0], this.drawnSize[1]);
    gl.disable(gl.DEPTH_TEST);
    if (k > 0) {
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.CONSTANT_ALPHA, gl.ONE_MINUS_CONSTANT_ALPHA);
      gl.blendColor(0, 0, 0, 1 / (k + 1));
    }
    const spread = low !== null && high !== null && low < high;
    const colors = spread ? [shareOf(column, low), shareOf(column, high)] : [-0.5, 1.5];
    use(gl, this.programs.light, {
      ...shared,
      u_colors: (place) => gl.uniform2fv(place, colors),
      u_categories: (place) => gl.uniform1i(place, Number(column.kind === "category")),
      u_noValue: (place) => gl.uniform3fv(place, particles.noValue.map((x) => x / 255)),
      u_reach: (place) => gl.uniform1f(place, particles.view.reach),
      u_taps: (place) => gl.uniform1i(place, quality < 0.8 ? 4 : 10),
      u_turn: (place) => gl.uniform1f(place, (k * 0.61803399) % 1),
    }, { u_spheres: spheres, u_values: values, u_table: table, u_owner: buffers.owner, u_depth: buffers.depth });
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.disable(gl.BLEND);
  }

  /**
   * Put the averaged light and the rings of marked particles on the canvas.
   * @param {Projection} projection
   * @param {number} hovered
   * @param {number} pinned
   */
  present(projection, hovered, pinned) {
    const { gl, particles, size } = this;
    /** @param {number} i */
    const ball = (i) => (i < 0 ? [0, 0, 0, 0] : [...projection.seen(particles.offset(i)), particles.diameters[i] / 2]);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, size[0], size[1]);
    use(gl, this.programs.present, {
      ...this.shared(projection, size),
      u_share: (place) => gl.uniform1f(place, this.drawnSize[0] / size[0]),
      u_paper: (place) => gl.uniform3fv(place, PAPER.map(linearLight)),
      u_hovered: (place) => gl.uniform4fv(place, ball(hovered === pinned ? -1 : hovered)),
      u_pinned: (place) => gl.uniform4fv(place, ball(pinned)),
      u_dot: (place) => gl.uniform1f(place, this.dot),
    }, { u_light: this.buffers.light });
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /**
   * The particle in the frame that was drawn last, or -1.
   * @param {number} x share of the width, from the left
   * @param {number} y share of the height, from the bottom
   */
  particleAt(x, y) {
    const { gl } = this;
    const [column, row] = [x, y].map((share, axis) =>
      Math.max(0, Math.min(this.drawnSize[axis] - 1, Math.floor(share * this.drawnSize[axis]))));
    const owner = new Uint32Array(4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.buffers.spheres);
    gl.readPixels(column, row, 1, 1, gl.RGBA_INTEGER, gl.UNSIGNED_INT, owner);
    return owner[0] === 0 || owner[0] === LINE_OWNER ? -1 : this.batches.order[owner[0] - 1];
  }
}
