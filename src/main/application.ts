/**
 * Puts the parts together: the cluster (built-in or from the environment), the layers, producing, and what the page
 * is told. Who owns what: the settings store what was configured, Kafka the data, the page what is seen.
 */
import { join } from 'node:path';
import { MessageChannelMain, type WebContents } from 'electron';
import { channels, type EventName } from '../shared/channels';
import type { Connection, Notice, Snapshot, Topic } from '../shared/contract';
import { type BrokerSupervisor, brokerEntry, superviseBroker } from './broker/supervisor';
import { type ClusterConfig, clusterConfig } from './clusterConfig';
import { type ClusterMonitor, watchCluster } from './clusterMonitor';
import { type Coalesced, coalesce } from './coalesce';
import { createFirstStart } from './firstStart';
import { createHandlers } from './ipc/handlers';
import { createRouter } from './ipc/router';
import { createKafkaClient, type KafkaClient } from './kafka/kafkaClient';
import { createNotices } from './notices';
import { createPlayableFiles } from './produce/playableFiles';
import { createPlaybacks } from './produce/playback';
import { createSimulator } from './produce/simulator';
import type { SettingsStore } from './settings/settings';
import { createLayers } from './streams/layers';
import { createPointsPort } from './streams/pointsPort';
import { createRateMeter } from './streams/rateMeter';

/** The group whose committed offsets are "where I left off"; other tools see it under this name. */
const GROUP_ID = 'geostream';
const CLIENT_ID = 'geostream';

