// The reference for a start: the smallest window that Electron can open, in the same safe settings.
import { app, BrowserWindow } from 'electron';

// No await at the top level: Electron becomes ready only once this module has run.
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    webPreferences: { sandbox: true, contextIsolation: true },
  });
  return window.loadURL('data:text/html,<title>blank</title><p>blank</p>');
});
app.on('window-all-closed', () => app.quit());
