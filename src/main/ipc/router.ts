/**
 * One door for every command: the sender is checked, the input parsed, and a failure becomes a typed error with a
 * next step. Handlers are complete by type: a command without one does not compile.
 */
import { ipcMain, type WebContents } from 'electron';
import { channels, type EventName } from '../../shared/channels';
import {
  type CommandError,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type CommandResult,
  commands,
  type EventPayload,
} from '../../shared/contract';
import { KafkaError } from '../kafka/kafkaError';
import { FileError } from '../produce/fileRows';
import { CommandFailure } from './commandFailure';

export type Handlers = {
  readonly [N in CommandName]: (input: CommandInput<N>) => CommandOutput<N> | Promise<CommandOutput<N>>;
};

export interface Router {
  send<N extends EventName>(name: N, payload: EventPayload<N>): void;
  close(): void;
}

function toCommandError(error: unknown, log: (message: string) => void): CommandError {
  if (error instanceof CommandFailure) return { code: error.code, message: error.message, action: error.action };
  if (error instanceof KafkaError) return { code: 'cluster', message: error.message, action: error.action };
  if (error instanceof FileError) return { code: 'file', message: error.message, action: error.action };
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return {
    code: 'internal',
    message: 'Something went wrong inside the app.',
    action: 'Try again; if it stays, restart the app and report it.',
  };
}

/** Characters of what a failed input is told. */
const LONGEST_PATH = 200;
const LONGEST_ISSUE = 500;

const isCommand = (name: unknown): name is CommandName => typeof name === 'string' && Object.hasOwn(commands, name);

/** `isOurPage` says whether a sender is the top frame of the app's own window, from the app's own origin. */
export function createRouter(
  handlers: Handlers,
  page: () => WebContents | undefined,
  isOurPage: (event: Electron.IpcMainInvokeEvent) => boolean,
  log: (message: string) => void,
): Router {
  async function answer<N extends CommandName>(name: N, raw: unknown): Promise<CommandResult<CommandOutput<N>>> {
    const parsed = commands[name].input.safeParse(raw);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      // A path holds names that came with the input.
      const where =
        issue && issue.path.length > 0 ? `${issue.path.map(String).join('.').slice(0, LONGEST_PATH)}: ` : '';
      const error: CommandError = {
        code: 'bad-input',
        message: `${where}${issue?.message.slice(0, LONGEST_ISSUE) ?? 'the input is not of the right form'}`,
        action: 'Correct the input and try again.',
      };
      return { ok: false, error };
    }
    try {
      // The schema of this very name has just parsed it; TypeScript cannot tie the two together through the lookup.
      const value = await handlers[name](parsed.data as CommandInput<N>);
      return { ok: true, value };
    } catch (error) {
      return { ok: false, error: toCommandError(error, log) };
    }
  }

  ipcMain.handle(channels.command, (event, name: unknown, input: unknown) => {
    if (!isOurPage(event)) {
      log(`a command from a stranger was refused: ${event.senderFrame?.url ?? 'unknown frame'}`);
      const error: CommandError = {
        code: 'refused',
        message: 'This page may not do that.',
        action: 'Use the app’s own window.',
      };
      return { ok: false, error };
    }
    if (!isCommand(name)) {
      const error: CommandError = {
        code: 'bad-input',
        message: 'There is no such command.',
        action: 'Reload the page.',
      };
      return { ok: false, error };
    }
    return answer(name, input);
  });

  return {
    send: (name, payload) => {
      const contents = page();
      if (contents && !contents.isDestroyed()) contents.send(channels.event(name), payload);
    },
    close: () => ipcMain.removeHandler(channels.command),
  };
}
