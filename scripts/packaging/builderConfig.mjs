/**
 * What electron-builder is told. On Linux it makes the app's folder alone, of which debian.mjs, redhat.mjs and tarball.mjs
 * make the installers: its own tools for these come from GitHub. The installers for Windows (nsis) and macOS (dmg) and the
 * AppImage are its own; they are for machines that can build them, and have not been tried.
 */
import { join } from 'node:path';
import { root } from '../setup/folders.mjs';
import { FILES } from './contents.mjs';
import { wantedFuses } from './fuses.mjs';

export const APP_ID = 'app.geostream.GeoStream';
export const EXECUTABLE_NAME = 'geostream';
// biome-ignore lint/suspicious/noTemplateCurlyInString: these are electron-builder's own placeholders.
const FILE_NAME = '${name}-${version}-${os}-${arch}.${ext}';

/**
 * @param {{ electron: { dist: string, version: string }, variant: 'release' | 'test', version: string,
 *   output: string, notices: string }} options `output` and `notices` are paths; `version` is the app's
 * @returns {import('electron-builder').Configuration}
 */
export function builderConfig({ electron, variant, version, output, notices }) {
  return {
    appId: APP_ID,
    productName: 'GeoStream',
    copyright: 'Copyright © the GeoStream authors',
    directories: { output, buildResources: join(root, 'packaging') },
    // The one that `npm start` would use, in the place of a download.
    electronDist: electron.dist,
    electronVersion: electron.version,
    // No package of ours has code to compile.
    npmRebuild: false,
    // The app speaks English only.
    electronLanguages: [process.platform === 'darwin' ? 'en' : 'en-US'],
    asar: true,
    // A copy, as it writes into its configuration.
    files: [...FILES],
    extraMetadata: { version, desktopName: `${EXECUTABLE_NAME}.desktop` },
    extraFiles: [
      { from: join(root, 'LICENSE'), to: 'LICENSE' },
      { from: notices, to: 'THIRD-PARTY-NOTICES.txt' },
    ],
    electronFuses: wantedFuses(variant),
    publish: null,
    artifactName: FILE_NAME,
    linux: {
      executableName: EXECUTABLE_NAME,
      category: 'Science',
      icon: join(root, 'packaging', 'icons'),
    },
    win: { icon: join(root, 'packaging', 'icons', '512x512.png') },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      // Layers and the broker's records are the person's.
      deleteAppDataOnUninstall: false,
    },
    mac: {
      icon: join(root, 'packaging', 'icons', '512x512.png'),
      category: 'public.app-category.developer-tools',
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: join(root, 'packaging', 'macos.entitlements'),
      entitlementsInherit: join(root, 'packaging', 'macos.entitlements'),
    },
  };
}
