/** What of the checkout goes into the app's archive (app.asar): what it needs when it runs, and nothing else. */

/** What the build leaves, without its own notes. */
const BUILT = ['out/main/**', 'out/preload/**', 'out/renderer/**', '!out/*/packages.json', '!**/*.map'];

/** In electron-builder's form: later ones overrule earlier ones. package.json is always there, cut to what counts. */
export const FILES = [
  '!**/*',
  'package.json',
  ...BUILT,
  // Every package is built in.
  '!node_modules/**',
];

/** The base map's geometry, a file for each scale. */
export const LAND = /^out\/renderer\/assets\/land-\d+m-[\w-]+\.bin$/;

/** What Electron has compiled of the files for the main process, a folder for each part of it. */
export const CODE_CACHE = /^out\/main\/code-cache\/electron-[\w.-]+\/(?:main|decoder|broker)\/[\w.-]+\.cjs\.bin$/;

/** Whether a file may be in the archive; paths from its top, with forward slashes. */
export function belongs(path) {
  return (
    path === 'package.json' ||
    /^out\/main\/(?:[A-Za-z]+|chunks\/[\w.-]+)\.cjs$/.test(path) ||
    CODE_CACHE.test(path) ||
    path === 'out/preload/index.cjs' ||
    path === 'out/renderer/index.html' ||
    /^out\/renderer\/assets\/[\w.-]+\.(?:js|css|json|svg|png|woff2)$/.test(path) ||
    LAND.test(path)
  );
}
