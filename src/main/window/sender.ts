/** Who may send commands: the top frame of the app's own window, while it shows the app's own page. */
import type { WebContents } from 'electron';

/** The page's origin; there is no other in the app. */
export const APP_ORIGIN = 'app://geostream';

export type Sender = Pick<Electron.IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

export function isSentBy(contents: WebContents, { sender, senderFrame }: Sender): boolean {
  return (
    sender === contents &&
    !contents.isDestroyed() &&
    senderFrame !== null &&
    senderFrame === contents.mainFrame &&
    // Node's URL knows no origin of a scheme of one's own.
    senderFrame.url.startsWith(`${APP_ORIGIN}/`)
  );
}
