/** Who waits until a log has something new; each is called back once. */
export class AppendWaiters {
  private readonly waiting = new Set<() => void>();

  /** Returns how to stop waiting. */
  add(callback: () => void): () => void {
    this.waiting.add(callback);
    return () => this.waiting.delete(callback);
  }

  wake(): void {
    if (this.waiting.size === 0) return;
    const callbacks = [...this.waiting];
    this.waiting.clear();
    for (const callback of callbacks) callback();
  }
}
