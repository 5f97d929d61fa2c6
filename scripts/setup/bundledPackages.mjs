/**
 * A plugin of the build that notes which npm packages end up in what is built, in `packages.json` beside it: their
 * notices have to go with the app. A package counts when any of its code is left after the build, or any of its styles.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const PACKAGES_FILE = 'packages.json';

/**
 * @returns {{ plugin: import('vite').Plugin, workerPlugin: import('vite').Plugin }} `workerPlugin` is for the page's
 *   workers, which are built on their own; what it finds is in the same list
 */
export function noteBundledPackages() {
  /** @type {Map<string, import('./bundledPackages.d.mts').BundledPackage>} */
  const found = new Map();
  function collect(ids) {
    for (const id of ids) {
      const one = packageOf(id);
      if (one !== undefined) found.set(`${one.name}@${one.version}`, one);
    }
  }
  function collectBundle(context, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type !== 'chunk') continue;
      collect(Object.keys(part.modules).filter((id) => part.modules[id].renderedLength > 0));
    }
    collect([...context.getModuleIds()].filter((id) => /\.css($|\?)/.test(id)));
  }
  return {
    workerPlugin: {
      name: 'geostream:bundled-packages-of-workers',
      generateBundle(_options, bundle) {
        collectBundle(this, bundle);
      },
    },
    plugin: {
      name: 'geostream:bundled-packages',
      generateBundle(_options, bundle) {
        collectBundle(this, bundle);
        const list = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        this.emitFile({ type: 'asset', fileName: PACKAGES_FILE, source: `${JSON.stringify(list, null, 2)}\n` });
      },
    },
  };
}

/** The package that a module belongs to: the nearest package.json above it that names one. */
function packageOf(id) {
  const file = id.replace(/^\0/, '').replace(/\?.*$/, '');
  const inPackages = `${join('/', 'node_modules')}/`;
  const from = file.replaceAll('\\', '/').lastIndexOf(inPackages);
  if (from === -1) return undefined;
  for (let folder = dirname(file); folder.length > from + inPackages.length; folder = dirname(folder)) {
    const description = join(folder, 'package.json');
    if (!existsSync(description)) continue;
    const { name, version } = JSON.parse(readFileSync(description, 'utf8'));
    if (name !== undefined && version !== undefined) return { name, version, folder };
  }
  return undefined;
}
