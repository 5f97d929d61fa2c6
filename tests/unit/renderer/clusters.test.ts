import { afterEach, describe, expect, it, vi } from 'vitest';
import { useDialogs } from '../../../src/renderer/state/dialogs';
import { untold, useMain } from '../../../src/renderer/state/mainState';
import { switchCluster, withProfile } from '../../../src/renderer/state/profileActions';
import {
  addressWords,
  missingWords,
  profileLine,
  runningWords,
  switchWarning,
} from '../../../src/renderer/words/clusters';
import { shownSteps, testHeadline, tookWords, untested } from '../../../src/renderer/words/connectionTest';
import type { Playback, Simulation } from '../../../src/shared/contract';
import { connectionStep, connectionTest, type Profile, type TestedStep } from '../../../src/shared/profiles';

const profile = (
  id: string,
  change: Partial<Profile['fields']> = {},
  origin: Profile['origin'] = 'saved',
): Profile => ({
  id,
  origin,
  fields: { name: id, bootstrap: ['a:1'], clientId: 'g', readOnly: false, tls: null, sasl: null, ...change },
  keepSecrets: false,
  has: [],
  missing: [],
});
const tls = { ca: null, certificate: null, checkHostname: true };

const fleet = (state: Simulation['state'], firstStart = false): Simulation => ({
  id: 'f',
  spec: { topic: 't', entities: 1, area: { south: 0, west: 0, north: 1, east: 1 }, rate: 1, seed: 1 },
  firstStart,
  state,
  sent: 0,
  failed: 0,
  achievedRate: 0,
  reason: null,
});
const file = (state: Playback['state']): Playback => ({
  id: 'p',
  name: 'a.gpx',
  topic: 't',
  keyField: null,
  speed: 1,
  state,
  sent: 0,
  failed: 0,
  bytesRead: 0,
  bytes: 1,
  reason: null,
});

describe('a profile in words', () => {
  it('has one line with its address, and whether it is read-only', () => {
    expect(addressWords(['a:1', 'b:2', 'c:3'])).toBe('a:1 and 2 more');
    expect(profileLine(profile('p', { readOnly: true, tls }))).toBe('a:1 · read-only · TLS');
    expect(profileLine(profile('built-in', { bootstrap: [] }, 'built-in'))).toBe('on this computer · unencrypted');
  });

  it('says which of its secrets are missing', () => {
    expect(missingWords(['password'])).toBe('its password');
    expect(missingWords(['password', 'key', 'keyPassphrase'])).toBe(
      "its password, its private key and its key's passphrase",
    );
    expect(missingWords([])).toBe('a secret');
  });

  it('is put in its place in the list, or at its end', () => {
    const all = { active: 'a', list: [profile('a'), profile('b')], secretStore: 'none' } as const;
    const renamed = profile('a', { name: 'A' });
    expect(withProfile({ ...all, list: [...all.list] }, renamed).list.map(({ fields }) => fields.name)).toEqual([
      'A',
      'b',
    ]);
    expect(withProfile({ ...all, list: [...all.list] }, profile('c')).list).toHaveLength(3);
  });
});

describe('switching to another cluster', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    useMain.setState(untold);
    useDialogs.setState({ open: null, opener: null });
  });

  it('warns of what would be stopped, and of nothing else', () => {
    expect(runningWords([], [])).toBe('');
    expect(runningWords([fleet('stopped'), fleet('running', true)], [file('done'), file('failed')])).toBe('');
    const three = runningWords([fleet('running'), fleet('retrying'), fleet('running')], [file('running')]);
    expect(switchWarning(three, 'X')).toBe('3 fleets and 1 file are sending to X; they stop when you switch.');
    expect(switchWarning(runningWords([], [file('retrying')]), 'X')).toBe(
      '1 file is sending to X; it stops when you switch.',
    );
  });

  it('asks first only when something is sending', async () => {
    class FakeElement {}
    const call = vi.fn(async () => ({ ok: true, value: {} }));
    vi.stubGlobal('window', { geostream: { call } });
    vi.stubGlobal('HTMLElement', FakeElement);
    vi.stubGlobal('document', { activeElement: null, body: null });
    await switchCluster('b');
    expect(call).toHaveBeenCalledExactlyOnceWith('profiles.use', { id: 'b' });
    useMain.setState({ simulations: [fleet('running')] });
    await switchCluster('b');
    expect(call).toHaveBeenCalledTimes(1);
    expect(useDialogs.getState().open).toEqual({ kind: 'switch-profile', profile: 'b' });
  });
});

describe('a connection test', () => {
  const ended = (failed: TestedStep['step'] | null) => ({
    ...untested,
    server: 'a:1',
    steps: untested.steps.map((step) => (step.step === failed ? { ...step, outcome: 'failed' as const } : step)),
  });

  it('begins with every step of the contract waiting', () => {
    expect(connectionTest.parse(untested)).toEqual(untested);
    expect(untested.steps.map(({ step }) => step)).toEqual(connectionStep.options);
  });

  it('has a headline that names where it failed', () => {
    expect(testHeadline(untested)).toBe('Testing…');
    expect(testHeadline({ ...ended(null), state: 'running' })).toBe('Testing a:1…');
    expect(testHeadline({ ...ended(null), state: 'passed' })).toBe('a:1 works');
    expect(testHeadline({ ...ended('sasl'), state: 'failed' })).toBe('a:1 fails at SASL');
    expect(testHeadline({ ...ended(null), state: 'cancelled' })).toBe('The test was cancelled');
  });

  it('has no step under way once it has ended', () => {
    const [dns, ...others] = untested.steps;
    if (!dns) throw new Error('there are no steps');
    const steps = [{ ...dns, outcome: 'running' as const }, ...others];
    expect(shownSteps({ ...untested, steps })).toEqual(steps);
    const cancelled = shownSteps({ ...untested, steps, state: 'cancelled' });
    expect(new Set(cancelled.map(({ outcome }) => outcome))).toEqual(new Set(['not-reached']));
  });

  it('says how long a step took once it has ended', () => {
    expect([null, 0.4, 1, 1234.4].map(tookWords)).toEqual(['', '< 1 ms', '1 ms', '1,234 ms']);
  });
});
