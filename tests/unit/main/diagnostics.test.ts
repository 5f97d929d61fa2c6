import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeApp, LICENCE } from '../../../src/main/about/about';
import { type DiagnosticFacts, diagnosticsText, MAX_CHARACTERS } from '../../../src/main/about/diagnostics';
import { createSecrets } from '../../../src/main/logs/hideSecrets';
import { untold } from '../../../src/renderer/state/mainState';
import { about, type Snapshot } from '../../../src/shared/contract';
import { noCounts } from '../../../src/shared/layerCounts';
import { defaultLimits } from '../../../src/shared/limitRanges';

const style = { color: '#1f78d1', visible: true, trails: true, fadeAfterMs: null, hideAfterMs: null, measure: null };
const fields = {
  name: 'Harbour office',
  bootstrap: ['kafka-1.harbour.example:9093', '127.0.0.1:9092'],
  clientId: 'geostream',
  readOnly: false,
  tls: null,
  sasl: null,
};
const snapshot: Snapshot = {
  ...untold,
  version: '1.2.3',
  view: { lat: 1, lon: 2, zoom: 3 },
  panels: { left: true, right: true, rightTab: 'inject' },
  limits: defaultLimits,
  painter: 'automatic',
  picture: 'marks',
  smoothMotion: false,
  connection: {
    ...untold.connection,
    cluster: {
      origin: 'profile',
      profile: 'x',
      name: fields.name,
      bootstrap: fields.bootstrap,
      readOnly: true,
      security: 'TLS, PLAIN',
    },
    state: { kind: 'failed', reason: 'kafka-1.harbour.example refused pa55word', action: 'Check it.' },
  },
  profiles: {
    active: 'x',
    list: [{ id: 'x', origin: 'saved', fields, keepSecrets: true, has: [], missing: [] }],
    secretStore: 'keychain',
  },
  topics: [{ name: 'patients', partitions: 1 }],
  layers: [
    {
      topic: 'patients',
      stream: 1,
      start: { kind: 'now' },
      stop: { kind: 'never' },
      style,
      status: { kind: 'retrying', reason: 'the leader of patients is away' },
    },
  ],
  counts: [{ ...noCounts('patients'), read: 12, shown: 10, refused: 2 }],
  notices: [{ id: '1', level: 'warning', message: 'patients was deleted', action: null }],
};
const facts: DiagnosticFacts = {
  at: new Date(0),
  about: describeApp('1.2.3', join(homedir(), '.config/GeoStream')),
  system: 'linux 6.1, x64, 2 cores, 8.0 GiB',
  uptime: 12.4,
  snapshot,
  painting: 'Pixels, as chosen',
  lines: ['{"message":"connecting to kafka-1.harbour.example:9093 as Harbour office"}', `in ${homedir()}/x`],
  logTrouble: null,
};
const secrets = createSecrets();
secrets.know(['pa55word']);

describe('the diagnostics', () => {
  it('hold versions, system, cluster, layers, limits and the log', () => {
    const text = diagnosticsText(facts, secrets.hide);
    expect(text).toContain('GeoStream 1.2.3');
    expect(text).toContain(`Node ${process.versions.node}, kafkajs 2.2.4`);
    expect(text).toContain('System: linux 6.1, x64, 2 cores, 8.0 GiB; up 12 s');
    expect(text).toContain('Painter: automatic; Pixels, as chosen');
    expect(text).toContain('Cluster: a profile, TLS, PLAIN, bootstrap servers: 2, read-only\n');
    expect(text).toContain('Connection: failed: host-1 refused [hidden]');
    expect(text).toContain('read 12, shown 10, late 0, removed 0, refused 2');
    expect(text).toContain(`entities ${defaultLimits.entities}`);
    expect(text).toContain('connecting to host-1:9093 as profile-1');
    expect(text).toContain('the leader of its topic is away');
  });

  it('hold no secret, no name of a host, a profile or a topic, and nobody’s home', () => {
    const text = diagnosticsText(facts, secrets.hide);
    for (const name of ['pa55word', 'harbour', 'Harbour', 'patients', homedir()]) expect(text).not.toContain(name);
  });

  it('are bounded, and have the end of a long log', () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `${i} ${'x'.repeat(3_000)}`);
    const text = diagnosticsText({ ...facts, lines, logTrouble: 'ENOSPC' }, secrets.hide);
    expect(text.length).toBeLessThanOrEqual(MAX_CHARACTERS);
    expect(text).toContain('\n4999 xxx');
    expect(text).toContain('not written (ENOSPC)');
    const many = Array.from({ length: 200 }, (_, i) => ({ ...snapshot.notices[0]!, message: `${i}`.repeat(1_000) }));
    const longHead = diagnosticsText({ ...facts, lines, snapshot: { ...snapshot, notices: many } }, secrets.hide);
    expect(longHead.length).toBeLessThanOrEqual(MAX_CHARACTERS);
    expect(longHead).toContain('\n4999 xxx');
  });
});

describe('what is told about the app', () => {
  it('is what the contract says, with the licence of the package', () => {
    expect(about.parse(facts.about)).toEqual(facts.about);
    expect(facts.about.logFolder).toBe(join(facts.about.dataFolder, 'logs'));
    const { license } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8'));
    expect(LICENCE).toBe(license);
  });
});
