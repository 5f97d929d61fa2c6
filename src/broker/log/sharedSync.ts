/** Brings to the disk all that was written before the call; calls that overlap share one sync. */
export class SharedSync {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly sync: () => Promise<void>) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  request(): Promise<void> {
    if (this.running === undefined) return this.start();
    if (this.next === undefined) {
      const start = () => {
        this.next = undefined;
        return this.start();
      };
      // The one that runs may have begun before the last write.
      this.next = this.running.then(start, start);
    }
    return this.next;
  }

  private start(): Promise<void> {
    const ended = () => {
      this.running = undefined;
    };
    const run = this.sync();
    this.running = run;
    run.then(ended, ended);
    return run;
  }
}
