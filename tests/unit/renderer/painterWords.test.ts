import { describe, expect, it } from 'vitest';
import type { PainterState } from '../../../src/renderer/map/mapView';
import { isPainterTrouble, painterWords, rendererWords } from '../../../src/renderer/words/painter';

const SWIFTSHADER = 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)';

describe('the painter in words', () => {
  it.each([
    [SWIFTSHADER, 'SwiftShader'],
    ['ANGLE (Mesa, llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5)', 'llvmpipe'],
    ['ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)', 'ANGLE Metal Renderer: Apple M2'],
    ['Mali-G78', 'Mali-G78'],
    ['', 'an unnamed graphics processor'],
  ])('names the device of %j', (renderer, words) => expect(rendererWords(renderer)).toBe(words));

  it.each<[PainterState, string, boolean]>([
    [{ kind: 'webgl', renderer: 'Mali-G78' }, 'WebGL on Mali-G78', false],
    [{ kind: 'pixels', why: { kind: 'chosen' } }, 'Pixels, as chosen', false],
    [
      { kind: 'pixels', why: { kind: 'no-gpu', renderer: null } },
      'Pixels: this system has no graphics processor that WebGL could use',
      false,
    ],
    [
      { kind: 'pixels', why: { kind: 'no-gpu', renderer: SWIFTSHADER } },
      'Pixels: this system has no graphics processor, only SwiftShader',
      false,
    ],
    [{ kind: 'pixels', why: { kind: 'no-webgl', renderer: null } }, 'Pixels: this system has no WebGL2', false],
    [
      { kind: 'pixels', why: { kind: 'unproven', renderer: 'Mali-G78', detail: 'who is at 8, 16 was wrong' } },
      'Pixels: WebGL on Mali-G78 failed its test picture: who is at 8, 16 was wrong',
      true,
    ],
    [
      { kind: 'pixels', why: { kind: 'lost', renderer: null, detail: 'its context was lost' } },
      'Pixels: WebGL stopped: its context was lost',
      true,
    ],
  ])('says who paints, and why not the other: %j', (state, words, trouble) => {
    expect(painterWords(state)).toBe(words);
    expect(isPainterTrouble(state)).toBe(trouble);
  });
});
