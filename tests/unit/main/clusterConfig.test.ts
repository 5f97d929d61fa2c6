import { describe, expect, it } from 'vitest';
import { clusterConfig } from '../../../src/main/clusterConfig';

describe('KAFKA_URI and KAFKA_PORT', () => {
  it('choose the built-in broker when neither is set', () => {
    expect(clusterConfig({})).toEqual({ kind: 'built-in' });
    expect(clusterConfig({ KAFKA_URI: ' ', KAFKA_PORT: '' })).toEqual({ kind: 'built-in' });
  });

  it.each([
    [{ KAFKA_URI: 'localhost', KAFKA_PORT: '9093' }, ['localhost:9093']],
    [{ KAFKA_URI: 'localhost' }, ['localhost:9092']],
    [{ KAFKA_PORT: '19092' }, ['localhost:19092']],
    [{ KAFKA_URI: 'a:1,b , c:3', KAFKA_PORT: '2' }, ['a:1', 'b:2', 'c:3']],
    [{ KAFKA_URI: 'kafka://broker.example:9094/' }, ['broker.example:9094']],
    [{ KAFKA_URI: '[::1]:9092' }, ['[::1]:9092']],
    [{ KAFKA_URI: '[::1]', KAFKA_PORT: '9093' }, ['[::1]:9093']],
    [
      { KAFKA_URI: 'kafka://[2001:db8::7]:1,[::ffff:127.0.0.1], 10.0.0.1 ,[fe80::1%eth0]:2' },
      ['[2001:db8::7]:1', '[::ffff:127.0.0.1]:9092', '10.0.0.1:9092', '[fe80::1%eth0]:2'],
    ],
  ])('%j name the cluster', (env, bootstrap) => {
    expect(clusterConfig(env)).toEqual({ kind: 'environment', bootstrap });
  });

  it.each([
    { KAFKA_URI: 'localhost', KAFKA_PORT: 'kafka' },
    { KAFKA_URI: 'localhost', KAFKA_PORT: '70000' },
    { KAFKA_URI: 'localhost:0' },
    { KAFKA_URI: 'a b' },
    { KAFKA_URI: 'a,,b' },
    { KAFKA_URI: 'http://x/y' },
    { KAFKA_URI: '[::1]:0' },
    { KAFKA_URI: '[::1' },
    { KAFKA_URI: '[]:9092' },
    { KAFKA_URI: '[:::::]:9092' },
    { KAFKA_URI: '[localhost]:9092' },
  ])('%j are refused, with what to do', (env) => {
    const config = clusterConfig(env);
    expect(config.kind).toBe('invalid');
    expect(config).toHaveProperty('action');
  });

  it.each(['::1', '::1:9092', '2001:db8::7'])('say that an IPv6 address is written in brackets: %s', (uri) => {
    expect(clusterConfig({ KAFKA_URI: uri })).toMatchObject({ reason: expect.stringContaining('[::1]:9092') });
  });
});
