/** Runs a command in a root folder, as root there; resolves with what it printed. */
export function runInRoot(folder: string, command: readonly string[]): Promise<string>;
export const PATH_INSIDE: string;
