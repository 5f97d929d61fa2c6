/**
 * A setup step that cannot go on. Its message says what is wrong and what to do next, so that it can be
 * shown as it is, without a stack trace.
 */
export class SetupError extends Error {
  name = 'SetupError';
}

/** Runs a script's main function: its result is the exit code, and a `SetupError` is shown in words. */
export async function runScript(main) {
  try {
    endWith((await main()) ?? 0);
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    endWith(1);
  }
}

/** Whatever else would end the process: electron-builder's temporary folders are cleared by one that ends it with 0. */
function endWith(code) {
  process.exitCode = code;
  process.once('exit', () => {
    process.exitCode ||= code;
  });
}
