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
 * Not by `protocol.handle`: at its first request that loads an HTTP client, when the main thread has most to do, and it sends
 * every file through streams. Electron calls what is used here deprecated; it is there up to Electron 45 at least.
 *
 * @param folder holds the built page
 * @param answering nothing is answered before: the page finds everything in place that it may ask for
 */
export function serveApp(folder: string, answering: Promise<unknown>): void {
  const answer = answerFrom(folder);
  protocol.registerBufferProtocol('app', async (request, callback) => {
    await answering;
    const { status, headers, body } = await answer(request);
    const [mimeType = '', charset] = (headers['content-type'] ?? 'text/plain').split('; charset=');
    callback({ statusCode: status, headers: { ...headers }, mimeType, ...(charset && { charset }), data: body });
  });
}
