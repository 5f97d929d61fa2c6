/** The app behind its window, and its end. Loaded while the processes of page and broker come up. */
import { app, safeStorage } from 'electron';
import { type Application, type ApplicationOptions, createApplication } from './application';
import { clusterConfig } from './clusterConfig';
import type { AppLog } from './logs/appLog';
import type { Secrets } from './logs/hideSecrets';
import { openProfiles } from './profiles/profiles';
import { electronSecretStore } from './profiles/secretStore';
import { openSettings } from './settings/settings';
import type { MainWindow } from './window/mainWindow';

/** Whatever has not closed by then is ended all the same, ms. */
const CLOSE_WITHIN_MS = 1_700;

export interface Beginnings extends Pick<ApplicationOptions, 'readOnly' | 'userData' | 'broker' | 'decoding' | 'logs'> {
  readonly main: MainWindow;
  readonly appLog: AppLog;
  readonly secrets: Secrets;
}

/** Opens what the person configured, puts the window where it was, and closes everything within two seconds on the way out. */
export async function runApplication({ main, appLog, secrets, ...begun }: Beginnings): Promise<Application> {
  let application: Application | undefined;
  const notify = (message: string, action: string) => application?.notify('error', message, action);
  const [settings, profiles] = await Promise.all([
    openSettings(begun.userData, (message) => notify(message, 'Check the disk.')),
    openProfiles({
      folder: begun.userData,
      secretStore: electronSecretStore(safeStorage, process.platform),
      config: clusterConfig(process.env),
      onError: (message) => notify(message, 'Check the disk and the keychain.'),
      onSecrets: secrets.know,
    }),
  ]);
  const running = createApplication({
    ...begun,
    version: app.getVersion(),
    settings,
    profiles,
    env: process.env,
    page: () => (main.window.isDestroyed() ? undefined : main.window.webContents),
    isOurPage: main.isOurPage,
    log: appLog.log,
    note: appLog.note,
    hide: secrets.hide,
  });
  application = running;
  if (!main.window.isDestroyed()) main.place(settings.current.window, (window) => settings.change({ window }));

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
    if (!main.window.isDestroyed()) main.window.hide();
    const deadline = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS));
    const closed = running.close().then(() => begun.logs.close());
    void Promise.race([closed, deadline])
      .catch((error: unknown) => appLog.log('error', `closing: ${String(error)}`))
      .finally(() => {
        begun.logs.flushNow();
        app.exit(0);
      });
  });
  return running;
}
