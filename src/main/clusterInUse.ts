/**
 * The one cluster that the app works with at a time: its client, the state of the connection, its topics. Switched as
 * a whole, so that nothing of the one before is left: no client, no timer, no answer that comes late.
 */
import type { Compression, Connection, ConnectionState, Topic, TopicDetail } from '../shared/contract';
import type { Profile } from '../shared/profiles';
import { securityWords } from '../shared/securityWords';
import type { TopicStorage } from '../shared/topicStorage';
import { type ClusterMonitor, watchCluster } from './clusterMonitor';
import type { ClusterAccess } from './kafka/clusterAccess';
import { createKafkaClient, type KafkaClient } from './kafka/kafkaClient';
import { NOTHING_TO_SEND, type Sending } from './kafka/sending';

/** The group whose committed offsets are "where I left off"; other tools see it under this name. */
const GROUP_ID = 'geostream';

export type ConnectionPart = Pick<Connection, 'cluster' | 'state' | 'sending'>;

export interface ClusterInUseOptions {
  /** Every cluster is used read-only, whatever its profile says. */
  readonly readOnly: boolean;
  readonly compression: () => Compression;
  readonly onConnection: () => void;
  readonly onTopics: () => void;
  readonly onDetails: () => void;
  readonly onStorage: () => void;
  /** The client of the cluster, once there is one; undefined when it has been left. */
  readonly onClient: (client: KafkaClient | undefined) => void;
  readonly onConnected: (client: KafkaClient, profile: Profile) => void;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

export interface ClusterInUse {
  readonly client: KafkaClient | undefined;
  /** Id of the profile; empty before the first one is used. */
  readonly profile: string;
  connection(): ConnectionPart;
  topics(): Topic[];
  details(): TopicDetail[];
  storage(): TopicStorage[];
  /** Leaves the cluster before, if any. The profile is shown from now on, and connected to as soon as `connect` is called. */
  show(profile: Profile, state: ConnectionState): void;
  /** How the profile is called and looks has changed; the connection stays. */
  rename(profile: Profile): void;
  connect(access: ClusterAccess): void;
  /** Something is known of the cluster beside what its client sees: the built-in broker starts, or failed. */
  tell(state: ConnectionState): void;
  /** The cluster was away, or may have been. */
  recheck(): void;
  /** Looks at once; undefined without a client. Throws KafkaError. */
  refreshTopics(): Promise<Topic[]> | undefined;
  inView(topics: readonly string[]): void;
  /** Records flow from or to the cluster. */
  stir(): void;
  /** Whether somebody can see the window; true until told otherwise. */
  seen(seen: boolean): void;
  /** Ends the connection after `before` has settled; nothing is shown any more. */
  close(before?: Promise<unknown>): Promise<void>;
}

export function createClusterInUse(options: ClusterInUseOptions): ClusterInUse {
  let client: KafkaClient | undefined;
  let monitor: ClusterMonitor | undefined;
  let profile: Profile | undefined;
  let state: ConnectionState = { kind: 'starting' };
  let sending: Sending = NOTHING_TO_SEND;
  let bootstrap: readonly string[] = [];
  let topics: Topic[] = [];
  let details: TopicDetail[] = [];
  let storage: TopicStorage[] = [];
  let inView: readonly string[] = [];
  let seen = true;

  function setState(next: ConnectionState): void {
    state = next;
    options.onConnection();
  }

  async function leave(before: Promise<unknown> = Promise.resolve()): Promise<void> {
    const left = client;
    monitor?.close();
    monitor = undefined;
    client = undefined;
    sending = NOTHING_TO_SEND;
    topics = [];
    details = [];
    storage = [];
    inView = [];
    if (left === undefined) return;
    options.onClient(undefined);
    await before.catch(() => undefined);
    await left.close();
  }

  return {
    get client() {
      return client;
    },
    get profile() {
      return profile?.id ?? '';
    },
    connection: () => ({
      cluster: {
        origin: profile === undefined || profile.origin === 'saved' ? 'profile' : profile.origin,
        profile: profile?.id ?? '',
        name: profile?.fields.name ?? '',
        bootstrap: [...bootstrap],
        readOnly: options.readOnly || (profile?.fields.readOnly ?? false),
        security: profile ? securityWords(profile.fields) : '',
      },
      state,
      sending,
    }),
    topics: () => topics,
    details: () => details,
    storage: () => storage,

    show: (next, first) => {
      profile = next;
      bootstrap = next.origin === 'built-in' ? [] : next.fields.bootstrap;
      setState(first);
      options.onTopics();
      options.onDetails();
      options.onStorage();
    },

    rename: (next) => {
      profile = next;
      options.onConnection();
    },

    connect: (access) => {
      if (client !== undefined || profile === undefined) return;
      const used = profile;
      bootstrap = access.bootstrap;
      const opened = createKafkaClient({
        access,
        readOnly: options.readOnly || used.fields.readOnly,
        groupId: GROUP_ID,
        compression: options.compression,
        onSending: (next) => {
          if (client !== opened) return;
          sending = next;
          options.onConnection();
        },
        log: options.log,
      });
      client = opened;
      setState({ kind: 'connecting' });
      monitor = watchCluster({
        client: opened,
        onState: (next) => {
          setState(next);
          if (next.kind === 'connected') options.onConnected(opened, used);
          // The layers would go on trying what only the person can change.
          if (next.kind === 'failed') options.onClient(undefined);
        },
        onTopics: (found) => {
          topics = found;
          options.onTopics();
        },
        onDetails: (found) => {
          details = found;
          options.onDetails();
        },
        onStorage: (found) => {
          storage = found;
          options.onStorage();
        },
      });
      monitor.inView(inView);
      monitor.seen(seen);
      options.onClient(opened);
    },

    tell: setState,
    recheck: () => monitor?.recheck(),
    refreshTopics: () => monitor?.refresh(),
    inView: (names) => {
      inView = names;
      monitor?.inView(names);
    },
    stir: () => monitor?.stir(),
    seen: (next) => {
      seen = next;
      monitor?.seen(next);
    },
    close: leave,
  };
}
