/**
 * Colours and sizes for numbers, from low to high. The colours go evenly from dark to light in OKLCH (Ottosson, 2020)
 * while the hue goes from violet by blue and green to yellow: the order is seen by everybody, also without the hue.
 * Each theme has its own, since the lightest have to stand out from a light map, and the darkest from a dark one.
 */
export const measureRamp = {
  light: [
    '#510070',
    '#4a1687',
    '#3e2a99',
    '#273ca5',
    '#00519e',
    '#02608f',
    '#006c8a',
    '#037787',
    '#088183',
    '#058c7e',
    '#019873',
    '#02a459',
    '#53a939',
    '#83ab08',
    '#a8aa00',
    '#c8a901',
  ],
  dark: [
    '#833ea7',
    '#784ebe',
    '#685ed0',
    '#5170dd',
    '#2981e4',
    '#0292d7',
    '#07a0ca',
    '#04acc2',
    '#05b7ba',
    '#0bc3b0',
    '#00cf9e',
    '#4ad884',
    '#84db6c',
    '#b1dc53',
    '#d9db3e',
    '#fcd936',
  ],
} as const;

export const RAMP_STEPS = measureRamp.light.length;

/** Times the usual size. */
export const measureSizes = [0.7, 0.95, 1.2, 1.45, 1.7] as const;
