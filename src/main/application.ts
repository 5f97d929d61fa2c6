/**
 * Puts the parts together: the profiles and the cluster in use, the layers, producing, and what the page is told.
 * Who owns what: the settings and profiles store what was configured, Kafka the data, the page what is seen.
 */
import { MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { channels } from '../shared/channels';
import type { Connection, Notice, Snapshot } from '../shared/contract';
import type { ConnectionTest } from '../shared/profiles';
import { describeApp } from './about/about';
import type { BrokerState, BrokerSupervisor } from './broker/supervisor';
import { clusterConfig } from './clusterConfig';
import { createClusterInUse } from './clusterInUse';
import { createFirstStart } from './firstStart';
import { topicsAtStart } from './firstTopics';
import { createHandlers } from './ipc/handlers';
import { createRouter } from './ipc/router';
import { loadKafkajs } from './kafka/kafkajsInternals';
import type { LogFiles } from './logs/logFiles';
import { createNotices } from './notices';
import { createPageEvents } from './pageEvents';
import { createPlayableFiles } from './produce/playableFiles';
import { createPlaybacks } from './produce/playback';
import { createSimulator } from './produce/simulator';
import type { Profiles } from './profiles/profiles';
import type { SettingsStore } from './settings/settings';
import type { Decoding } from './streams/decoding/decoding';
import { createLayers } from './streams/layers';
import { createPointsPort } from './streams/pointsPort';
import { createRateMeter } from './streams/rateMeter';

const CLIENT_ID = 'geostream';

export interface ApplicationOptions {
  readonly version: string;
  /** Nothing is written to any cluster, whatever its profile says. */
  readonly readOnly: boolean;
  readonly userData: string;
  readonly settings: SettingsStore;
  readonly profiles: Profiles;
  /** Running already, or to be started when it is first used. */
  readonly broker: BrokerSupervisor;
  readonly decoding: Decoding;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly page: () => WebContents | undefined;
  readonly isOurPage: (event: Electron.IpcMainInvokeEvent) => boolean;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
  /** To the log files only. */
  readonly note: (level: 'info', message: string) => void;
  readonly logs: LogFiles;
  /** Takes secrets out of a text. */
  readonly hide: (text: string) => string;
}

export interface Application {
  /** A page begins to load; the points port of the one before is dead. */
  pageLoading(): void;
  /** The page has gone, and its points port with it. */
  pageLost(): void;
  /** The process that holds the pictures on the screen has died. */
  picturesLost(reason: string): void;
  /** Whether somebody can see the window; true until told otherwise. */
  seen(seen: boolean): void;
  notify(level: Notice['level'], message: string, action: string | null): void;
  close(): Promise<void>;
}

export function createApplication(options: ApplicationOptions): Application {
  const { settings, profiles, broker, decoding, page, log } = options;
  const config = clusterConfig(options.env);
  let followsBroker = false;
  let brokerAddress: string | undefined;
  let connectionTest: ConnectionTest | null = null;
  let pictureLosses = 0;
  /** The end of the channel that waits for a page which is loading: what was read by then is in it. */
  let portAhead: MessagePortMain | undefined;
  const rateIn = createRateMeter();
  const rateOut = createRateMeter();

  const events = createPageEvents(
    {
      connection: {
        everyMs: 500,
        value: () => currentConnection(),
        isMoving: (now) => now.rateIn > 0 || now.rateOut > 0,
      },
      profiles: { everyMs: 50, value: () => profiles.view(cluster.profile) },
      connectionTest: { everyMs: 50, value: () => connectionTest },
      topics: { everyMs: 250, value: () => cluster.topics() },
      topicDetails: { everyMs: 250, value: () => cluster.details() },
      topicStorage: { everyMs: 250, value: () => cluster.storage() },
      layers: { everyMs: 100, value: () => layers.list() },
      counts: { everyMs: 250, value: () => layers.counts(), isMoving: (counts) => counts.some(({ rate }) => rate > 0) },
      simulations: { everyMs: 250, value: () => simulator.list() },
      playbacks: { everyMs: 200, value: () => playbacks.list() },
      notices: { everyMs: 50, value: () => notices.list() },
      pictureLosses: { everyMs: 50, value: () => pictureLosses },
    },
    (name, payload) => router.send(name, payload),
  );
  const { emit } = events;

  const notices = createNotices(() => emit('notices'));
  const sent = (records: number) => {
    rateOut.add(records, performance.now());
    emit('connection');
    cluster.stir();
  };

  const cluster = createClusterInUse({
    readOnly: options.readOnly,
    compression: () => settings.cluster(cluster.profile).compression,
    onConnection: () => emit('connection'),
    onTopics: () => emit('topics'),
    onDetails: () => emit('topicDetails'),
    onStorage: () => emit('topicStorage'),
    onClient: (client) => layers.useClient(client),
    onConnected: (client, { origin }) => {
      void firstStart
        .connected(client, origin === 'built-in')
        .then(() => cluster.refreshTopics())
        .catch(() => undefined);
    },
    log,
  });
  const producing = { client: () => cluster.client, onSent: sent };
  const simulator = createSimulator({ ...producing, onChange: () => emit('simulations') });
  const playbacks = createPlaybacks({ ...producing, onChange: () => emit('playbacks') });
  const layers = createLayers(decoding, settings.current.limits, {
    onLayers: () => emit('layers'),
    onCounts: () => emit('counts'),
    onCaughtUp: () => events.emitNow('counts'),
    onConfigured: () => settings.changeCluster(cluster.profile, { layers: layers.settings() }),
    onNotice: notices.add,
    onRead: (records) => {
      rateIn.add(records, performance.now());
      emit('connection');
      cluster.stir();
    },
    log,
  });
  const firstStart = createFirstStart({ settings, layers, simulator, log });

  const currentConnection = (): Connection => {
    const now = performance.now();
    return {
      ...cluster.connection(),
      rateIn: rateIn.perSecond(now),
      rateOut: rateOut.perSecond(now),
      compression: settings.cluster(cluster.profile).compression,
    };
  };

  /** Leaves the cluster in use for another, or for the same one reached in another way. */
  function use(id: string): void {
    const profile = profiles.find(id);
    const name = cluster.connection().cluster.name;
    const ending = `GeoStream no longer uses ${name}.`;
    simulator.stopAll(ending);
    playbacks.cancelAll(ending);
    firstStart.switched();
    void cluster.close(layers.replace(settings.cluster(id).layers));
    cluster.show(profile, { kind: 'connecting' });
    emit('profiles');
    // What was asked for by the environment holds for this run only.
    if (profile.origin !== 'environment') settings.change({ activeProfile: id });
    if (profile.origin === 'built-in') useBuiltInBroker();
    else if (profile.origin === 'environment' && config.kind === 'invalid') {
      cluster.tell({ kind: 'failed', reason: config.reason, action: config.action });
    } else {
      const access = profiles.access(id);
      if (access.kind === 'locked') cluster.tell({ kind: 'locked', missing: [...access.missing] });
      else cluster.connect(access.access);
    }
  }

  const isBuiltIn = () => cluster.connection().cluster.origin === 'built-in';
  const connectToBroker = (address: string) =>
    cluster.connect({ bootstrap: [address], clientId: CLIENT_ID, tls: null, sasl: null });

  function onBroker(state: BrokerState): void {
    brokerAddress = state.kind === 'listening' ? `${state.host}:${state.port}` : undefined;
    if (!isBuiltIn()) return;
    if (brokerAddress !== undefined) {
      if (cluster.client) cluster.recheck();
      else connectToBroker(brokerAddress);
      // The streams need not wait until the main process is connected, too.
      if (state.kind === 'listening' && cluster.client) firstStart.listening(cluster.client, state.topics);
    } else if (state.kind === 'failed') cluster.tell(state);
    else if (state.kind === 'restarting') {
      const action = 'It is being started again; what was acknowledged is safe.';
      notices.add('warning', state.reason, action);
      cluster.tell({ ...state, kind: 'retrying', action });
    }
  }

  function useBuiltInBroker(): void {
    if (followsBroker) {
      if (brokerAddress !== undefined) connectToBroker(brokerAddress);
      return;
    }
    followsBroker = true;
    cluster.tell({ kind: 'starting' });
    broker.follow(onBroker);
    broker.start(topicsAtStart(settings.current.firstFleet, options.readOnly));
  }

  /** Every stream starts, over a new channel. @returns the page's end of it */
  function openPointsPort(): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    layers.connect(createPointsPort(port1, (message) => log('error', message)));
    return port2;
  }

  function closePointsPort(): void {
    portAhead?.close();
    portAhead = undefined;
    layers.connect(undefined);
  }

  function snapshot(): Snapshot {
    events.forget();
    return {
      version: options.version,
      startedReadOnly: options.readOnly,
      connection: currentConnection(),
      profiles: profiles.view(cluster.profile),
      connectionTest,
      topics: cluster.topics(),
      topicDetails: cluster.details(),
      topicStorage: cluster.storage(),
      layers: layers.list(),
      counts: layers.counts(),
      simulations: simulator.list(),
      playbacks: playbacks.list(),
      notices: notices.list(),
      pictureLosses,
      view: settings.current.view,
      panels: settings.current.panels,
      limits: settings.current.limits,
      painter: settings.current.painter,
      picture: settings.current.picture,
      smoothMotion: settings.current.smoothMotion,
    };
  }

  const handlers = createHandlers({
    settings,
    profiles,
    cluster,
    use,
    layers,
    simulator,
    playbacks,
    files: createPlayableFiles(),
    notices,
    page,
    onFleetStopped: firstStart.fleetStopped,
    onSent: sent,
    onConnectionTest: (test) => {
      connectionTest = test;
      emit('connectionTest');
    },
    onCompression: () => emit('connection'),
    snapshot,
    about: () => describeApp(options.version, options.userData),
    logs: options.logs,
    hide: options.hide,
    log,
    connectPoints: () => {
      const contents = page();
      if (!contents) return;
      const port = portAhead ?? openPointsPort();
      portAhead = undefined;
      contents.postMessage(channels.pointsPort, null, [port]);
    },
  });
  const router = createRouter(handlers, page, options.isOurPage, (message) => log('error', message));

  profiles.onChange(() => emit('profiles'));
  const { activeProfile } = settings.current;
  use(config.kind !== 'built-in' ? 'environment' : profiles.has(activeProfile) ? activeProfile : 'built-in');
  // While the page's process comes up: the cluster will have to wait for nothing but itself.
  setImmediate(loadKafkajs);
  for (const problem of [settings.problem, profiles.problem]) {
    if (problem !== null) notices.add('warning', problem, null);
  }

  return {
    pageLoading: () => {
      closePointsPort();
      portAhead = openPointsPort();
    },
    pageLost: closePointsPort,
    picturesLost: (reason) => {
      pictureLosses += 1;
      emit('pictureLosses');
      notices.add('warning', `The graphics process ended (${reason}); the map is drawn anew.`, null);
    },
    seen: cluster.seen,
    notify: notices.add,
    close: async () => {
      router.close();
      simulator.close();
      playbacks.close();
      events.close();
      await layers.close();
      decoding.close();
      await cluster.close();
      await Promise.all([broker.close(), settings.close(), profiles.close()]);
    },
  };
}
