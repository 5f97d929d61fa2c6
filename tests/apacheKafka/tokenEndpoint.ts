/**
 * An OAuth 2 server as small as OAUTHBEARER needs (KIP-768): a token endpoint for client credentials (RFC 6749, 4.4)
 * that gives JSON Web Tokens signed with RS256, and its public key as a JWK set (RFC 7517) for the broker to check
 * them by.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenEndpoint {
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
  readonly issuer: string;
  /** Who asks for one of these gets a token that the broker refuses. */
  readonly refusedScopes: readonly ['for-others', 'expired'];
  close(): Promise<void>;
}

const KEY_ID = 'geostream-test';
const LIFETIME_S = 3600;

export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const clientId = 'geostream';
  const clientSecret = 'geostream-client-secret';
  const audience = 'kafka';
  let issuer = '';

  const token = (scope: string | null) => {
    const now = Math.floor(Date.now() / 1000) - (scope === 'expired' ? 2 * LIFETIME_S : 0);
    const aud = scope === 'for-others' ? 'somebody else' : audience;
    const claims = { iss: issuer, sub: clientId, aud, iat: now, exp: now + LIFETIME_S, scope: scope ?? 'kafka' };
    const signed = `${base64Url({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${base64Url(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/jwks') {
      const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' };
      return answer(200, { keys: [jwk] });
    }
    if (request.url !== '/token' || request.method !== 'POST') return answer(404, { error: 'not_found' });
    const form = new URLSearchParams(await bodyOf(request));
    if (form.get('grant_type') !== 'client_credentials') return answer(400, { error: 'unsupported_grant_type' });
    const [id, secret] = credentialsOf(request, form);
    if (id !== clientId || secret !== clientSecret) return answer(401, { error: 'invalid_client' });
    return answer(200, { access_token: token(form.get('scope')), token_type: 'Bearer', expires_in: LIFETIME_S });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    tokenUrl: `${issuer}/token`,
    jwksUrl: `${issuer}/jwks`,
    clientId,
    clientSecret,
    audience,
    issuer,
    refusedScopes: ['for-others', 'expired'],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}

/** In the Authorization header, or in the form: RFC 6749, 2.3.1 allows both. */
function credentialsOf({ headers }: IncomingMessage, form: URLSearchParams): (string | null)[] {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return [form.get('client_id'), form.get('client_secret')];
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return [decodeURIComponent(id), decodeURIComponent(secret)];
}

const base64Url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
