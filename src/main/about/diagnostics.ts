/**
 * What somebody who is asked for help needs to know, as text to be pasted where others read it. So it holds no secret, no
 * name of a topic, and in place of the names of hosts, of the person's home and of their account only that there is one.
 */
import { homedir, userInfo } from 'node:os';
import type { About, Snapshot } from '../../shared/contract';

export interface DiagnosticFacts {
  readonly at: Date;
  readonly about: About;
  /** "linux 6.1, x64, 2 cores, 7.8 GiB". */
  readonly system: string;
  /** Seconds. */
  readonly uptime: number;
  readonly snapshot: Snapshot;
  /** Who paints, as the page last said it; empty before. */
  readonly painting: string;
  /** Newest lines of the log, oldest first. */
  readonly lines: readonly string[];
  /** Why the log is not written; null while it is. */
  readonly logTrouble: string | null;
}

export const MAX_CHARACTERS = 32_000;
const LINES = 80;
const LONGEST_LINE = 600;

/** @param hide takes secrets out of a text */
export function diagnosticsText(facts: DiagnosticFacts, hide: (text: string) => string): string {
  const { snapshot } = facts;
  const head = [
    `GeoStream diagnostics, ${facts.at.toISOString()}`,
    versionsLine(facts.about),
    `System: ${facts.system}; up ${Math.round(facts.uptime)} s`,
    `Painter: ${snapshot.painter}; ${facts.painting || 'nobody has painted yet'}`,
    `Picture: ${snapshot.picture}, smooth motion ${snapshot.smoothMotion ? 'on' : 'off'}`,
    ...clusterLines(snapshot),
    ...layerLines(snapshot),
    `Limits: ${pairs(snapshot.limits)}`,
    `Sending: ${snapshot.simulations.length} fleets, ${snapshot.playbacks.length} files`,
    ...snapshot.notices.map(({ level, message }) => `Notice (${level}): ${message}`),
    `Log: ${facts.logTrouble === null ? 'written' : `not written (${facts.logTrouble})`}; its newest lines:`,
  ];
  const lines = facts.lines.slice(-LINES).map((line) => cut(line, LONGEST_LINE));
  const unnamed = withoutNames(snapshot);
  const text = (part: readonly string[]) => part.map((line) => `${unnamed(hide(line))}\n`).join('');
  const beginning = cut(text(head), MAX_CHARACTERS / 2);
  // Of the log the end counts.
  let end = text(lines);
  const room = MAX_CHARACTERS - beginning.length;
  if (end.length > room) end = end.slice(end.indexOf('\n', end.length - room) + 1);
  return beginning + end;
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const pairs = (numbers: Readonly<Record<string, number>>) =>
  Object.entries(numbers)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function versionsLine({ versions: { app, electron, chromium, node, kafkajs } }: About): string {
  return `GeoStream ${app}, Electron ${electron}, Chromium ${chromium}, Node ${node}, kafkajs ${kafkajs}`;
}

function clusterLines({ connection, startedReadOnly, profiles }: Snapshot): string[] {
  const { cluster, state, sending } = connection;
  const origin = { 'built-in': 'built-in broker', environment: 'from KAFKA_URI', profile: 'a profile' }[cluster.origin];
  const readOnly = startedReadOnly ? ', read-only by the command line' : cluster.readOnly ? ', read-only' : '';
  const reason = 'reason' in state ? `: ${state.reason}` : '';
  return [
    `Cluster: ${origin}, ${cluster.security}, bootstrap servers: ${cluster.bootstrap.length}${readOnly}`,
    `Connection: ${state.kind}${reason}; ${sending.records} records wait to be sent${sending.trouble ? `: ${sending.trouble}` : ''}`,
    `Profiles: ${profiles.list.length}; secrets are kept by: ${profiles.secretStore}`,
  ];
}

function layerLines({ layers, counts, topics }: Snapshot): string[] {
  return [
    `Topics: ${topics.length}; layers: ${layers.length}`,
    ...layers.map(({ topic, status, start }, i) => {
      const of = counts.find((one) => one.topic === topic);
      const reason = 'reason' in status ? ` (${status.reason.replaceAll(topic, 'its topic')})` : '';
      if (!of) return `Layer ${i + 1}: ${status.kind}${reason}`;
      const { read, shown, late, removed, refused, waiting, entities, hidden, rate } = of;
      const numbers = { read, shown, late, removed, refused, waiting, entities, hidden, rate: Math.round(rate) };
      return `Layer ${i + 1}: ${status.kind}${reason}, from ${start.kind}: ${pairs(numbers)}`;
    }),
  ];
}

/** Shorter names would be found inside of words. */
const SHORTEST_NAME = 3;

function withoutNames({ connection, profiles, topics, layers }: Snapshot): (text: string) => string {
  const hosts = new Set(
    [...connection.cluster.bootstrap, ...profiles.list.flatMap(({ fields }) => fields.bootstrap)]
      .map((address) => address.replace(/:\d+$/, ''))
      .filter((host) => !/^(localhost|127\.[\d.]+|\[::1\])$/.test(host)),
  );
  const names = profiles.list.filter(({ origin }) => origin === 'saved').map(({ fields }) => fields.name);
  const ours = /^geostream(\.simulated)?$/;
  const named = [...topics.map(({ name }) => name), ...layers.map(({ topic }) => topic)].filter(
    (name) => !ours.test(name),
  );
  const replaced: [string, string][] = [
    [homedir(), '~'],
    ...[...hosts].map((host, i): [string, string] => [host, `host-${i + 1}`]),
    ...names.map((name, i): [string, string] => [name, `profile-${i + 1}`]),
    ...[...new Set(named)].map((name, i): [string, string] => [name, `topic-${i + 1}`]),
    [userInfo().username, 'user'],
  ];
  const whole = replaced
    .filter(([name]) => name.length >= SHORTEST_NAME)
    .sort(([a], [b]) => b.length - a.length)
    .map(([name, instead]) => {
      const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return [new RegExp(`(?<![\\w.-])${escaped}(?![\\w-])`, 'g'), instead] as const;
    });
  return (text) => whole.reduce((so, [name, instead]) => so.replace(name, instead), text);
}
