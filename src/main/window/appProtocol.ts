/** The app's own scheme, under which the page and its assets come. */
import { protocol } from 'electron';
import { answerFrom } from './appFiles';
import { APP_ORIGIN } from './sender';

/** Call before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  // Node loads what these stand for at their first use, 60 ms for which the page's first file would wait; Chromium is not
  // ready yet.
  setImmediate(() => new Response(new Request(APP_ORIGIN).url));
}

/** Call once the app is ready. `folder` holds the built page. */
export function serveApp(folder: string): void {
  protocol.handle('app', answerFrom(folder));
}
