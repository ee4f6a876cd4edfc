// The programs of the graphics processor. The geometry and the light are those of plot/_render_kernel.py:
// camera coordinates (u, v, w) with w towards the eye at (0, 0, 1/g), and rays (p (1 - g w), w) through the
// point p of the plane w = 0.

import { BATCH } from "./batches.js";

export const TEXTURE_WIDTH = 2048; // slot i is texel (i mod 2048, i div 2048)
export const LINE_OWNER = 0xffffffff;

const SHADER_COMMON = `
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;
uniform sampler2D u_spheres;   // offset from the data's centre, radius
uniform sampler2D u_values;    // value as a share of the column's range (or category), species code
uniform mat3 u_axes;
uniform vec3 u_target;
uniform vec4 u_view;           // from the plane to clip coordinates (x, y), g, half depth of the scene
uniform vec2 u_size;           // of the picture, in device pixels
uniform vec2 u_jitter;         // in device pixels
const float NO_VALUE = -10.0;
ivec2 texel(int i) { return ivec2(i & 2047, i >> 11); }
vec3 seen(vec3 offset) { return u_axes * (offset - u_target); }
float depthOf(float w) { return 0.5 - 0.5 * w / u_view.w; }
vec2 clip(vec2 p) { return p * u_view.xy + 2.0 * u_jitter / u_size; }
vec2 plane(vec2 pixel) { return (2.0 * (pixel - u_jitter) / u_size - 1.0) / u_view.xy; }
`;

export const SPHERE_VERTEX = `${SHADER_COMMON}
uniform sampler2D u_table;
uniform vec2 u_show;           // values drawn, as shares of the range
uniform bool u_filter;
uniform float u_cut;           // centres nearer to the eye than this are not drawn
flat out vec4 v_sphere;
flat out uint v_owner;
out vec2 v_p;
uniform int u_count;
layout(location = 0) in uint a_batch;
void main() {
  int i = int(a_batch) * ${BATCH} + (gl_VertexID >> 2);
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  if (i >= u_count) return;
  vec4 sphere = texelFetch(u_spheres, texel(i), 0);
  vec2 value = texelFetch(u_values, texel(i), 0).xy;
  vec3 c = seen(sphere.xyz);
  float r = sphere.w;
  float g = u_view.z;
  bool shown = c.z <= u_cut && texelFetch(u_table, ivec2(int(value.y) & 255, 2), 0).a > 0.5;
  if (u_filter) shown = shown && value.x >= u_show.x && value.x <= u_show.y && value.x != NO_VALUE;
  if (!shown) return;
  float k = 1.0 - g * c.z;
  float far = k * k - g * g * r * r;
  v_sphere = vec4(c, r);
  v_owner = uint(i) + 1u;
  vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1) * 2.0 - 1.0;
  v_p = (c.xy * k + corner * r * sqrt(g * g * c.xy * c.xy + far)) / far;
  gl_Position = vec4(clip(v_p), 2.0 * depthOf(c.z + r) - 1.0, 1.0);
}`;

/** @param {boolean} conservative whether depths may be promised to be only greater */
export const SPHERE_FRAGMENT = (conservative) => `${conservative ? "#extension GL_EXT_conservative_depth : enable\n" : ""}
${SHADER_COMMON}
${conservative ? "layout(depth_greater) out highp float gl_FragDepth;" : ""}
flat in vec4 v_sphere;
flat in uint v_owner;
in vec2 v_p;
layout(location = 0) out uint o_owner;
void main() {
  float g = u_view.z;
  vec2 a = v_p * (1.0 - g * v_sphere.z) - v_sphere.xy;
  vec2 d = -g * v_p;
  float quadratic = 1.0 + dot(d, d);
  float linear = dot(a, d);
  float inside = linear * linear - quadratic * (dot(a, a) - v_sphere.w * v_sphere.w);
  if (inside < 0.0) discard;
  gl_FragDepth = depthOf(v_sphere.z + (sqrt(inside) - linear) / quadratic);
  o_owner = v_owner;
}`;

export const LINE_VERTEX = `${SHADER_COMMON}
uniform vec3 u_ends[24];
uniform float u_width;         // device pixels
out float v_w;
void main() {
  vec3 a = seen(u_ends[2 * gl_InstanceID]), b = seen(u_ends[2 * gl_InstanceID + 1]);
  vec2 from = clip(a.xy / (1.0 - u_view.z * a.z)), to = clip(b.xy / (1.0 - u_view.z * b.z));
  vec2 along = normalize((to - from) * u_size + vec2(1e-9, 0.0));
  bool end = gl_VertexID > 1;
  float side = float(gl_VertexID & 1) - 0.5;
  vec2 at = (end ? to : from) + 2.0 * side * u_width * vec2(-along.y, along.x) / u_size;
  v_w = end ? b.z : a.z;
  float k = 1.0 - u_view.z * v_w;
  gl_Position = vec4(at * k, 0.0, k);
}`;

export const LINE_FRAGMENT = `${SHADER_COMMON}
in float v_w;
layout(location = 0) out uint o_owner;
void main() { gl_FragDepth = depthOf(v_w); o_owner = ${LINE_OWNER}u; }`;

