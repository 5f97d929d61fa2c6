/** The app's own scheme, under which the page and its assets come. */
import { protocol } from 'electron';
import { answerFrom } from './appFiles';

/** Call before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Call once the app is ready.
 *
 * @param folder holds the built page
 * @param answering nothing is answered before: the page finds everything in place that it may ask for
 */
export function serveApp(folder: string, answering: Promise<unknown>): void {
  const answer = answerFrom(folder);
  protocol.handle('app', async (request) => {
    await answering;
    return answer(request);
  });
}
