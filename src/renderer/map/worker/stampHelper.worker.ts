/** The second thread's side of stampHelper.ts. */
import { Extent } from './extent';
import { type StampJob, stampBands } from './stampBands';
import { BOX, DONE, ENDED, type ToHelper } from './stampHelper';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const extent = new Extent();
let known: Partial<StampJob> = {};

scope.onmessage = ({ data: { number, told, job: changed, part } }: MessageEvent<ToHelper>) => {
  told[DONE] = 0;
  try {
    const job = { ...known, ...changed } as StampJob;
    known = job;
    extent.clear();
    stampBands(job, part, extent);
    told.set([extent.left, extent.top, extent.right, extent.bottom], BOX);
    told[DONE] = 1;
  } finally {
    Atomics.store(told, ENDED, number);
    Atomics.notify(told, ENDED);
  }
};
scope.postMessage('ready');
