import { describe, expect, it } from 'vitest';
import { securityWords } from '../../../src/shared/securityWords';

const tls = { ca: null, certificate: null, checkHostname: true };
const sasl = { mechanism: 'SCRAM-SHA-512', username: 'geo' } as const;

describe('how a connection is secured', () => {
  it('is named by its encryption and its sign-in', () => {
    expect(securityWords({ tls: null, sasl: null })).toBe('unencrypted');
    expect(securityWords({ tls, sasl: null })).toBe('TLS');
    expect(securityWords({ tls, sasl })).toBe('TLS, SCRAM-SHA-512');
    expect(securityWords({ tls: null, sasl })).toBe('SCRAM-SHA-512, unencrypted');
    expect(securityWords({ tls: { ...tls, certificate: 'x' }, sasl: null })).toBe('TLS with client certificate');
  });
});