export interface ApplicationOptions {
  readonly version: string;
  readonly userData: string;
  readonly settings: SettingsStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly page: () => WebContents | undefined;
  readonly isOurPage: (event: Electron.IpcMainInvokeEvent) => boolean;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

export interface Application {
  /** The page has gone or begins to load anew: its points port is dead. */
  pageLost(): void;
  notify(level: Notice['level'], message: string, action: string | null): void;
  close(): Promise<void>;
}

export function createApplication(options: ApplicationOptions): Application {
  const { settings, page, log } = options;
  const config: ClusterConfig = clusterConfig(options.env);
  let client: KafkaClient | undefined;
  let monitor: ClusterMonitor | undefined;
  let supervisor: BrokerSupervisor | undefined;
  let topics: Topic[] = [];
  const rateIn = createRateMeter();
  const rateOut = createRateMeter();
  let connection: Omit<Connection, 'rateIn' | 'rateOut'> = {
    cluster:
      config.kind === 'built-in'
        ? { origin: 'built-in', name: 'Built-in broker', bootstrap: [] }
        : {
            origin: 'environment',
            name: 'Kafka from KAFKA_URI',
            bootstrap: config.kind === 'environment' ? [...config.bootstrap] : [],
          },
    state:
      config.kind === 'invalid'
        ? { kind: 'failed', reason: config.reason, action: config.action }
        : { kind: config.kind === 'built-in' ? 'starting' : 'connecting' },
  };

  const emitters = new Map<EventName, Coalesced>();
  const emit = (name: EventName) => emitters.get(name)?.();

  const notices = createNotices(() => emit('notices'));
  const sent = (records: number) => {
    rateOut.add(records, performance.now());
    emit('connection');
  };
  const simulator = createSimulator({ client: () => client, onChange: () => emit('simulations'), onSent: sent });
  const playbacks = createPlaybacks({ client: () => client, onChange: () => emit('playbacks'), onSent: sent });
  const files = createPlayableFiles();
  const layers = createLayers(settings.current.layers, {
    onLayers: () => emit('layers'),
    onCounts: () => emit('counts'),
    onConfigured: () => settings.change({ layers: layers.settings() }),
    onNotice: notices.add,
    onRead: (records) => {
      rateIn.add(records, performance.now());
      emit('connection');
    },
    log,
  });
  const firstStart = createFirstStart({
    settings,
    layers,
    simulator,
    builtIn: config.kind === 'built-in',
    log,
  });

  const currentConnection = (): Connection => {
    const now = performance.now();
    return { ...connection, rateIn: rateIn.perSecond(now), rateOut: rateOut.perSecond(now) };
  };

  const handlers = createHandlers({
    settings,
    layers,
    simulator,
    playbacks,
    files,
    notices,
    page,
    client: () => client,
    refreshTopics: () => monitor?.refresh(),
    onFleetStopped: firstStart.fleetStopped,
    onSent: sent,
    snapshot: (): Snapshot => ({
      version: options.version,
      connection: currentConnection(),
      topics,
      layers: layers.list(),
      counts: layers.counts(),
      simulations: simulator.list(),
      playbacks: playbacks.list(),
      notices: notices.list(),
      view: settings.current.view,
      panels: settings.current.panels,
    }),
    connectPoints: () => {
      const contents = page();
      if (!contents) return;
      const { port1, port2 } = new MessageChannelMain();
      contents.postMessage(channels.pointsPort, null, [port2]);
      layers.connect(createPointsPort(port1, (message) => log('error', message)));
    },
  });
  const router = createRouter(handlers, page, options.isOurPage, (message) => log('error', message));

  const emitEvery = <N extends EventName>(
    name: N,
    everyMs: number,
    send: () => void,
    after: () => boolean = () => false,
  ) => {
    const emitter: Coalesced = coalesce(everyMs, () => {
      send();
      // Rates fall back to zero with nobody doing anything: tell that too, then rest.
      if (after()) setTimeout(() => emit(name), everyMs);
    });
    emitters.set(name, emitter);
  };
  emitEvery(
    'connection',
    500,
    () => router.send('connection', currentConnection()),
    () => currentConnection().rateIn > 0 || currentConnection().rateOut > 0,
  );
  emitEvery('topics', 250, () => router.send('topics', topics));
  emitEvery('layers', 100, () => router.send('layers', layers.list()));
  emitEvery(
    'counts',
    250,
    () => router.send('counts', layers.counts()),
    () => layers.counts().some(({ rate }) => rate > 0),
  );
  emitEvery('simulations', 250, () => router.send('simulations', simulator.list()));
  emitEvery('playbacks', 200, () => router.send('playbacks', playbacks.list()));
  emitEvery('notices', 50, () => router.send('notices', notices.list()));

  function connect(bootstrap: readonly string[]): void {
    client = createKafkaClient({ bootstrap, clientId: CLIENT_ID, groupId: GROUP_ID, log });
    monitor = watchCluster({
      client,
      onState: (state) => {
        connection = { ...connection, state };
        emit('connection');
        if (state.kind === 'connected' && client) {
          void firstStart
            .connected(client)
            .then(() => monitor?.refresh())
            .catch(() => undefined);
        }
      },
      onTopics: (found) => {
        topics = found;
        emit('topics');
      },
    });
    layers.useClient(client);
  }

  if (config.kind === 'environment') connect(config.bootstrap);
  if (config.kind === 'built-in') {
    supervisor = superviseBroker({
      entry: brokerEntry(),
      dataFolder: join(options.userData, 'broker'),
      log,
      onState: (state) => {
        if (state.kind === 'listening') {
          const address = `${state.host}:${state.port}`;
          connection = { ...connection, cluster: { ...connection.cluster, bootstrap: [address] } };
          if (client) monitor?.recheck();
          else {
            connection = { ...connection, state: { kind: 'connecting' } };
            connect([address]);
          }
        } else if (state.kind === 'failed') connection = { ...connection, state };
        else if (state.kind === 'restarting') {
          const action = 'It is being started again; what was acknowledged is safe.';
          connection = { ...connection, state: { ...state, kind: 'retrying', action } };
        }
        emit('connection');
      },
    });
  }
  if (settings.problem !== null) notices.add('warning', settings.problem, null);

  return {
    pageLost: () => layers.connect(undefined),
    notify: notices.add,
    close: async () => {
      router.close();
      simulator.close();
      playbacks.close();
      monitor?.close();
      for (const emitter of emitters.values()) emitter.close();
      await layers.close();
      await client?.close();
      await Promise.all([supervisor?.close(), settings.close()]);
    },
  };
}
