/**
 * A worker that ends says nothing: no event comes of it. So it holds a lock for as long as it lives, whose name is its
 * own, and whoever gets that lock knows.
 */

/** In the worker, once it can be spoken to. @param held called when its end can be watched for */
export function liveUntilTheEnd(scope: DedicatedWorkerGlobalScope, held: () => void): void {
  if (!navigator.locks) {
    held();
    return;
  }
  void navigator.locks.request(scope.name, () => {
    held();
    return new Promise<never>(() => undefined);
  });
}

/** In the page, once the worker's end can be watched for. @param name of the worker */
export function whenEnded(name: string, signal: AbortSignal, ended: () => void): void {
  navigator.locks?.request(name, { signal }, ended).catch(() => undefined);
}
