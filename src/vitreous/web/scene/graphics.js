// WebGL2 in the words of this page: programs, textures, framebuffers.

/**
 * @typedef {{program: WebGLProgram, uniforms: Record<string, WebGLUniformLocation | null>}} Program
 */

/**
 * @param {WebGL2RenderingContext} gl
 * @param {string} vertex
 * @param {string} fragment
 * @returns {Program}
 */
export function compile(gl, vertex, fragment) {
  const program = gl.createProgram();
  /** @type {[GLenum, string][]} */
  const parts = [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]];
  for (const [type, source] of parts) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(type));
    gl.shaderSource(shader, `#version 300 es\n${source.trimStart()}`);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(gl.getShaderInfoLog(shader) ?? "a shader cannot be compiled");
    }
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(gl.getProgramInfoLog(program) ?? "a program cannot be linked");
  }
  /** @type {Program["uniforms"]} */
  const uniforms = {};
  for (let k = 0; k < (gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0); k += 1) {
    const name = gl.getActiveUniform(program, k)?.name ?? "";
    uniforms[name.replace("[0]", "")] = gl.getUniformLocation(program, name);
  }
  return { program, uniforms };
}

/**
 * A texture of one level.
 * @param {WebGL2RenderingContext} gl
 * @param {GLenum} format
 * @param {number} width
 * @param {number} height
 */
export function texture(gl, format, width, height) {
  const made = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, made);
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  const filter = format === gl.RGBA16F ? gl.LINEAR : gl.NEAREST;
  for (const key of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, key, filter);
  for (const key of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, key, gl.CLAMP_TO_EDGE);
  return made;
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {[GLenum, WebGLTexture][]} attachments
 */
export function framebuffer(gl, attachments) {
  const frame = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  for (const [point, attached] of attachments) {
    gl.framebufferTexture2D(gl.FRAMEBUFFER, point, gl.TEXTURE_2D, attached, 0);
  }
  return frame;
}

/**
 * Use a program with these uniforms and textures, by name; what it does not use is left out.
 * @param {WebGL2RenderingContext} gl
 * @param {Program} program
 * @param {Record<string, (place: WebGLUniformLocation | null) => void>} setters
 * @param {Record<string, WebGLTexture>} textures
 */
export function use(gl, { program, uniforms }, setters, textures) {
  gl.useProgram(program);
  for (const [name, set] of Object.entries(setters)) set(uniforms[name] ?? null);
  Object.entries(textures).forEach(([name, used], unit) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, used);
    gl.uniform1i(uniforms[name] ?? null, unit);
  });
  gl.activeTexture(gl.TEXTURE0);
}
