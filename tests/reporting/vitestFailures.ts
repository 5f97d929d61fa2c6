import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { type Failure, writeFailures } from './failureList.ts';

/** Lists failed tests, failed hooks and files, and errors outside of any test. */
export default class VitestFailures implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandled: ReadonlyArray<SerializedError>): void {
    writeFailures([
      ...modules.flatMap(failuresOf),
      ...unhandled.map((error) => ({ where: 'outside of any test', errors: [textOf(error)] })),
    ]);
  }
}

function failuresOf(module: TestModule): Failure[] {
  const file = module.relativeModuleId;
  const whole = module.errors();
  const failures: Failure[] = whole.length === 0 ? [] : [{ where: file, errors: whole.map(textOf) }];
  for (const suite of module.children.allSuites()) {
    const errors = suite.errors();
    if (errors.length > 0) failures.push({ where: `${file} › ${suite.fullName}`, errors: errors.map(textOf) });
  }
  for (const test of module.children.allTests('failed')) {
    failures.push({ where: `${file} › ${test.fullName}`, errors: (test.result().errors ?? []).map(textOf) });
  }
  return failures;
}

function textOf(error: Pick<SerializedError, 'message' | 'stack'> & { diff?: string }): string {
  const places = (error.stack ?? '').split('\n').filter((line) => line.includes('tests/') || line.includes('src/'));
  return [error.message, error.diff ?? '', ...places.slice(0, 3)].join('\n');
}
