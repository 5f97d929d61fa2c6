/** Runs a command-line client to its end. */
import { type ChildProcess, spawn } from 'node:child_process';

/** Only what hangs is meant to meet it. */
const TIME_LIMIT_MS = 60_000;

export function startProgram(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'], timeout: TIME_LIMIT_MS });
}

/** Its standard output; fails with its standard error when it fails. */
export function outputOf(child: ChildProcess, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      code === 0 ? resolve(output) : reject(new Error(`it ended with ${code ?? signal}: ${errors}\n${output}`)),
    );
    // A program that ends without reading its input is no fault of the input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

export const runProgram = (command: string, args: readonly string[], input = '') =>
  outputOf(startProgram(command, args), input);

/** Why it does not run, if so, with the package that brings it. */
export async function missingProgram(
  command: string,
  args: readonly string[],
  advice: string,
): Promise<string | undefined> {
  return runProgram(command, args).then(
    () => undefined,
    () => advice,
  );
}
