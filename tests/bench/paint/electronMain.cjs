// A bare Electron window over a folder of built files, from a scheme of its own and under the app's policy: no eval,
// workers from 'self' only. Environment: PAINT_DIR the folder, PAINT_QUERY an optional query, PAINT_SCALE the device
// pixels a CSS pixel.
const { app, BrowserWindow, protocol } = require('electron');
const { readFile } = require('node:fs/promises');
const { extname, join, normalize } = require('node:path');

const folder = process.env.PAINT_DIR;
const policy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";
const headers = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

if (process.getuid?.() === 0) app.commandLine.appendSwitch('no-sandbox');
// As the app: src/main/start/chromiumFeatures.ts.
app.commandLine.appendSwitch('enable-features', 'PartitionAllocAdjustSizeWhenInForeground');
app.commandLine.appendSwitch('force-device-scale-factor', process.env.PAINT_SCALE ?? '1');
protocol.registerSchemesAsPrivileged([
  { scheme: 'paint', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

app.whenReady().then(() => {
  protocol.handle('paint', async (request) => {
    const path = normalize(decodeURIComponent(new URL(request.url).pathname));
    try {
      const body = await readFile(join(folder, path));
      const type = types[extname(path)] ?? 'application/octet-stream';
      return new Response(body, { headers: { ...headers, 'content-type': type } });
    } catch {
      return new Response('There is no such file.', { status: 404 });
    }
  });
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    useContentSize: true,
    frame: false,
    webPreferences: { backgroundThrottling: false },
  });
  void window.loadURL(`paint://bench/index.html${process.env.PAINT_QUERY ?? ''}`);
});
app.on('window-all-closed', () => app.quit());