export const SCREEN_VERTEX = `
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;

export const LIGHT_FRAGMENT = `${SHADER_COMMON}
uniform usampler2D u_owner;
uniform sampler2D u_depth, u_table;
uniform vec2 u_colors;         // white and dark red, as shares of the column's range
uniform bool u_categories;
uniform vec3 u_noValue;
uniform float u_reach, u_turn;
uniform int u_taps;
layout(location = 0) out vec4 o_color;
const vec3 LIGHT = vec3(-0.42, 0.56, 0.714), HALFWAY = vec3(-0.2266, 0.3022, 0.9259);
vec3 toLinear(vec3 c) { return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c)); }
vec3 pointAt(ivec2 pixel) {
  float w = (1.0 - 2.0 * texelFetch(u_depth, pixel, 0).r) * u_view.w;
  return vec3(plane(vec2(pixel) + 0.5) * (1.0 - u_view.z * w), w);
}
float openness(ivec2 pixel, vec3 point, vec3 normal) {
  float spread = u_reach * 0.5 * u_size.x * u_view.x / (1.0 - u_view.z * point.z);
  float noise = fract(52.9829189 * fract(dot(vec2(pixel), vec2(0.06711056, 0.00583715))) + u_turn);
  float start = fract(7.1317 * noise);
  float angle = 6.2831853 * noise;
  float hidden = 0.0;
  for (int tap = 0; tap < u_taps; ++tap) {
    float reach = spread * (float(tap) + start) / float(u_taps);
    ivec2 at = pixel + ivec2(floor(reach * vec2(cos(angle), sin(angle)) + 0.5));
    angle += 2.399963;
    if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, ivec2(u_size)))) continue;
    uint owner = texelFetch(u_owner, at, 0).r;
    if (owner == 0u || owner == ${LINE_OWNER}u) continue;
    vec3 to = pointAt(at) - point;
    hidden += max(0.0, dot(to, normal) / sqrt(dot(to, to) + 0.02 * u_reach * u_reach) - 0.05);
  }
  return max(0.0, 1.0 - 1.45 * hidden / float(u_taps));
}
vec3 colorOf(int i) {
  float value = texelFetch(u_values, texel(i), 0).x;
  if (value == NO_VALUE) return u_noValue;
  if (u_categories) return texelFetch(u_table, ivec2(int(value) & 255, 1), 0).rgb;
  float share = clamp((value - u_colors.x) / (u_colors.y - u_colors.x), 0.0, 1.0);
  return texelFetch(u_table, ivec2(min(int(share * 256.0), 255), 0), 0).rgb;
}
void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  uint owner = texelFetch(u_owner, pixel, 0).r;
  if (owner == 0u) { o_color = vec4(0.0); return; }
  if (owner == ${LINE_OWNER}u) { o_color = vec4(vec3(0.04), 1.0); return; }
  int i = int(owner) - 1;
  vec4 sphere = texelFetch(u_spheres, texel(i), 0);
  vec3 point = pointAt(pixel);
  vec3 normal = normalize(point - seen(sphere.xyz));
  vec2 p = plane(vec2(pixel) + 0.5);
  float facing = dot(normal, normalize(vec3(-u_view.z * p, 1.0)));
  float rim = clamp(facing / 0.36, 0.0, 1.0);
  rim = mix(0.30, 1.0, rim * rim * (3.0 - 2.0 * rim));
  float light = openness(pixel, point, normal) * rim * mix(0.68, 1.08, max(0.0, dot(normal, LIGHT)));
  float shine = 0.16 * light * pow(max(0.0, dot(normal, HALFWAY)), 36.0);
  o_color = vec4(min(vec3(1.0), toLinear(colorOf(i)) * light + shine), 1.0);
}`;

export const PRESENT_FRAGMENT = `${SHADER_COMMON}
uniform sampler2D u_light;
uniform float u_share;         // of the texture that holds the picture
uniform vec3 u_paper;          // linear light
uniform vec4 u_hovered, u_pinned; // spheres in camera coordinates; radius 0 for none
uniform float u_dot;           // device pixels in a CSS pixel
layout(location = 0) out vec4 o_color;
float ring(vec4 sphere, vec2 p, float width) {
  if (sphere.w <= 0.0) return 0.0;
  float k = 1.0 - u_view.z * sphere.z;
  vec3 ray = vec3(u_view.z * p, -1.0);
  float beyond = length(cross(sphere.xyz - vec3(p, 0.0), ray)) / length(ray) - sphere.w;
  float pixels = beyond * 0.5 * u_size.x * u_view.x / k - u_dot;
  return 1.0 - smoothstep(0.5 * width - 0.6, 0.5 * width + 0.6, abs(pixels));
}
void main() {
  vec2 limit = u_size * u_share;
  vec2 at = clamp(gl_FragCoord.xy * u_share, vec2(0.5), limit - 0.5);
  vec4 light = texture(u_light, at / vec2(textureSize(u_light, 0)));
  vec3 linear = light.rgb + (1.0 - light.a) * u_paper;
  vec3 color = mix(12.92 * linear, 1.055 * pow(max(linear, 1e-6), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, linear));
  vec2 p = plane(gl_FragCoord.xy);
  color = mix(color, vec3(1.0), ring(u_hovered, p, 4.5 * u_dot));
  color = mix(color, vec3(0.12, 0.14, 0.17), ring(u_hovered, p, 2.0 * u_dot));
  color = mix(color, vec3(1.0), ring(u_pinned, p, 6.0 * u_dot));
  color = mix(color, vec3(0.04, 0.34, 0.82), ring(u_pinned, p, 3.0 * u_dot));
  o_color = vec4(color, 1.0);
}`;
