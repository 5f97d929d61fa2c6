/** Takes the steps of a connection one by one, and says which of them fails, and what likely cures it. */
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type ConnectionStep, type ConnectionTest, connectionStep, type TestedStep } from '../../shared/profiles';
import { seedOf } from './brokerConnection';
import type { ClusterAccess } from './clusterAccess';
import { tlsOptions } from './connectionOptions';
import { type KafkaError, toKafkaError } from './kafkaError';
import { askMetadata } from './metadata';
import { formatServer, parseServer } from './serverAddress';
import { openSession, type Session } from './session';

export interface TestConnectionOptions {
  /** Told after each step, with the whole test so far. */
  readonly onStep: (test: ConnectionTest) => void;
  readonly signal: AbortSignal;
}

const WITHIN_MS = 5_000;
const SOON_MS = 30 * 86_400_000;

class StepFailed extends Error {
  constructor(
    readonly step: ConnectionStep,
    message: string,
    readonly action: string,
  ) {
    super(message);
  }
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => socket.destroy(new Error('cancelled'));
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(WITHIN_MS, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.once(event, resolve).once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
  });
}

/** The handshake; with `trust` off it only tells whether the listener speaks TLS at all. */
async function shakeHands(host: string, port: number, access: ClusterAccess, signal: AbortSignal, trust = true) {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const options = trust && access.tls ? tlsOptions(access.tls) : { rejectUnauthorized: false };
  const socket: TLSSocket = connectTls({ host, port, ...name, ...options });
  try {
    await opened(socket, 'secureConnect', signal);
    return { protocol: socket.getProtocol() ?? 'TLS', certificate: socket.getPeerCertificate() };
  } finally {
    socket.destroy();
  }
}

/** Never throws: a test that fails is a result. */
export async function testConnection(access: ClusterAccess, options: TestConnectionOptions): Promise<ConnectionTest> {
  const remarks: string[] = [];
  let first: ConnectionTest | undefined;
  for (const server of access.bootstrap) {
    const test = await testServer(server, access, options, remarks);
    if (test.state !== 'failed') return test;
    first ??= test;
    const failed = test.steps.find(({ outcome }) => outcome === 'failed');
    remarks.push(`${server}: ${failed?.message ?? 'does not answer.'}`);
  }
  if (first) return { ...first, remarks: remarks.slice(1) };
  return { server: '', steps: [], state: 'failed', remarks };
}

