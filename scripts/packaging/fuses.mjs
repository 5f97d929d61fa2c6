/** Electron's switches inside the executable: nothing of it can be made to run other code than the app's. */
import fuses from '@electron/fuses';

const { getCurrentFuseWire, FuseV1Options } = fuses;

/** By the names that electron-builder has for them. */
const RELEASE = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  /** Holds on macOS and Windows; elsewhere Electron does not look at it. */
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

/**
 * @param {'release' | 'test'} variant the test build can be driven by Playwright, which needs the inspector; this is the
 *   one difference
 */
export const wantedFuses = (variant) => ({ ...RELEASE, enableNodeCliInspectArguments: variant === 'test' });

/** The switches of a built executable, by the same names. */
export async function readFuses(executable) {
  const wire = await getCurrentFuseWire(executable);
  return Object.fromEntries(
    Object.keys(RELEASE).map((name) => {
      // A letter in the executable: "1" is on, "0" off.
      const letter = String.fromCharCode(wire[FuseV1Options[name[0].toUpperCase() + name.slice(1)]]);
      return [name, letter === '1' ? true : letter === '0' ? false : letter];
    }),
  );
}
