/**
 * Signing in with OAUTHBEARER (RFC 7628), in place of kafkajs's own way, which takes a refused token for success: the first
 * answer to such a token is no error of the protocol, but a JSON text that says what is wrong with it.
 */
import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import { KafkaError, protocolErrorType } from './kafkaError';

/** Ends the talk after an error (RFC 7628, 3.2.3); the broker then closes the connection as it would with any mechanism. */
const ERROR_SEEN = Buffer.from([1]);

const MAX_ERROR_BYTES = 10_000;

/** What may be shown of the broker's words: a status of RFC 7628's registry, such as "invalid_token". */
const SHOWABLE = /^[\w.-]{1,60}$/;

const refused = (status: string | undefined) =>
  new KafkaError(
    'SASL_AUTHENTICATION_FAILED',
    `The cluster refuses the token${status === undefined ? '' : ` (${status})`}.`,
    'Check scope and client id in the profile, and that the cluster trusts this token endpoint.',
    false,
  );

const withLength = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** Sends one message of the mechanism. @returns the broker's, empty when it is content */
async function exchange(saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate'], message: Buffer) {
  const answer = await saslAuthenticate<Buffer>({
    request: { encode: () => withLength(message) },
    response: {
      // kafkajs hands over the bytes with their length before them, -1 for none.
      decode: (raw: Buffer) => (raw.length > 4 ? raw.subarray(4) : Buffer.alloc(0)),
      parse: (bytes: Buffer) => bytes,
    },
  });
  return answer ?? Buffer.alloc(0);
}

function statusOf(answer: Buffer): string | undefined {
  try {
    const said: unknown = JSON.parse(answer.subarray(0, MAX_ERROR_BYTES).toString('utf8'));
    const status = typeof said === 'object' && said !== null && 'status' in said ? said.status : undefined;
    return typeof status === 'string' && SHOWABLE.test(status) ? status : undefined;
  } catch {
    return undefined;
  }
}

/** @param token throws KafkaError */
export function oauthBearer(token: () => Promise<string>): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        const bearer = await token();
        try {
          const answer = await exchange(saslAuthenticate, Buffer.from(`n,,\u0001auth=Bearer ${bearer}\u0001\u0001`));
          if (answer.length === 0) return;
          await exchange(saslAuthenticate, ERROR_SEEN).catch(() => undefined);
          throw refused(statusOf(answer));
        } catch (error) {
          // Some brokers refuse at once, by the protocol's own error.
          if (protocolErrorType(error) === 'SASL_AUTHENTICATION_FAILED') throw refused(undefined);
          throw error;
        }
      },
    }),
  };
}
