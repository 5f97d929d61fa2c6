import { relative } from 'node:path';
import type { Reporter, Suite, TestCase, TestError } from '@playwright/test/reporter';
import { type Failure, writeFailures } from './failureList.ts';

/** Lists failed tests, those that passed at a second try only, and errors outside of any test. */
export default class PlaywrightFailures implements Reporter {
  private suite: Suite | undefined;
  private readonly outside: Failure[] = [];

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: unknown, suite: Suite): void {
    this.suite = suite;
  }

  onError(error: TestError): void {
    this.outside.push({ where: 'outside of any test', errors: [textOf(error)] });
  }

  onEnd(): void {
    const tests = this.suite?.allTests() ?? [];
    writeFailures([...tests.flatMap(failureOf), ...this.outside]);
  }
}

function failureOf(test: TestCase): Failure[] {
  const outcome = test.outcome();
  if (outcome !== 'unexpected' && outcome !== 'flaky') return [];
  const failed = test.results.find(({ errors }) => errors.length > 0);
  const place = `${relative(process.cwd(), test.location.file)}:${test.location.line} › ${test.title}`;
  return [
    {
      where: outcome === 'flaky' ? `${place} (passed at its second try)` : place,
      errors: (failed?.errors ?? []).map(textOf),
    },
  ];
}

function textOf(error: TestError): string {
  return [error.message ?? error.value ?? 'an error without a message', error.snippet ?? ''].join('\n');
}
