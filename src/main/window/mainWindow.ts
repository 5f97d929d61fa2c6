/** The one window. The page in it is sandboxed, isolated, stays where it is and asks for no permission. */
import { app, BrowserWindow, nativeTheme, screen, session } from 'electron';
import type { Settings } from '../settings/settings';
import { watchPageConsole } from './pageConsole';
import { APP_ORIGIN, isSentBy, type Sender } from './sender';

export interface MainWindow {
  readonly window: BrowserWindow;
  /**
   * Puts it where it was, shows it as soon as there is something to see, and tells of every other place from then on. Call
   * before the page is answered: nobody sees the window before.
   *
   * @param onBounds told of them
   */
  place(bounds: Settings['window'], onBounds: (bounds: Settings['window']) => void): void;
  isOurPage(event: Sender): boolean;
}

export interface MainWindowOptions {
  /** The built preload bridge. */
  readonly preload: string;
  /** The page's process has gone; the page is loaded again. */
  readonly onPageGone: (reason: string) => void;
  /** Whether somebody can see the window: it is not minimized, and not hidden. */
  readonly onSeen: (seen: boolean) => void;
  /** The page's console has a warning or an error. */
  readonly onPageTrouble: (level: 'warn' | 'error', message: string) => void;
  /** A page has begun to load: the one before, and its ports, are gone. */
  readonly onPageLoading: () => void;
}

/** Where no proxy is, for every address: the page has no network. */
const NO_NETWORK = {
  mode: 'fixed_servers',
  proxyRules: 'socks5://127.0.0.1:1',
  proxyBypassRules: '<-loopback>',
} as const;

/** More than three lost pages within this are often, ms. */
const OFTEN_MS = 10_000;

/** A place on a screen that has been unplugged would open a window that nobody sees; then the system chooses one. */
function onScreen({ x, y, ...size }: Settings['window']): Settings['window'] {
  if (x === undefined || y === undefined) return size;
  const reach = 80;
  const seen = screen.getAllDisplays().some(({ workArea }) => {
    const across = Math.min(x + size.width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    const down = Math.min(y + size.height, workArea.y + workArea.height) - Math.max(y, workArea.y);
    return across >= reach && down >= reach && y >= workArea.y - reach;
  });
  return seen ? { x, y, ...size } : size;
}

/** Begins to load the page. */
export function openMainWindow(options: MainWindowOptions): MainWindow {
  const { preload, onSeen, onPageGone, onPageLoading, onPageTrouble } = options;
  const window = new BrowserWindow({
    minWidth: 800,
    minHeight: 560,
    title: 'GeoStream',
    show: false,
    // What is seen until the page's styles are there: its own ground (--surface-low in theme/tokens.css).
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1518' : '#f3f6f6',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // For those who work on the app; in what is installed they would only be a way in.
      devTools: !app.isPackaged,
      // The map goes on reading while another window covers this one.
      backgroundThrottling: false,
    },
  });

  const { webContents } = window;
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  // The content security policy knows nothing of WebRTC, which could send anything anywhere; the app itself has no use for
  // Chromium's network.
  void session.defaultSession.setProxy(NO_NETWORK);
  webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) onPageLoading();
  });
  watchPageConsole(webContents, onPageTrouble);
  let losses: number[] = [];
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    onPageGone(reason);
    losses = [...losses.filter((at) => Date.now() - at < OFTEN_MS), Date.now()];
    // A page that ends as soon as it has loaded is not to be loaded again without a breath.
    setTimeout(
      () => {
        if (!window.isDestroyed()) void window.loadURL(`${APP_ORIGIN}/index.html`);
      },
      losses.length > 3 ? OFTEN_MS : 0,
    );
  });

  window.on('minimize', () => onSeen(false));
  window.on('hide', () => onSeen(false));
  window.on('restore', () => onSeen(true));
  window.on('show', () => onSeen(true));

  void window.loadURL(`${APP_ORIGIN}/index.html`);
  return {
    window,
    place: (bounds, onBounds) => {
      const { maximized, ...rectangle } = onScreen(bounds);
      window.setBounds(rectangle);
      if (rectangle.x === undefined) window.center();
      if (maximized) window.maximize();
      const remember = () => {
        if (window.isMinimized() || window.isDestroyed()) return;
        onBounds({ ...window.getNormalBounds(), maximized: window.isMaximized() });
      };
      // `resized` and `moved`, told once at the end, do not exist on Linux.
      window.on('resize', remember);
      window.on('move', remember);
      window.on('maximize', remember);
      window.on('unmaximize', remember);
      window.once('ready-to-show', () => window.show());
    },
    isOurPage: (event) => isSentBy(webContents, event),
  };
}
