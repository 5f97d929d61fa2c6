/**
 * `npm start`: from a fresh clone to the app's window. Installs what is missing, finds an Electron, builds, and
 * runs the app; arguments are the app's (`npm start -- --user-data-dir FOLDER`). When it ends, everything it
 * started has ended.
 */
import { resolve } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { MAKE_CODE_CACHE } from './setup/codeCache.mjs';
import { openDisplay } from './setup/display.mjs';
import { root } from './setup/folders.mjs';
import { prepareElectron } from './setup/prepare.mjs';
import { runInForeground } from './setup/processes.mjs';
import { sandboxArguments } from './setup/sandbox.mjs';
import { runScript } from './setup/setupError.mjs';
import { ensureSystemPackages, hasScreen } from './setup/systemPackages.mjs';

await runScript(async () => {
  const electron = await prepareElectron();
  await ensureSystemPackages({ executable: electron.executable, screen: !hasScreen() });
  await ensureBuilt();
  const display = await openDisplay();
  try {
    const switches = [...sandboxArguments(electron.dist), ...display.args];
    return await runInForeground(electron.executable, [...switches, root, ...appArguments(process.argv.slice(2))], {
      env: { ...process.env, ...MAKE_CODE_CACHE, ...display.env },
    });
  } finally {
    await display.close();
  }
});

/**
 * The app's arguments as Chromium reads them: it knows `--user-data-dir=FOLDER` only, with an equals sign, and a
 * folder is meant from where the command was typed, which is not where npm runs us.
 */
function appArguments(args) {
  const NAME = '--user-data-dir';
  const joined = [];
  for (const arg of args) {
    if (joined.at(-1) === NAME) joined.splice(-1, 1, `${NAME}=${arg}`);
    else joined.push(arg);
  }
  return joined.map((arg) =>
    arg.startsWith(`${NAME}=`) ? `${NAME}=${resolve(process.env.INIT_CWD ?? '.', arg.slice(NAME.length + 1))}` : arg,
  );
}
