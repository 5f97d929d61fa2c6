/**
 * How to call the npm that called us: inside `npm start` it names itself in the environment, which also
 * works where `npm` is a .cmd file that cannot be started without a shell.
 */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return { command: process.execPath, args: [cli] };
  return process.platform === 'win32' ? { command: 'npm.cmd', args: [], shell: true } : { command: 'npm', args: [] };
}
