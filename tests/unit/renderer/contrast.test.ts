/** Every colour of the style sheet against what it stands on: WCAG 2.2, 1.4.3 and 1.4.11. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const sheet = readFileSync(new URL('../../../src/renderer/theme/tokens.css', import.meta.url), 'utf8');
const [lightPart = '', darkPart = ''] = sheet.split('@media (prefers-color-scheme: dark)');
const colors = (part: string) =>
  Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ['surface', 'surface-low', 'surface-high'];
const text: [string, string[]][] = [
  ['text', [...surfaces, 'warning-soft', 'bad-soft']],
  ['text-muted', surfaces],
  ['accent', ['surface', 'surface-low']],
  ['good', ['surface', 'surface-low']],
  ['warning', ['surface', 'surface-low', 'warning-soft']],
  ['bad', ['surface', 'surface-low', 'bad-soft']],
  ['on-accent', ['accent']],
];

describe.each([
  ['light', colors(lightPart)],
  ['dark', colors(darkPart)],
])('the %s theme', (_, theme) => {
  const get = (name: string) => {
    const color = theme[name];
    if (!color) throw new Error(`tokens.css has no --${name}`);
    return color;
  };

  it.each(text.flatMap(([name, on]) => on.map((surface) => [name, surface] as const)))(
    '%s on %s is legible',
    (name, surface) => {
      expect(contrast(get(name), get(surface))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(['surface', 'surface-low'])('the edges of controls on %s can be seen', (surface) => {
    expect(contrast(get('control-line'), get(surface))).toBeGreaterThanOrEqual(3);
  });
});
