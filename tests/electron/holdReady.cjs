/**
 * Loaded before the app by launch.mjs: Electron tells the app that it is ready only when Playwright has the browser in its
 * hands. Without it a window may open while Playwright takes hold, and when that falls together with the window's first
 * navigation, Playwright never hears of it and waits for good: in 4 of 100 starts on a fast machine.
 *
 * Playwright calls `__playwright_run` when it is there, as it does for its own preload; that one cannot be used here, since
 * it comes with some thirty switches for Chromium, and the app is to be seen as people have it.
 */
const { app } = require('electron');

const ready = app.whenReady();
const held = new Promise((resolve) => {
  Object.assign(globalThis, { __playwright_run: resolve });
});
app.whenReady = () => held.then(() => ready);
