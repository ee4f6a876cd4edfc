// The three passes of a frame, as methods of Viewer.

Object.assign(Viewer.prototype, {
  /** Set a program's uniforms: those all share, and its own as name -> [setter, ...values]. */
  use({ program, uniforms }, geometry, size, shift, own, textures) {
    const { gl } = this;
    gl.useProgram(program);
    gl.uniformMatrix3fv(uniforms.u_axes ?? null, true, geometry.axes);
    gl.uniform3fv(uniforms.u_target ?? null, geometry.target);
    gl.uniform4fv(uniforms.u_view ?? null, geometry.view);
    gl.uniform2fv(uniforms.u_size ?? null, size);
    gl.uniform2fv(uniforms.u_jitter ?? null, shift);
    for (const [name, [setter, ...values]] of Object.entries(own)) gl[setter](uniforms[name] ?? null, ...values);
    Object.entries(textures).forEach(([name, texture], unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(uniforms[name] ?? null, unit);
    });
    gl.activeTexture(gl.TEXTURE0);
  },

  /** Average one more frame into the light buffer. */
  sample(quality = 1) {
    const { gl, buffers, state, particles, programs } = this;
    const size = this.size.map((x) => Math.max(1, Math.round(x * quality)));
    const shift = jitter(this.samples);
    const geometry = this.geometry();
    const { spheres, values, table } = this;
    this.drawnSize = size;
    this.drawnQuality = quality;

    gl.bindFramebuffer(gl.FRAMEBUFFER, buffers.frames[0]);
    gl.viewport(0, 0, ...size);
    gl.disable(gl.BLEND);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LESS);
    gl.clearBufferuiv(gl.COLOR, 0, [0, 0, 0, 0]);
    gl.clearBufferfv(gl.DEPTH, 0, [1]);
    const toward = geometry.target.reduce((sum, x, k) => sum + geometry.axes[6 + k] * x, 0);
    const cut = state.cut > 0 ? this.radius * (1 - 2 * state.cut) - toward : 1e30;
    this.use(programs.spheres, geometry, size, shift, {
      u_show: ["uniform2f",
        state.low === null ? -5 : this.share(state.low) - 1e-7,
        state.high === null ? 5 : this.share(state.high) + 1e-7],
      u_filter: ["uniform1i", Number(state.low !== null || state.high !== null)],
      u_cut: ["uniform1f", cut],
      u_count: ["uniform1i", particles.n],
    }, { u_spheres: spheres, u_values: values, u_table: table });
    const drawn = this.batches.nearFirst(geometry);
    gl.bufferData(gl.ARRAY_BUFFER, drawn, gl.STREAM_DRAW);
    if (drawn.length > 0) gl.drawElementsInstanced(gl.TRIANGLES, 6 * BATCH, gl.UNSIGNED_SHORT, 0, drawn.length);
    if (state.edges) {
      this.use(programs.lines, geometry, size, shift, {
        u_ends: ["uniform3fv", particles.box.edges.flat(2)],
        u_width: ["uniform1f", Math.max(1, 1.3 * this.dot * quality)],
      }, {});
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, particles.box.edges.length);
    }

    gl.bindFramebuffer(gl.FRAMEBUFFER, buffers.frames[1]);
    gl.viewport(0, 0, ...size);
    gl.disable(gl.DEPTH_TEST);
    if (this.samples > 0) {
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.CONSTANT_ALPHA, gl.ONE_MINUS_CONSTANT_ALPHA);
      gl.blendColor(0, 0, 0, 1 / (this.samples + 1));
    }
    const [low, high] = state.column.kind === "number" ? this.limits : [null, null];
    const colors = low !== null && low < high ? [this.share(low), this.share(high)] : [-0.5, 1.5];
    this.use(programs.light, geometry, size, shift, {
      u_colors: ["uniform2fv", colors],
      u_categories: ["uniform1i", Number(state.column.kind === "category")],
      u_noValue: ["uniform3fv", particles.noValue.map((x) => x / 255)],
      u_reach: ["uniform1f", particles.view.reach],
      u_taps: ["uniform1i", quality < 0.8 ? 4 : 10],
      u_turn: ["uniform1f", (this.samples * 0.61803399) % 1],
    }, { u_spheres: spheres, u_values: values, u_table: table, u_owner: buffers.owner, u_depth: buffers.depth });
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.disable(gl.BLEND);
    this.samples += 1;
  },

  /** Put the averaged light and the rings of marked particles on the canvas. */
  present() {
    const { gl, particles, state } = this;
    const geometry = this.geometry();
    const marked = (i) => (i < 0 ? [0, 0, 0, 0]
      : [...geometry.seen([...particles.offsets.subarray(3 * i, 3 * i + 3)]), particles.diameters[i] / 2]);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, ...this.size);
    this.use(this.programs.present, geometry, this.size, [0, 0], {
      u_share: ["uniform1f", this.drawnSize[0] / this.size[0]],
      u_paper: ["uniform3fv", PAPER.map(linearLight)],
      u_hovered: ["uniform4fv", marked(state.hovered === state.pinned ? -1 : state.hovered)],
      u_pinned: ["uniform4fv", marked(state.pinned)],
      u_dot: ["uniform1f", this.dot],
    }, { u_light: this.buffers.light });
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  },
});
