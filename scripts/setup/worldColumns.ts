/**
 * A plugin of the build that lays the base map's geometry out once, as files beside the page: a module
 * `world-columns:<scale>` exports the address of Natural Earth at that scale ("10m" is 1:10 million).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { columnsOf } from '../../src/renderer/map/baseMap/worldColumns';

const PREFIX = 'world-columns:';
const ENDING = '.columns.js';

const { resolve } = createRequire(import.meta.url);

export function worldColumns(): Plugin {
  return {
    name: 'geostream:world-columns',
    enforce: 'pre',
    // Its id lies in the package, whose notices then go with the app (bundledPackages.mjs).
    resolveId: (id) =>
      id.startsWith(PREFIX) ? `${resolve(`world-atlas/countries-${id.slice(PREFIX.length)}.json`)}${ENDING}` : null,
    load(id) {
      if (!id.endsWith(ENDING)) return null;
      const file = id.slice(0, -ENDING.length);
      const scale = /countries-(\w+)\.json$/.exec(file)?.[1];
      const source = new Uint8Array(columnsOf(JSON.parse(readFileSync(file, 'utf8'))));
      const reference = this.emitFile({ type: 'asset', name: `land-${scale}.bin`, source });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}
