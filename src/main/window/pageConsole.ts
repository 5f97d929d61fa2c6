/** What goes wrong in the page, as its console says it: errors, what was thrown and not caught, promises that failed. */
import type { WebContents } from 'electron';

/** Electron before 35 tells the level as a number, and all of it behind the event. */
const LEVELS = ['debug', 'info', 'warning', 'error'] as const;

/** Chromium's word for a change of size that is told of in the next frame, lest it go round in circles: none is lost. */
const PUT_OFF = 'ResizeObserver loop completed with undelivered notifications';

/** `onTrouble` is told of warnings and errors, each with where it comes from. */
export function watchPageConsole(
  contents: WebContents,
  onTrouble: (level: 'warn' | 'error', message: string) => void,
): void {
  contents.on('console-message', (details, ...before: readonly unknown[]) => {
    const { level, message, lineNumber, sourceId }: Partial<typeof details> = details;
    const name = level ?? LEVELS[Number(before[0])];
    if (name !== 'warning' && name !== 'error') return;
    const said = String(message ?? before[1]);
    const text = `${said} (${sourceId ?? before[3]}:${lineNumber ?? before[2]})`;
    onTrouble(name === 'error' && !said.startsWith(PUT_OFF) ? 'error' : 'warn', text);
  });
}
