/** The test of a connection in words: what each step is about, and how the whole ended. */
import type { ConnectionStep, ConnectionTest, TestedStep } from '../../shared/profiles';
import { count } from './numbers';

export const stepWords: Record<ConnectionStep, { readonly name: string; readonly meaning: string }> = {
  dns: { name: 'DNS', meaning: 'The host has an address' },
  tcp: { name: 'TCP', meaning: 'The port accepts connections' },
  tls: { name: 'TLS', meaning: 'The connection is encrypted, and the certificate is trusted' },
  sasl: { name: 'SASL', meaning: 'User name and password, or the token, are accepted' },
  versions: { name: 'Versions', meaning: 'It is Kafka, of a version that can be spoken with' },
  metadata: { name: 'Metadata', meaning: 'The brokers name themselves and their topics' },
};

export const outcomeWords: Record<TestedStep['outcome'], string> = {
  waiting: 'waiting',
  running: 'running',
  passed: 'passed',
  failed: 'failed',
  'not-needed': 'not needed',
  'not-reached': 'not reached',
};

/** Before the first word of the main process: six steps that wait. */
export const untested: ConnectionTest = {
  server: '',
  steps: (Object.keys(stepWords) as ConnectionStep[]).map((step) => ({
    step,
    outcome: 'waiting',
    ms: null,
    message: '',
    action: '',
  })),
  state: 'running',
  remarks: [],
};

/** The steps to show: of a test that has ended, none is under way any more. */
export const shownSteps = ({ steps, state }: ConnectionTest): TestedStep[] =>
  steps.map((step) =>
    state !== 'running' && (step.outcome === 'running' || step.outcome === 'waiting')
      ? { ...step, outcome: 'not-reached' }
      : step,
  );

export function testHeadline({ server, steps, state }: ConnectionTest): string {
  const about = server === '' ? 'The connection' : server;
  switch (state) {
    case 'running':
      return server === '' ? 'Testing…' : `Testing ${server}…`;
    case 'passed':
      return `${about} works`;
    case 'cancelled':
      return 'The test was cancelled';
    case 'failed': {
      const step = steps.find(({ outcome }) => outcome === 'failed')?.step;
      return step ? `${about} fails at ${stepWords[step].name}` : `${about} fails`;
    }
  }
}

/** "3 ms", below one "< 1 ms"; empty until it has ended. */
export function tookWords(ms: number | null): string {
  if (ms === null) return '';
  return ms < 1 ? '< 1 ms' : `${count(ms)} ms`;
}
