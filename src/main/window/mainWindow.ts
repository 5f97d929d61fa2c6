/** The one window. The page in it is sandboxed, isolated, stays where it is and asks for no permission. */
import { join } from 'node:path';
import { BrowserWindow, session } from 'electron';
import type { Settings } from '../settings/settings';
import { APP_ORIGIN } from './appProtocol';

export interface MainWindow {
  readonly window: BrowserWindow;
  isOurPage(event: Electron.IpcMainInvokeEvent): boolean;
}

export interface MainWindowOptions {
  readonly bounds: Settings['window'];
  readonly onBounds: (bounds: Settings['window']) => void;
  /** The page's process has gone; the page is loaded again. */
  readonly onPageGone: (reason: string) => void;
  /** A page has begun to load: the one before, and its ports, are gone. */
  readonly onPageLoading: () => void;
}

export function openMainWindow({ bounds, onBounds, onPageGone, onPageLoading }: MainWindowOptions): MainWindow {
  const { maximized, ...place } = bounds;
  const window = new BrowserWindow({
    ...place,
    minWidth: 800,
    minHeight: 560,
    title: 'GeoStream',
    show: false,
    backgroundColor: '#14181f',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // The map goes on reading while another window covers this one.
      backgroundThrottling: false,
    },
  });
  if (maximized) window.maximize();
  window.removeMenu();
  window.once('ready-to-show', () => window.show());

  const { webContents } = window;
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) onPageLoading();
  });
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    onPageGone(reason);
    if (!window.isDestroyed()) void window.loadURL(`${APP_ORIGIN}/index.html`);
  });

  const remember = () => {
    if (window.isMinimized() || window.isDestroyed()) return;
    onBounds({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  window.on('resized', remember);
  window.on('moved', remember);
  window.on('maximize', remember);
  window.on('unmaximize', remember);

  void window.loadURL(`${APP_ORIGIN}/index.html`);
  return {
    window,
    isOurPage: (event) =>
      event.sender === webContents &&
      event.senderFrame === webContents.mainFrame &&
      // Node's URL knows no origin of a scheme of one's own.
      event.senderFrame.url.startsWith(`${APP_ORIGIN}/`),
  };
}
