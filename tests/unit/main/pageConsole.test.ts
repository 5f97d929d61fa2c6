import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { watchPageConsole } from '../../../src/main/window/pageConsole.ts';

it("the page's console is told by its level, as Electron has said it before 35 and since", () => {
  const contents = new EventEmitter();
  const told: string[] = [];
  watchPageConsole(contents as never, (level, message) => told.push(`${level}: ${message}`));
  const before = (level: number, message: string) => contents.emit('console-message', {}, level, message, 7, 'app://a');
  const since = (level: string, message: string) =>
    contents.emit('console-message', { level, message, lineNumber: 7, sourceId: 'app://a' });
  before(3, 'Uncaught Error: x');
  before(2, 'odd');
  before(1, 'said');
  since('error', 'Uncaught Error: y');
  since('warning', 'odd');
  since('info', 'said');
  // Nothing is lost by it.
  before(3, 'ResizeObserver loop completed with undelivered notifications.');
  expect(told).toEqual([
    'error: Uncaught Error: x (app://a:7)',
    'warn: odd (app://a:7)',
    'error: Uncaught Error: y (app://a:7)',
    'warn: odd (app://a:7)',
    'warn: ResizeObserver loop completed with undelivered notifications. (app://a:7)',
  ]);
});
