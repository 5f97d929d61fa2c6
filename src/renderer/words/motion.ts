/** Speed and heading in words. */

const winds = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const;

/** m/s into "7.2 m/s (25.9 km/h, 14.0 kn)". */
export const speedWords = (speed: number): string =>
  `${speed.toFixed(1)} m/s (${(speed * 3.6).toFixed(1)} km/h, ${((speed * 3600) / 1852).toFixed(1)} kn)`;

/** Degrees clockwise from north into "274° (W)". */
export function headingWords(heading: number): string {
  const whole = ((Math.round(heading) % 360) + 360) % 360;
  return `${whole}° (${winds[Math.round(whole / 45) % 8]})`;
}

/** What smooth motion means; `reduced`: the system asks for less of it. */
export const motionWords = (reduced: boolean) =>
  reduced
    ? 'Off: the system asks for reduced motion'
    : 'From fix to fix, never beyond the last: what is shown lags behind it';
