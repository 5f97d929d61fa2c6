import { describe, expect, it } from 'vitest';
import { oauthBearer } from '../../../src/main/kafka/oauthBearer';

/** As kafkajs hands over what a broker answers: its length, then its bytes. */
const answer = (text: string | null): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(text === null ? -1 : Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text ?? '')]);
};

/** Signs in to a broker that answers so, one after the other. @returns what it was sent */
async function signIn(answers: readonly (Buffer | Error)[], token = async () => 'TOKEN'): Promise<string[]> {
  const sent: string[] = [];
  const left = [...answers];
  const { authenticationProvider } = oauthBearer(token);
  const saslAuthenticate = async ({ request, response }: never) => {
    const { encode } = request as { encode(): Buffer };
    const { decode, parse } = response as { decode(raw: Buffer): Buffer; parse(bytes: Buffer): Buffer };
    const message = encode();
    expect(message.readInt32BE(0)).toBe(message.length - 4);
    sent.push(message.subarray(4).toString());
    const next = left.shift();
    if (next === undefined) throw new Error('nothing more was expected');
    if (next instanceof Error) throw next;
    return parse(decode(next));
  };
  const authenticator = authenticationProvider({ host: 'h', port: 1, logger: {}, saslAuthenticate } as never);
  try {
    await authenticator.authenticate();
  } catch (error) {
    throw Object.assign(error as Error, { sent });
  }
  return sent;
}

const FIRST = 'n,,\u0001auth=Bearer TOKEN\u0001\u0001';
const refusedBy = (type: string) => Object.assign(new Error('no'), { name: 'KafkaJSProtocolError', type });

describe('OAUTHBEARER', () => {
  it.each([null, ''])('is content with an empty answer: %j', async (text) => {
    expect(await signIn([answer(text)])).toEqual([FIRST]);
  });

  it.each([
    ['{"status":"invalid_token"}', 'The cluster refuses the token (invalid_token).'],
    ['{"status":"insufficient_scope","scope":"kafka","x":1}', 'The cluster refuses the token (insufficient_scope).'],
    ['{"status":"<b>\\u202e rm -rf"}', 'The cluster refuses the token.'],
    ['{"status":7}', 'The cluster refuses the token.'],
    ['{', 'The cluster refuses the token.'],
    ['\u0000', 'The cluster refuses the token.'],
  ])('takes any other answer for a refusal: %s', async (text, message) => {
    // The broker's last word, to which nothing more is to be said, differs.
    for (const last of [refusedBy('SASL_AUTHENTICATION_FAILED'), new Error('closed'), answer('')]) {
      const code = 'SASL_AUTHENTICATION_FAILED';
      const refusal = { name: 'KafkaError', code, message, retriable: false, sent: [FIRST, '\u0001'] };
      await expect(signIn([answer(text), last])).rejects.toMatchObject(refusal);
    }
  });

  it('is refused by the error of the protocol too', async () => {
    await expect(signIn([refusedBy('SASL_AUTHENTICATION_FAILED')])).rejects.toMatchObject({
      code: 'SASL_AUTHENTICATION_FAILED',
      sent: [FIRST],
    });
  });

  it('lets other failures be what they are: a lost connection is no refusal', async () => {
    await expect(signIn([new Error('Closed connection')])).rejects.toThrow('Closed connection');
    const noToken = async () => {
      throw new Error('no token');
    };
    await expect(signIn([], noToken)).rejects.toMatchObject({ message: 'no token', sent: [] });
  });
});
