/** Thrown by a command's handler: what the page is told. Anything else that is thrown becomes an internal error. */
import type { CommandError } from '../../shared/contract';

export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  constructor(
    readonly code: CommandError['code'],
    message: string,
    readonly action: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
