/**
 * Draws packaging/icons from packaging/icon.svg, with Electron itself: `node scripts/packaging/renderIcons.mjs`. Run it when
 * the drawing has changed; a test compares the drawing with the one that the icons were made of.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDisplay } from '../setup/display.mjs';
import { root } from '../setup/folders.mjs';
import { prepareElectron } from '../setup/prepare.mjs';
import { runQuietly } from '../setup/processes.mjs';
import { runScript } from '../setup/setupError.mjs';
import { ensureSystemPackages, hasScreen } from '../setup/systemPackages.mjs';

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const packaging = join(root, 'packaging');

/** Runs in Electron; JSON of `[svg, sizes]` is in the environment, and it prints JSON of data URLs. */
const RENDERER = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false });
  await window.loadURL('data:text/html,<title>icons</title>');
  const drawn = await window.webContents.executeJavaScript(\`(async ([svg, sizes]) => {
    const urls = [];
    for (const size of sizes) {
      const image = new Image(size, size);
      image.src = 'data:image/svg+xml,' + encodeURIComponent(svg.replace('<svg ', '<svg width="' + size + '" height="' + size + '" '));
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = size;
      canvas.getContext('2d').drawImage(image, 0, 0, size, size);
      urls.push(canvas.toDataURL('image/png'));
    }
    return urls;
  })(\${process.env.GEOSTREAM_DRAW})\`);
  require('node:fs').writeFileSync(process.env.GEOSTREAM_DRAWN, JSON.stringify(drawn));
  app.exit(0);
});
`;

await runScript(async () => {
  const electron = await prepareElectron();
  await ensureSystemPackages({ executable: electron.executable, screen: !hasScreen() });
  const svg = readFileSync(join(packaging, 'icon.svg'), 'utf8');
  const display = await openDisplay();
  const work = mkdtempSync(join(tmpdir(), 'geostream-icons-'));
  try {
    writeFileSync(join(work, 'main.cjs'), RENDERER);
    writeFileSync(join(work, 'package.json'), JSON.stringify({ name: 'icons', main: 'main.cjs' }));
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const result = join(work, 'drawn.json');
    await runQuietly('Drawing the icons', electron.executable, [...asRoot, ...display.args, work], {
      env: { ...process.env, ...display.env, GEOSTREAM_DRAW: JSON.stringify([svg, SIZES]), GEOSTREAM_DRAWN: result },
    });
    JSON.parse(readFileSync(result, 'utf8')).forEach((url, i) => {
      const png = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
      writeFileSync(join(packaging, 'icons', `${SIZES[i]}x${SIZES[i]}.png`), png);
    });
    const drawing = createHash('sha256').update(svg).digest('hex');
    writeFileSync(join(packaging, 'icons', 'drawing.sha256'), `${drawing}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
    await display.close();
  }
});
