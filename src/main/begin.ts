/**
 * The main process's beginning: what has to be there before Chromium is ready, the broker and the window. It is small, for
 * nothing else can happen while it loads; the rest of the app comes while the processes of page and broker come up.
 */
import { join, resolve } from 'node:path';
import { app, Menu } from 'electron';
import type { Application } from './application';
import { superviseBroker } from './broker/supervisor';
import { topicsAtStart } from './firstTopics';
import { type AppLog, createAppLog } from './logs/appLog';
import { createSecrets } from './logs/hideSecrets';
import { type LogFiles, logFolderOf, openLogFiles } from './logs/logFiles';
import { fleetIfBuiltIn } from './start/brokerAhead';
import { enableFeatures } from './start/chromiumFeatures';
import { argumentsOf, type CommandLine, parseCommandLine, USAGE } from './start/commandLine';
import { prepareUserData } from './start/userDataFolder';
import { decodeInThread } from './streams/decoding/decoding';
import { registerAppScheme, serveApp } from './window/appProtocol';
import { openMainWindow } from './window/mainWindow';

export interface Entry {
  /** The folder of what is built for the main process. */
  readonly built: string;
  /** Who is told of what went wrong while that was loaded, and is loaded. */
  followWarnings(listener: (message: string) => void): void;
}

/** EX_USAGE of sysexits.h. */
const WRONG_OPTIONS = 64;
type Running = Extract<CommandLine, { kind: 'run' }>;

/** Before the log files are open, and after. */
const toStderr = (line: string) => void process.stderr.write(line);
let log: AppLog['log'] = (level, message) =>
  toStderr(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);
let logs: LogFiles | undefined;

async function start({ built, followWarnings }: Entry, { readOnly }: Running): Promise<void> {
  registerAppScheme();
  const userData = app.getPath('userData');
  const secrets = createSecrets();
  const files = openLogFiles({ folder: logFolderOf(userData) });
  logs = files;
  const appLog = createAppLog(files, secrets, toStderr);
  log = appLog.log;
  followWarnings((message) => appLog.log('warn', message));
  process.on('uncaughtExceptionMonitor', (error) => {
    appLog.note('error', `the main process failed: ${error.stack ?? error.message}`);
    files.flushNow();
  });
  appLog.note('info', `GeoStream ${app.getVersion()} starts, on Electron ${process.versions.electron}`);

  // One of two cores has nothing to do until Chromium is ready.
  const decoding = decodeInThread(join(built, 'decoder.cjs'), log);
  const broker = superviseBroker({
    entry: join(built, 'brokerProcess.cjs'),
    dataFolder: join(userData, 'broker'),
    log,
    note: appLog.note,
  });
  const fleet = fleetIfBuiltIn(userData, process.env);
  // Said before Electron is ready: then it makes none. On macOS the menu is where copy and paste come from.
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);

  await app.whenReady();
  if (fleet !== null) broker.start(topicsAtStart(fleet, readOnly));
  let application: Application | undefined;
  let beginToAnswer = () => {};
  const answering = new Promise<void>((resolve) => {
    beginToAnswer = resolve;
  });
  serveApp(join(built, '../renderer'), answering);
  const main = openMainWindow({
    preload: join(built, '../preload/index.cjs'),
    onSeen: (seen) => application?.seen(seen),
    onPageTrouble: appLog.fromPage,
    onPageLoading: () => application?.pageLoading(),
    onPageGone: (reason) => {
      application?.pageLost();
      appLog.note('error', `the page ended (${reason})`);
      application?.notify('warning', `The page ended (${reason}) and was loaded again.`, null);
    },
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', () => {
    // What closes everything in order has not been loaded yet.
    if (application === undefined) void broker.close();
  });
  app.on('second-instance', () => {
    if (main.window.isDestroyed()) return;
    if (main.window.isMinimized()) main.window.restore();
    main.window.focus();
  });
  const { runApplication } = await import('./runApplication');
  application = await runApplication({
    readOnly,
    userData,
    broker,
    decoding,
    logs: files,
    main,
    appLog,
    secrets,
  });
  application.pageLoading();
  beginToAnswer();
}

/** Says something on the terminal, and ends before anything was opened. */
function sayAndEnd(stream: NodeJS.WriteStream, text: string, code: number): void {
  stream.write(text, () => app.exit(code));
}

/** Before the app is ready: the folder decides which instance is asked, and Chromium reads its switches then. */
function run(entry: Entry, line: Running): void {
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
    start(entry, line).catch((error: unknown) => {
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

export function begin(entry: Entry): void {
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
      run(entry, line);
  }
}
