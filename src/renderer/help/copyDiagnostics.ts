/** Asks for the diagnostics on the clipboard, and says that they are there. */
import { command } from '../state/command';
import { toast } from '../state/toasts';
import { count } from '../words/numbers';

export async function copyDiagnostics(): Promise<void> {
  const copied = await command('diagnostics.copy', {});
  if (!copied) return;
  toast({ level: 'info', message: `Diagnostics are on the clipboard: ${count(copied.characters)} characters.` });
}
