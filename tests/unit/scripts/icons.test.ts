/** The icons are drawn from packaging/icon.svg by scripts/packaging/renderIcons.mjs, which leaves the drawing's hash. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const packaging = resolve(import.meta.dirname, '../../../packaging');
const read = (name: string) => readFileSync(`${packaging}/${name}`);

describe('the icons', () => {
  it('are made of the drawing as it is', () => {
    const drawing = createHash('sha256').update(read('icon.svg')).digest('hex');
    expect(read('icons/drawing.sha256').toString().trim()).toBe(drawing);
  });

  it('are PNG pictures of the sizes that their names say', () => {
    const names = readdirSync(`${packaging}/icons`).filter((name) => name.endsWith('.png'));
    expect(names).toHaveLength(8);
    for (const name of names) {
      const picture = read(`icons/${name}`);
      expect(picture.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
      // The first chunk, IHDR, begins with width and height.
      expect(`${picture.readUInt32BE(16)}x${picture.readUInt32BE(20)}.png`).toBe(name);
    }
  });
});
