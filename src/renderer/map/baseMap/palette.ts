/**
 * The base map's colours: calm, so that points of any colour stand out. Text on its ground has a contrast of at
 * least 4.5 to 1 (WCAG AA); the unit tests compute it.
 */
export interface Palette {
  readonly sea: string;
  readonly land: string;
  readonly coast: string;
  readonly border: string;
  readonly graticule: string;
  readonly place: string;
  readonly placeHalo: string;
  readonly seaName: string;
  readonly seaHalo: string;
}

export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    sea: '#cfdde5',
    land: '#f5f4f0',
    coast: '#9db3c1',
    border: '#c4bdb2',
    graticule: 'rgba(88, 118, 138, 0.13)',
    place: '#46505a',
    placeHalo: 'rgba(245, 244, 240, 0.85)',
    seaName: '#426479',
    seaHalo: 'rgba(207, 221, 229, 0.85)',
  },
  dark: {
    sea: '#0d1721',
    land: '#1d2935',
    coast: '#41586c',
    border: '#40505e',
    graticule: 'rgba(140, 170, 195, 0.08)',
    place: '#aab7c3',
    placeHalo: 'rgba(29, 41, 53, 0.85)',
    seaName: '#7094ae',
    seaHalo: 'rgba(13, 23, 33, 0.85)',
  },
};
