/**
 * The programs that run on the graphics processor, one pair of shaders each. Places are device pixels from the upper
 * left corner of a target, row 0 on top; `u_up` is 1 where the target's first row is the top one, and -1 on the
 * canvas, whose first row is the bottom one. Colours leave premultiplied.
 */

const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;
precision highp isampler2D;
`;

/** Entries of a row of the table that says where in the atlas a look is. */
export const TABLE_WIDTH = 1024;
/** Texels of a row of the textures that hold marks and stretches. */
export const DATA_WIDTH = 1024;

/** Vertices of a square: two triangles. */
export const CORNERS = 6;
/** Which thing a vertex is of, and which of the square's four corners it is, as 0 or 1 each way. */
const CORNER = `
const ivec2 corners[${CORNERS}] = ivec2[](ivec2(0, 0), ivec2(1, 0), ivec2(0, 1), ivec2(0, 1), ivec2(1, 0), ivec2(1, 1));
ivec2 cornerOf(int vertex) { return corners[vertex % ${CORNERS}]; }
ivec2 texelOf(int at) { return ivec2(at % ${DATA_WIDTH}, at / ${DATA_WIDTH}); }
`;

/**
 * A mark: a square of the look's own size round the middle of its pixel. It lies on whole
 * pixels, and so does its picture in the atlas: every pixel of it is one of the sprite's, and nothing is smeared.
 */
const markVertex = `${HEAD}${CORNER}
uniform vec2 u_corner;
uniform vec2 u_size;
uniform float u_up;
uniform usampler2D u_table;
uniform isampler2D u_marks;
out vec2 v_at;
flat out int v_id;
void main() {
  ivec4 mark = texelFetch(u_marks, texelOf(gl_VertexID / ${CORNERS}), 0);
  int look = mark.z;
  uvec4 cell = texelFetch(u_table, ivec2(look % ${TABLE_WIDTH}, look / ${TABLE_WIDTH}), 0);
  float reach = float(cell.z);
  vec2 corner = vec2(cornerOf(gl_VertexID)) * (2.0 * reach + 1.0);
  v_at = vec2(cell.xy) + corner;
  v_id = mark.y;
  // Two numbers of 16 bits with their signs, as packedPlace of markList.ts makes them.
  ivec2 middle = ivec2((mark.x << 16) >> 16, mark.x >> 16);
  vec2 place = (vec2(middle) - reach + corner - u_corner) / u_size * 2.0 - 1.0;
  gl_Position = vec4(place.x, place.y * u_up, 0.0, 1.0);
}`;

const markFragment = `${HEAD}
uniform sampler2D u_atlas;
in vec2 v_at;
out vec4 color;
void main() {
  vec4 texel = texelFetch(u_atlas, ivec2(v_at), 0);
  color = vec4(texel.rgb * texel.a, texel.a);
}`;

/** Whose pixel it is. A ring has no id: where it is opaque nobody is seen, and where it is not, who lies below. */
const idFragment = `${HEAD}
uniform sampler2D u_atlas;
in vec2 v_at;
flat in int v_id;
out int id;
void main() {
  float alpha = texelFetch(u_atlas, ivec2(v_at), 0).a;
  if (alpha == 0.0 || (v_id == 0 && alpha < 1.0)) discard;
  id = v_id;
}`;

/**
 * A stretch of a trail. The same arithmetic as the stretches of trailLines.ts: the long axis runs along `a`, the short
 * one along `b`, and how much of a pixel is covered is measured along `b`.
 */
const trailVertex = `${HEAD}${CORNER}
uniform vec2 u_size;
uniform float u_half;
uniform int u_first;
uniform sampler2D u_stretches;
flat out vec4 v_line;
flat out vec3 v_fade;
flat out int v_steep;
void main() {
  int texel = 2 * (u_first + gl_VertexID / ${CORNERS});
  vec4 ends = texelFetch(u_stretches, texelOf(texel), 0);
  vec2 along = abs(ends.zw - ends.xy);
  bool steep = along.y > along.x;
  vec2 from = steep ? ends.yx : ends.xy;
  vec2 to = steep ? ends.wz : ends.zw;
  vec2 alpha = texelFetch(u_stretches, texelOf(texel + 1), 0).xy;
  if (from.x > to.x) {
    vec2 end = from;
    from = to;
    to = end;
    alpha = alpha.yx;
  }
  float reach = to.x - from.x;
  float slope = reach > 0.0 ? (to.y - from.y) / reach : 0.0;
  float fading = reach > 0.0 ? (alpha.y - alpha.x) / reach : 0.0;
  float across = u_half * sqrt(1.0 + slope * slope);
  v_line = vec4(from, to.x, slope);
  v_fade = vec3(alpha.x, fading, across);
  v_steep = steep ? 1 : 0;
  ivec2 corner = cornerOf(gl_VertexID);
  float a = corner.x == 0 ? floor(from.x) : floor(to.x) + 1.0;
  float b = from.y + slope * (a - from.x) + (corner.y == 0 ? -1.0 : 1.0) * (across + 1.5);
  vec2 place = steep ? vec2(b, a) : vec2(a, b);
  gl_Position = vec4(place / u_size * 2.0 - 1.0, 0.0, 1.0);
}`;

const trailFragment = `${HEAD}
flat in vec4 v_line;
flat in vec3 v_fade;
flat in int v_steep;
out vec4 opacity;
void main() {
  vec2 pixel = floor(v_steep == 1 ? gl_FragCoord.yx : gl_FragCoord.xy);
  float at = clamp(pixel.x + 0.5, v_line.x, v_line.z) - v_line.x;
  float middle = v_line.y + v_line.w * at;
  float covered = min(1.0, v_fade.z + 0.5 - abs(pixel.y + 0.5 - middle));
  float rounded = floor((v_fade.x + v_fade.y * at) * covered + 0.5);
  if (rounded <= 0.0) discard;
  opacity = vec4(rounded / 255.0);
}`;

/** Lays the trails of one colour, whose opacities stand in a layer of their own, over what is there. */
const layerVertex = `${HEAD}
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

const layerFragment = `${HEAD}
uniform sampler2D u_layer;
uniform vec3 u_color;
uniform int u_height;
out vec4 color;
void main() {
  float alpha = texelFetch(u_layer, ivec2(int(gl_FragCoord.x), u_height - 1 - int(gl_FragCoord.y)), 0).r;
  color = vec4(u_color * alpha, alpha);
}`;

export const shaders = {
  mark: { vertex: markVertex, fragment: markFragment },
  id: { vertex: markVertex, fragment: idFragment },
  trail: { vertex: trailVertex, fragment: trailFragment },
  layer: { vertex: layerVertex, fragment: layerFragment },
} as const;
