/** The one session that commands share: opened at the first use, and thrown away after a failure that may be its own. */
import { KafkaError, protocolErrorType, toKafkaError } from './kafkaError';
import { openSession, type Session, type SessionOptions } from './session';

export interface SharedSession {
  /**
   * One call after the other: each loads the metadata that it needs into the one place that kafkajs keeps them in.
   * Throws KafkaError.
   */
  run<T>(call: (session: Session) => Promise<T>): Promise<T>;
  close(): void;
}

export function shareSession(options: SessionOptions): SharedSession {
  let closed = false;
  let current: Promise<Session> | undefined;
  let previous: Promise<unknown> = Promise.resolve();

  async function runNow<T>(call: (session: Session) => Promise<T>): Promise<T> {
    if (closed) {
      throw new KafkaError('CLOSED', 'The connection to the cluster has been closed.', 'Try again.', true);
    }
    current ??= openSession(options);
    const used = current;
    try {
      return await call(await used);
    } catch (error) {
      // An answer of the cluster, even a refusal, shows that the connection is sound.
      if (protocolErrorType(error) === undefined) {
        if (current === used) current = undefined;
        used.then((session) => session.close()).catch(() => undefined);
      }
      throw toKafkaError(error);
    }
  }

  return {
    run: (call) => {
      const mine = previous.then(() => runNow(call));
      previous = mine.catch(() => undefined);
      return mine;
    },
    close: () => {
      closed = true;
      current?.then((session) => session.close()).catch(() => undefined);
      current = undefined;
    },
  };
}
