/** Removes files one after the other, off the main thread: a large file takes the disk its time. */
import type { FileSystem } from './fileSystem.ts';

export class FileRemovals {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly fileSystem: FileSystem,
    private readonly problem: (message: string, details: Readonly<Record<string, unknown>>) => void,
  ) {}

  add(path: string): void {
    this.last = this.last
      .then(() => this.fileSystem.removeLater(path))
      .catch((error: unknown) => {
        this.problem('an old segment could not be removed', { path, error: String(error) });
      });
  }

  /** Until all are gone that have been added. */
  ended(): Promise<void> {
    return this.last;
  }
}
