/** The app's own scheme, under which the page and its assets come. */
import { protocol } from 'electron';
import { answerFrom } from './appFiles';

/** Call before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Call once the app is ready. `folder` holds the built page. */
export function serveApp(folder: string): void {
  protocol.handle('app', answerFrom(folder));
}
