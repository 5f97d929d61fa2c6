/** Hands a test's questions on to the worker in which both painters are, where the app has them too. */
import type { Answer, Answers, Question } from './messages';

const worker = new Worker(new URL('./painters.worker.ts', import.meta.url), { type: 'module' });

/** One question at a time; what the worker throws is thrown here. */
function ask<Q extends Question>(question: Q): Promise<Answers[Q['ask']]> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if ('failed' in data) reject(new Error(data.failed));
      else resolve(data.answer as Answers[Q['ask']]);
    };
    worker.onerror = (event) => reject(new Error(event.message || 'the worker failed'));
    worker.postMessage(question);
  });
}

declare global {
  interface Window {
    painters: { ask: typeof ask };
  }
}
window.painters = { ask };
