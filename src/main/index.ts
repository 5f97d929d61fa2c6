/** Entry of the main process: starts, opens the window, and on the way out closes everything within two seconds. */
import { join, resolve } from 'node:path';
import { app, safeStorage } from 'electron';
import { type Application, createApplication } from './application';
import { clusterConfig } from './clusterConfig';
import { openProfiles } from './profiles/profiles';
import { electronSecretStore } from './profiles/secretStore';
import { openSettings } from './settings/settings';
import { argumentsOf, type CommandLine, parseCommandLine, USAGE } from './start/commandLine';
import { prepareUserData } from './start/userDataFolder';
import { registerAppScheme, serveApp } from './window/appProtocol';
import { type MainWindow, openMainWindow } from './window/mainWindow';

/** EX_USAGE of sysexits.h. */
const WRONG_OPTIONS = 64;
/** Whatever has not closed by then is ended all the same, ms. */
const CLOSE_WITHIN_MS = 1_700;

type Running = Extract<CommandLine, { kind: 'run' }>;

const log = (level: 'info' | 'warn' | 'error', message: string) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);
};

async function start({ readOnly }: Running): Promise<void> {
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
    readOnly,
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

/** Says something on the terminal, and ends before anything was opened. */
function sayAndEnd(stream: NodeJS.WriteStream, text: string, code: number): void {
  stream.write(text, () => app.exit(code));
}

/** Before the app is ready: the folder decides which instance is asked, and Chromium reads its switches then. */
function run(line: Running): void {
  if (line.userData !== null) {
    const folder = resolve(line.userData);
    const trouble = prepareUserData(folder);
    if (trouble !== null) return sayAndEnd(process.stderr, `${trouble}\n`, WRONG_OPTIONS);
    app.setPath('userData', folder);
  }
  for (const { name, value } of line.switches) app.commandLine.appendSwitch(name, value);
  // One instance for each user-data folder; a second one shows the first one's window.
  if (app.requestSingleInstanceLock()) {
    start(line).catch((error: unknown) => {
      log(
        'error',
        `the app could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      app.exit(1);
    });
  } else {
    const inVain = line.readOnly ? ' Whether it is read-only was decided when it was started.' : '';
    log('warn', `GeoStream is already running with this user-data folder; its window is shown instead.${inVain}`);
    app.exit(0);
  }
}

const line = parseCommandLine(argumentsOf(process.argv, app.isPackaged));
switch (line.kind) {
  case 'help':
    sayAndEnd(process.stdout, USAGE, 0);
    break;
  case 'version':
    sayAndEnd(process.stdout, `GeoStream ${app.getVersion()}\n`, 0);
    break;
  case 'wrong':
    sayAndEnd(process.stderr, `${line.message}\n`, WRONG_OPTIONS);
    break;
  case 'run':
    run(line);
}
