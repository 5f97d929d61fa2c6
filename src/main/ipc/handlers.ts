/** What each command does, in terms of the parts that do it. */
import { clipboard, shell, type WebContents } from 'electron';
import type { CommandInput, PlayableFile } from '../../shared/contract';
import type { ConnectionTest } from '../../shared/profiles';
import type { ClusterInUse } from '../clusterInUse';
import { ALLOW_WRITING, type KafkaClient } from '../kafka/kafkaClient';
import type { Notices } from '../notices';
import { sendAll } from '../produce/inject';
import type { PlayableFiles } from '../produce/playableFiles';
import type { Playbacks } from '../produce/playback';
import type { Simulator } from '../produce/simulator';
import type { Profiles } from '../profiles/profiles';
import { toKafkaRecord } from '../records';
import type { SettingsStore } from '../settings/settings';
import type { Layers } from '../streams/layers';
import { type AboutHandlerParts, createAboutHandlers } from './aboutHandlers';
import { CommandFailure } from './commandFailure';
import { chooseOneFile } from './fileDialog';
import { createProfileHandlers } from './profileHandlers';
import type { Handlers } from './router';

export interface HandlerParts extends Omit<AboutHandlerParts, 'painting'> {
  readonly settings: SettingsStore;
  readonly profiles: Profiles;
  readonly cluster: ClusterInUse;
  /** Leaves the cluster in use for this profile's, or connects to it anew. */
  readonly use: (profile: string) => void;
  readonly layers: Layers;
  readonly simulator: Simulator;
  readonly playbacks: Playbacks;
  readonly files: PlayableFiles;
  readonly notices: Notices;
  readonly page: () => WebContents | undefined;
  readonly onFleetStopped: (firstStart: boolean) => void;
  readonly onSent: (records: number) => void;
  readonly onConnectionTest: (test: ConnectionTest) => void;
  readonly onCompression: () => void;
  readonly connectPoints: () => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** The only addresses that the app opens in the system's browser. */
const LINKS: Readonly<Record<CommandInput<'links.open'>['link'], string>> = {
  'natural-earth': 'https://www.naturalearthdata.com/',
  leaflet: 'https://leafletjs.com/',
};

export function createHandlers(parts: HandlerParts): Handlers {
  const { settings, cluster, layers, simulator, playbacks, files, notices, page } = parts;
  let painting = '';

  function connectedClient(): KafkaClient {
    const { client } = cluster;
    if (client) return client;
    throw new CommandFailure(
      'cluster',
      'There is no connection to a cluster yet.',
      'Wait until the top bar says connected.',
    );
  }

  /** For what goes on writing after the command has been answered; single writes are refused by the client itself. */
  function refuseToWrite(): void {
    if (!connectedClient().readOnly) return;
    throw new CommandFailure('refused', 'This cluster is used read-only.', ALLOW_WRITING);
  }

  /** The list follows at once, instead of at the monitor's next look. */
  const lookAgain = () => void cluster.refreshTopics()?.catch(() => undefined);

  async function chooseFile(): Promise<PlayableFile | null> {
    const path = await chooseOneFile(page(), 'Play a file', [
      { name: 'NDJSON and GPX', extensions: ['ndjson', 'jsonl', 'geojsonl', 'json', 'gpx'] },
    ]);
    return path === null ? null : files.inspect(path);
  }

  return {
    ...createProfileHandlers(parts),
    ...createAboutHandlers({ ...parts, painting: () => painting }),
    'app.snapshot': parts.snapshot,
    'points.connect': () => {
      parts.connectPoints();
      return {};
    },
    'topics.refresh': async () => {
      connectedClient();
      return (await cluster.refreshTopics()) ?? [];
    },
    'topics.inView': ({ topics }) => {
      cluster.inView(topics);
      return {};
    },
    'topics.create': async (input) => {
      await connectedClient().createTopic(input);
      lookAgain();
      return {};
    },
    'topics.recordsBefore': ({ topic, ms }) => connectedClient().recordsBefore(topic, Math.max(0, Date.now() - ms)),
    'topics.setRetention': async ({ topic, change }) => {
      const [storage] = await connectedClient().setRetention(topic, change);
      lookAgain();
      return storage ?? null;
    },
    'topics.delete': async ({ topic }) => {
      await connectedClient().deleteTopic(topic);
      if (layers.has(topic)) await layers.remove(topic);
      lookAgain();
      return {};
    },
    'layers.add': ({ topic, start, stop }) => layers.add(topic, start, stop),
    'layers.remove': async ({ topic }) => {
      await layers.remove(topic);
      return {};
    },
    'layers.restart': ({ topic, start, stop }) => layers.restart(topic, start, stop),
    'layers.style': ({ topic, style }) => layers.style(topic, style),
    'records.get': async ({ topic, partition, offset }) => {
      const record = await connectedClient().readRecord(topic, partition, offset);
      if (record) return toKafkaRecord(topic, record);
      throw new CommandFailure(
        'not-found',
        `Kafka no longer holds ${topic}, partition ${partition}, offset ${offset}.`,
        'It was deleted by retention, compacted away, or the topic was made anew.',
      );
    },
    'produce.send': async ({ messages }) => {
      const results = await sendAll(connectedClient(), messages);
      parts.onSent(results.filter(({ kind }) => kind === 'acknowledged').length);
      lookAgain();
      return results;
    },
    'produce.compression': ({ compression }) => {
      settings.changeCluster(cluster.profile, { compression });
      parts.onCompression();
      return {};
    },
    'simulate.start': (spec) => {
      refuseToWrite();
      return simulator.start(spec, false);
    },
    'simulate.stop': ({ id }) => {
      const { firstStart } = simulator.stop(id);
      parts.onFleetStopped(firstStart);
      return {};
    },
    'simulate.dismiss': ({ id }) => {
      const known = simulator.list().find((simulation) => simulation.id === id);
      simulator.dismiss(id);
      if (known) parts.onFleetStopped(known.firstStart);
      return {};
    },
    'playback.choose': chooseFile,
    'playback.start': ({ token, topic, keyField, speed }) => {
      refuseToWrite();
      const file = files.find(token);
      if (!file)
        throw new CommandFailure('not-found', 'The file has to be chosen again.', 'Choose it, then press Play.');
      return playbacks.start({ file, topic, keyField, speed });
    },
    'playback.cancel': ({ id }) => {
      playbacks.cancel(id);
      return {};
    },
    'playback.dismiss': ({ id }) => {
      playbacks.dismiss(id);
      return {};
    },
    'view.save': (view) => {
      settings.change({ view });
      return {};
    },
    'limits.change': (limits) => {
      settings.change({ limits });
      layers.useLimits(limits);
      return {};
    },
    'painter.choose': ({ painter }) => {
      settings.change({ painter });
      return {};
    },
    'picture.choose': ({ picture }) => {
      settings.change({ picture });
      return {};
    },
    'motion.choose': ({ smooth }) => {
      settings.change({ smoothMotion: smooth });
      return {};
    },
    'painter.log': ({ level, words }) => {
      painting = words;
      parts.log(level, words);
      return {};
    },
    'panels.save': (panels) => {
      settings.change({ panels });
      return {};
    },
    'notices.dismiss': ({ id }) => {
      notices.dismiss(id);
      return {};
    },
    'clipboard.write': ({ text }) => {
      clipboard.writeText(text);
      return {};
    },
    'links.open': async ({ link }) => {
      await shell.openExternal(LINKS[link]);
      return {};
    },
  };
}
