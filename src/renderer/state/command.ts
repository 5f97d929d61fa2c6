/**
 * The only way to the main process. `ask` gives the answer as it came; `command` says a failure to the person, in
 * a toast, and gives null, which is what most buttons want.
 */
import type { CommandInput, CommandName, CommandOutput, CommandResult, GeoStreamApi } from '../../shared/contract';
import { toast } from './toasts';

declare global {
  interface Window {
    readonly geostream: GeoStreamApi;
  }
}

export async function ask<N extends CommandName>(
  name: N,
  input: CommandInput<N>,
): Promise<CommandResult<CommandOutput<N>>> {
  try {
    return await window.geostream.call(name, input);
  } catch (error) {
    const message = `The app's main process did not answer (${error instanceof Error ? error.message : String(error)}).`;
    return { ok: false, error: { code: 'internal', message, action: 'Try again; if it stays so, restart GeoStream.' } };
  }
}

export async function command<N extends CommandName>(
  name: N,
  input: CommandInput<N>,
): Promise<CommandOutput<N> | null> {
  const result = await ask(name, input);
  if (result.ok) return result.value;
  toast({ level: 'error', message: result.error.message, action: result.error.action });
  return null;
}

/** To the clipboard, through the main process: it always works there. */
export async function copyText(text: string): Promise<boolean> {
  return (await command('clipboard.write', { text })) !== null;
}