async function testServer(
  server: string,
  access: ClusterAccess,
  { onStep, signal }: TestConnectionOptions,
  remarks: string[],
): Promise<ConnectionTest> {
  const { host, port } = parseServer(server);
  const steps = new Map<ConnectionStep, TestedStep>(
    connectionStep.options.map((step) => [step, { step, outcome: 'waiting', ms: null, message: '', action: '' }]),
  );
  const test = (state: ConnectionTest['state']): ConnectionTest => ({
    server,
    steps: [...steps.values()],
    state,
    remarks: [...remarks],
  });
  const set = (step: ConnectionStep, change: Partial<TestedStep>) => {
    steps.set(step, { step, outcome: 'waiting', ms: null, message: '', action: '', ...change });
    if (!signal.aborted) onStep(test('running'));
  };
  const run = async (step: ConnectionStep, take: () => Promise<string>) => {
    set(step, { outcome: 'running' });
    const began = performance.now();
    try {
      set(step, { outcome: 'passed', message: await take(), ms: performance.now() - began });
    } catch (error) {
      if (error instanceof StepFailed) throw error;
      const known = toKafkaError(error);
      throw new StepFailed(step, known.message, known.action);
    }
  };

  let session: Session | undefined;
  const cut = () => session?.close();
  signal.addEventListener('abort', cut, { once: true });
  try {
    await run('dns', async () => {
      try {
        return (await lookup(host, { all: true })).map(({ address }) => address).join(', ');
      } catch {
        throw new StepFailed(
          'dns',
          `The host name ${host} is not known.`,
          'Check the spelling, and the VPN if it needs one.',
        );
      }
    });
    await run('tcp', async () => {
      const socket = connect({ host, port });
      try {
        await opened(socket, 'connect', signal);
        return `port ${port} is open`;
      } finally {
        socket.destroy();
      }
    });
    if (access.tls) {
      await run('tls', async () => {
        const { protocol, certificate } = await shakeHands(host, port, access, signal);
        const until = Date.parse(certificate.valid_to);
        if (until - Date.now() < SOON_MS) remarks.push(`${server}: its certificate ends on ${certificate.valid_to}.`);
        return `${protocol}, CN=${String(certificate.subject?.CN ?? '')}, valid until ${certificate.valid_to}`;
      });
    } else set('tls', { outcome: 'not-needed' });

    // On the wire the versions come first, then SASL; both belong to opening a session.
    const own = { ...access, bootstrap: [server] };
    const began = performance.now();
    set(access.sasl ? 'sasl' : 'versions', { outcome: 'running' });
    try {
      session = await openSession({ access: own, log: () => undefined });
    } catch (error) {
      const known = toKafkaError(error);
      if (
        !access.tls &&
        (await shakeHands(host, port, access, signal, false).then(
          () => true,
          () => false,
        ))
      ) {
        set(access.sasl ? 'sasl' : 'versions', {});
        throw new StepFailed('tls', 'The listener speaks TLS, and the profile does not.', 'Set the encryption to TLS.');
      }
      const step = access.sasl && isAboutSasl(known) ? 'sasl' : 'versions';
      const mute = 'Check that the port is that of a Kafka listener, and whether the listener asks for SASL.';
      throw new StepFailed(step, known.message, step === 'sasl' ? known.action : `${known.action} ${mute}`);
    }
    const ms = performance.now() - began;
    const { sasl } = access;
    const who = sasl && (sasl.mechanism === 'OAUTHBEARER' ? sasl.clientId : sasl.username);
    set('sasl', sasl ? { outcome: 'passed', ms, message: `${sasl.mechanism} as ${who}` } : { outcome: 'not-needed' });
    set('versions', { outcome: 'passed', ms, message: 'it speaks Kafka, in versions that are understood here' });

    const { cluster } = session;
    await run('metadata', async () => {
      const { brokers, topicMetadata } = await askMetadata(seedOf(cluster), null, false, WITHIN_MS);
      const away: string[] = [];
      await Promise.all(
        brokers.map(async (broker) => {
          const socket = connect({ host: broker.host, port: broker.port });
          await opened(socket, 'connect', signal).catch(() => away.push(formatServer(broker)));
          socket.destroy();
        }),
      );
      if (away.length > 0) {
        throw new StepFailed(
          'metadata',
          `The cluster names brokers that cannot be reached from here: ${away.join(', ')}.`,
          'Set advertised.listeners of these brokers to an address that this computer knows, or open the way to it.',
        );
      }
      return `${brokers.length} ${brokers.length === 1 ? 'broker' : 'brokers'}, ${topicMetadata.length} topics`;
    });
    return test('passed');
  } catch (error) {
    const failed = error instanceof StepFailed ? error : new StepFailed('dns', String(error), 'Try again.');
    const order = connectionStep.options;
    if (!signal.aborted) {
      steps.set(failed.step, {
        step: failed.step,
        outcome: 'failed',
        ms: null,
        message: failed.message,
        action: failed.action,
      });
    }
    for (const step of order.slice(signal.aborted ? 0 : order.indexOf(failed.step) + 1)) {
      const { outcome } = steps.get(step) ?? {};
      if (outcome === 'waiting' || outcome === 'running') {
        steps.set(step, { step, outcome: 'not-reached', ms: null, message: '', action: '' });
      }
    }
    return test(signal.aborted ? 'cancelled' : 'failed');
  } finally {
    signal.removeEventListener('abort', cut);
    session?.close();
  }
}

const isAboutSasl = ({ code }: KafkaError) => /SASL|OAUTH/.test(code);
