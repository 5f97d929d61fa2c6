/** Entry of the main process: starts, opens the window, and on the way out closes everything within two seconds. */
import { join, resolve } from 'node:path';
import { app, safeStorage } from 'electron';
import { logFolderOf } from './about/about';
import { type Application, createApplication } from './application';
import { clusterConfig } from './clusterConfig';
import { type AppLog, createAppLog } from './logs/appLog';
import { createSecrets } from './logs/hideSecrets';
import { type LogFiles, openLogFiles } from './logs/logFiles';
import { openProfiles } from './profiles/profiles';
import { electronSecretStore } from './profiles/secretStore';
import { openSettings } from './settings/settings';
import { enableFeatures } from './start/chromiumFeatures';
import { argumentsOf, type CommandLine, parseCommandLine, USAGE } from './start/commandLine';
import { prepareUserData } from './start/userDataFolder';
import { registerAppScheme, serveApp } from './window/appProtocol';
import { type MainWindow, openMainWindow } from './window/mainWindow';

/** EX_USAGE of sysexits.h. */
const WRONG_OPTIONS = 64;
/** Whatever has not closed by then is ended all the same, ms. */
const CLOSE_WITHIN_MS = 1_700;

type Running = Extract<CommandLine, { kind: 'run' }>;

/** Before the log files are open, and after. */
const toStderr = (line: string) => void process.stderr.write(line);
let log: AppLog['log'] = (level, message) =>
  toStderr(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);
let logs: LogFiles | undefined;

async function start({ readOnly }: Running): Promise<void> {
  registerAppScheme();
  const userData = app.getPath('userData');
  const secrets = createSecrets();
  const files = openLogFiles({ folder: logFolderOf(userData) });
  logs = files;
  const appLog = createAppLog(files, secrets, toStderr);
  log = appLog.log;
  process.on('uncaughtExceptionMonitor', (error) => {
    appLog.note('error', `the main process failed: ${error.stack ?? error.message}`);
    files.flushNow();
  });
  appLog.note('info', `GeoStream ${app.getVersion()} starts, on Electron ${process.versions.electron}`);
  let application: Application | undefined;
  let main: MainWindow | undefined;
  // Read while Chromium becomes ready.
  const [settings, profiles] = await Promise.all([
    openSettings(userData, (message) => application?.notify('error', message, 'Check the disk.')),
    openProfiles({
      folder: userData,
      secretStore: electronSecretStore(safeStorage, process.platform),
      config: clusterConfig(process.env),
      onError: (message) => application?.notify('error', message, 'Check the disk and the keychain.'),
      onSecrets: secrets.know,
    }),
    app.whenReady(),
  ]);
  serveApp(join(import.meta.dirname, '../renderer'));

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
    note: appLog.note,
    logs: files,
    hide: secrets.hide,
  });
  const running = application;
  main = openMainWindow({
    bounds: settings.current.window,
    onBounds: (window) => settings.change({ window }),
    onSeen: running.seen,
    onPageTrouble: appLog.fromPage,
    onPageLoading: running.pageLoading,
    onPageGone: (reason) => {
      running.pageLost();
      appLog.note('error', `the page ended (${reason})`);
      running.notify('warning', `The page ended (${reason}) and was loaded again.`, null);
    },
  });

  let closing = false;
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (type !== 'GPU' || reason === 'clean-exit' || closing) return;
    appLog.note('error', `the graphics process ended (${reason})`);
    running.picturesLost(reason);
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    if (main && !main.window.isDestroyed()) main.window.hide();
    const deadline = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS));
    const closed = running.close().then(() => files.close());
    void Promise.race([closed, deadline])
      .catch((error: unknown) => log('error', `closing: ${String(error)}`))
      .finally(() => {
        files.flushNow();
        app.exit(0);
      });
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
    if (trouble !== null) {
      sayAndEnd(process.stderr, `${trouble}\n`, WRONG_OPTIONS);
      return;
    }
    app.setPath('userData', folder);
  }
  for (const { name, value } of line.switches) app.commandLine.appendSwitch(name, value);
  enableFeatures(app.commandLine);
  // One instance for each user-data folder; a second one shows the first one's window.
  if (app.requestSingleInstanceLock()) {
    start(line).catch((error: unknown) => {
      log(
        'error',
        `the app could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      logs?.flushNow();
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
