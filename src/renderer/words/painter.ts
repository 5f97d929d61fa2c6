/** Which painter paints the map, and why not the other, in words. */
import type { PainterWish } from '../../shared/contract';
import type { PainterState } from '../map/mapView';

export const painterChoices: readonly {
  readonly value: PainterWish;
  readonly label: string;
  readonly meaning: string;
}[] = [
  { value: 'automatic', label: 'Automatic', meaning: 'WebGL where there is a graphics processor and it proves itself' },
  { value: 'pixels', label: 'Pixels', meaning: 'On the processor: the same on every system' },
  { value: 'webgl', label: 'WebGL', meaning: 'Also without a graphics processor, which is slow' },
];

/** "ANGLE (Vendor, Device, driver)" is what Chromium makes of a device's name; the device alone can be read. */
export function rendererWords(renderer: string): string {
  const device = /^ANGLE \([^,]*, (.+), [^,]*\)$/.exec(renderer)?.[1] ?? renderer;
  return /swiftshader|llvmpipe/i.exec(device)?.[0] ?? (device.trim() || 'an unnamed graphics processor');
}

export function painterWords(state: PainterState): string {
  if (state.kind === 'webgl') return `WebGL on ${rendererWords(state.renderer)}`;
  const { why } = state;
  switch (why.kind) {
    case 'chosen':
      return 'Pixels, as chosen';
    case 'not-tried':
      return 'Pixels: WebGL has not been tried yet';
    case 'no-webgl':
      return 'Pixels: this system has no WebGL2';
    case 'no-gpu':
      return why.renderer === null
        ? 'Pixels: this system has no graphics processor that WebGL could use'
        : `Pixels: this system has no graphics processor, only ${rendererWords(why.renderer)}`;
    case 'unproven':
      return `Pixels: WebGL${on(why.renderer)} failed its test picture: ${why.detail}`;
    case 'lost':
      return `Pixels: WebGL${on(why.renderer)} stopped: ${why.detail}`;
  }
}

const on = (renderer: string | null) => (renderer === null ? '' : ` on ${rendererWords(renderer)}`);

/** Whether it is a trouble that somebody should hear of: WebGL was there, and did not do. */
export const isPainterTrouble = (state: PainterState) =>
  state.kind === 'pixels' && (state.why.kind === 'unproven' || state.why.kind === 'lost');
