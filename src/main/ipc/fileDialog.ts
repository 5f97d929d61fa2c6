/** The system's dialog for choosing one file to read. */
import { BrowserWindow, dialog, type WebContents } from 'electron';

/** Path of the chosen file; null when the person cancels. */
export async function chooseOneFile(
  page: WebContents | undefined,
  title: string,
  filters: readonly Electron.FileFilter[],
): Promise<string | null> {
  const window = page ? BrowserWindow.fromWebContents(page) : null;
  const options: Electron.OpenDialogOptions = {
    title,
    properties: ['openFile'],
    filters: [...filters, { name: 'All files', extensions: ['*'] }],
  };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}
