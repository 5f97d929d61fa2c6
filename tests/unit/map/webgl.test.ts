import { describe, expect, it } from 'vitest';
import type { FrameView } from '../../../src/renderer/map/worker/messages';
import { isSamePicture, pictureDifference } from '../../../src/renderer/map/worker/pictureDifference';
import { pixelOf } from '../../../src/renderer/map/worker/pixels';
import { isSoftware } from '../../../src/renderer/map/worker/webgl/renderer';
import { STRETCH_WIDTH, Stretches } from '../../../src/renderer/map/worker/webgl/stretches';

describe('a renderer', () => {
  it.each([
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    'ANGLE (Mesa, llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5)',
    'ANGLE (Microsoft, Microsoft Basic Render Driver (0x0000008C) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    'Apple Software Renderer',
    'Google SwiftShader',
    'Software Adapter',
  ])('is software by its name: %s', (name) => expect(isSoftware(name)).toBe(true));

  it.each([
    'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)',
    'ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)',
    'ANGLE (AMD, AMD Radeon RX 6600 (radeonsi navi23 LLVM 15.0.7), OpenGL 4.6)',
    'Mali-G78',
  ])('is a graphics processor by its name: %s', (name) => expect(isSoftware(name)).toBe(false));
});

describe('the stretches of trails for the graphics processor', () => {
  const view: FrameView = {
    zoom: 18,
    x: 0,
    y: 0,
    width: 400,
    height: 300,
    scale: 1,
    viewport: { x: 0, y: 0, width: 400, height: 300 },
  };
  const open = () => {
    const stretches = new Stretches();
    stretches.clear(view);
    stretches.begin('#e03131');
    return stretches;
  };

  it('are cut to the frame with room round it, in place and opacity, however far they reach', () => {
    const stretches = open();
    // A slope of 1/4 through (200, 100), from 40 million pixels away to as far on the other side.
    const far = 40_000_000;
    stretches.stretch(200 - far, 100 - far / 4, 200, 200 + far, 100 + far / 4, 100);
    const [x0, y0, x1, y1, alpha0, alpha1] = stretches.numbers;
    expect([x0, x1]).toEqual([-64, 464]);
    expect([y0, y1]).toEqual([34, 166]);
    expect(alpha0).toBeCloseTo(150, 2);
    expect(alpha1).toBeCloseTo(150, 2);
  });

  it('keep what is inside as it is', () => {
    const stretches = open();
    stretches.stretch(10, 20, 190, 30.5, 40.25, 28);
    expect([...stretches.numbers.subarray(0, stretches.length)]).toEqual([10, 20, 30.5, 40.25, 190, 28, 0, 0]);
  });

  it('leave out what does not reach the frame, also where its box does', () => {
    const stretches = open();
    stretches.stretch(-500, 10, 100, -70, 20, 100);
    stretches.stretch(10, 500, 100, 20, 400, 100);
    stretches.stretch(-1_000, 200, 100, 200, 1_400, 100);
    stretches.stretch(-70, 5, 100, -70, 50, 100);
    expect(stretches.length).toBe(0);
    expect(stretches.groups).toEqual([]);
  });

  it('stand together by colour, as far as one follows the other; more of them than there was room for', () => {
    const stretches = open();
    const many = 3_000;
    for (let i = 0; i < many; i++) stretches.stretch(1, i % 300, 100, 50, i % 300, 100);
    stretches.begin('#e03131');
    stretches.stretch(0, 0, 1, 1, 1, 1);
    stretches.begin('#1971c2');
    stretches.begin('#2f9e44');
    stretches.stretch(0, 0, 1, 1, 1, 1);
    expect(stretches.length).toBe((many + 2) * STRETCH_WIDTH);
    expect(stretches.groups).toEqual([
      { color: pixelOf('#e03131'), first: 0, count: many + 1 },
      { color: pixelOf('#2f9e44'), first: many + 1, count: 1 },
    ]);
    stretches.clear(view);
    expect(stretches.groups).toEqual([]);
  });
});

describe('the difference of two pictures', () => {
  const picture = (...pixels: number[][]) => Uint8ClampedArray.from(pixels.flat());
  const empty = [0, 0, 0, 0];

  it('is none between equal ones, and empty pixels do not count', () => {
    const one = picture([10, 20, 30, 255], empty);
    expect(pictureDifference(one, picture([10, 20, 30, 255], [9, 9, 9, 0]))).toEqual({
      painted: 1,
      worst: 0,
      strays: 0,
    });
  });

  it('is measured as the pixels are laid on the map: colour by its opacity, opacity in full', () => {
    expect(pictureDifference(picture([255, 0, 0, 51]), picture([0, 0, 0, 51])).worst).toBeCloseTo(51);
    expect(pictureDifference(picture([0, 0, 0, 40]), picture([0, 0, 0, 90])).worst).toBe(50);
    expect(pictureDifference(picture(empty), picture([7, 7, 7, 255])).strays).toBe(1);
  });

  it('is small enough while few pixels stray, and not far', () => {
    expect(isSamePicture({ painted: 10_000, worst: 4, strays: 0 })).toBe(true);
    expect(isSamePicture({ painted: 10_000, worst: 30, strays: 10 })).toBe(true);
    expect(isSamePicture({ painted: 10_000, worst: 30, strays: 11 })).toBe(false);
    expect(isSamePicture({ painted: 10_000, worst: 33, strays: 1 })).toBe(false);
  });
});
