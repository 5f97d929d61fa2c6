/** Entry of the main process: starts, opens the window, and on the way out closes everything within two seconds. */
import { join } from 'node:path';
import { app, safeStorage } from 'electron';
import { type Application, createApplication } from './application';
import { clusterConfig } from './clusterConfig';
import { openProfiles } from './profiles/profiles';
import { electronSecretStore } from './profiles/secretStore';
import { openSettings } from './settings/settings';
import { registerAppScheme, serveApp } from './window/appProtocol';
import { type MainWindow, openMainWindow } from './window/mainWindow';

/** Whatever has not closed by then is ended all the same, ms. */
const CLOSE_WITHIN_MS = 1_700;

const log = (level: 'info' | 'warn' | 'error', message: string) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);
};

async function start(): Promise<void> {
  registerAppScheme();
  await app.whenReady();
  serveApp(join(import.meta.dirname, '../renderer'));
  const userData = app.getPath('userData');
  let application: Application | undefined;
  let main: MainWindow | undefined;
  const settings = await openSettings(userData, (message) => application?.notify('error', message, 'Check the disk.'));

  const profiles = await openProfiles({
    folder: userData,
    secretStore: electronSecretStore(safeStorage, process.platform),
    config: clusterConfig(process.env),
    onError: (message) => application?.notify('error', message, 'Check the disk and the keychain.'),
  });

  application = createApplication({
    version: app.getVersion(),
    userData,
    settings,
    profiles,
    env: process.env,
    page: () => (main && !main.window.isDestroyed() ? main.window.webContents : undefined),
    isOurPage: (event) => main?.isOurPage(event) ?? false,
    log,
  });
  const running = application;
  main = openMainWindow({
    bounds: settings.current.window,
    onBounds: (window) => settings.change({ window }),
    onSeen: running.seen,
    onPageLoading: running.pageLost,
    onPageGone: (reason) => {
      running.pageLost();
      running.notify('warning', `The page ended (${reason}) and was loaded again.`, null);
    },
  });

  let closing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    if (main && !main.window.isDestroyed()) main.window.hide();
    const deadline = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS));
    void Promise.race([running.close(), deadline])
      .catch((error: unknown) => log('error', `closing: ${String(error)}`))
      .finally(() => app.exit(0));
  });
  app.on('window-all-closed', () => app.quit());
  app.on('second-instance', () => {
    if (!main || main.window.isDestroyed()) return;
    if (main.window.isMinimized()) main.window.restore();
    main.window.focus();
  });
}

// One instance for each user-data folder; a second one shows the first one's window.
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    log('error', `the app could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    app.exit(1);
  });
} else {
  log('warn', 'GeoStream is already running with this user-data folder; its window is shown instead.');
  app.exit(0);
}
