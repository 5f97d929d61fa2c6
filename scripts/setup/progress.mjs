/**
 * Progress in words. A first start takes a minute or two, and silence looks like a hang: each long step
 * says what it does and how many seconds it has taken. On a terminal one line counts up; in a log file
 * a line appears every ten seconds.
 */

const QUIET_LOG_INTERVAL_S = 10;

/** Prints `text` as a line of its own. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs `work` while showing `text` with the seconds it has taken.
 *
 * @template T
 * @param {string} text what is being done, e.g. "Installing packages (about a minute)"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` returns; its error is passed on after the line has been closed
 */
export async function during(text, work) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const terminal = process.stdout.isTTY === true;
  const show = (ending) => process.stdout.write(terminal ? `\r${text} … ${ending}` : `  … ${ending}\n`);

  process.stdout.write(terminal ? `${text} … ` : `${text} …\n`);
  const ticker = setInterval(() => {
    if (terminal || seconds() % QUIET_LOG_INTERVAL_S === 0) show(`${seconds()} s`);
  }, 1000);
  try {
    const result = await work();
    show(`done in ${seconds()} s${terminal ? '\n' : ''}`);
    return result;
  } catch (error) {
    show(`failed after ${seconds()} s${terminal ? '\n' : ''}`);
    throw error;
  } finally {
    clearInterval(ticker);
  }
}

/** What a setup step writes to: real by default, replaced where a caller wants silence. */
export const log = { say, during };
