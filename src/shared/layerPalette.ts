/**
 * Colours for layers. The first eight are given to new layers in turn, and are told apart also with the common colour
 * vision deficiencies (after Okabe and Ito, 2008); the others are for the person to choose.
 */
export const layerPalette = [
  { name: 'Orange', color: '#e69f00' },
  { name: 'Sky blue', color: '#56b4e9' },
  { name: 'Green', color: '#009e73' },
  { name: 'Vermilion', color: '#d55e00' },
  { name: 'Pink', color: '#cc79a7' },
  { name: 'Blue', color: '#0072b2' },
  { name: 'Yellow', color: '#f0e442' },
  { name: 'Violet', color: '#8c6bb1' },
  { name: 'Red', color: '#d62839' },
  { name: 'Lime', color: '#7a9a01' },
  { name: 'Brown', color: '#8c5a2b' },
  { name: 'Slate', color: '#66788a' },
] as const;

export const newLayerColors: readonly string[] = layerPalette.slice(0, 8).map(({ color }) => color);
