/**
 * Asks a token endpoint for a token with client credentials (RFC 6749, 4.4). Loaded when it is first needed: what it needs
 * itself takes a while, and hardly any cluster asks for it.
 */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { rootCertificates } from 'node:tls';
import { z } from 'zod';
import type { SaslAccess } from './clusterAccess';
import { KafkaError } from './kafkaError';

export type OAuth = Extract<SaslAccess, { mechanism: 'OAUTHBEARER' }>;

const MAX_BYTES = 64 << 10;
const WITHIN_MS = 10_000;

const tokenResponse = z.object({
  /** One word (RFC 6750, 2.1): it is sent between control characters. */
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().optional(),
});

const fail = (message: string, action: string, retriable = false) =>
  new KafkaError('OAUTH_TOKEN', message, action, retriable);

/**
 * @param ca certificates to trust besides the usual ones, PEM
 * @throws KafkaError
 */
export async function askForToken(oauth: OAuth, ca: string | null): Promise<z.infer<typeof tokenResponse>> {
  const url = new URL(oauth.tokenEndpoint);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(oauth.scope ? { scope: oauth.scope } : {}),
  });
  // RFC 6749, 2.3.1: both are form-encoded before they are joined.
  const encoded = [oauth.clientId, oauth.clientSecret].map((text) => encodeURIComponent(text).replaceAll('%20', '+'));
  const authorization = `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        timeout: WITHIN_MS,
        signal: AbortSignal.timeout(WITHIN_MS),
        ...(ca === null ? {} : { ca: [...rootCertificates, ca] }),
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          answer += part;
          if (answer.length > MAX_BYTES) sent.destroy(new Error('the answer is too long'));
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text: answer }));
      },
    );
    sent.once('error', reject);
    sent.end(body.toString());
  }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code ?? error.name;
    throw fail(`The token endpoint ${url.host} does not answer (${why}).`, 'Check its address in the profile.', true);
  });
  if (status === 400 || status === 401 || status === 403) {
    throw fail(`The token endpoint refuses the client (HTTP ${status}).`, 'Check client id, secret and scope.');
  }
  if (status !== 200)
    throw fail(`The token endpoint answers with HTTP ${status}.`, 'Check its address.', status >= 500);
  try {
    return tokenResponse.parse(JSON.parse(text));
  } catch {
    throw fail('The token endpoint answers with no token.', 'Check its address in the profile.');
  }
}
