/**
 * The one contract between the page and the main process: every command with its input and output, every event
 * with its payload. The preload's API and the main process's router are derived from this file.
 *
 * Units: latitude and longitude in degrees (WGS 84), times in epoch milliseconds unless a name says otherwise,
 * speeds in m/s, headings in degrees clockwise from north.
 */
import { z } from 'zod';
import type { EventName } from './channels';
import { fitsJson } from './jsonFields';
import { type LimitName, limitRanges } from './limitRanges';
import { chosenPem, connectionTest, importedProfile, newSecrets, profile, profileDraft, profiles } from './profiles';
import { limit, recordsBefore, retentionChange, topicStorage } from './topicStorage';

// Under the page's CSP there is no eval, which zod would otherwise probe for.
z.config({ jitless: true });

/** Kafka's own rule for topic names: 1 to 249 of [a-zA-Z0-9._-], but neither "." nor "..". */
export const topicName = z
  .string()
  .min(1, 'Name a topic.')
  .max(249, 'A topic name has at most 249 characters.')
  .regex(/^[a-zA-Z0-9._-]+$/, 'A topic name may hold letters, digits, ".", "_" and "-" only.')
  .refine((name) => name !== '.' && name !== '..', 'A topic cannot be named "." or "..".');

export const latitude = z
  .number()
  .min(-90, 'Latitude is between -90 and 90.')
  .max(90, 'Latitude is between -90 and 90.');
export const longitude = z
  .number()
  .min(-180, 'Longitude is between -180 and 180.')
  .max(180, 'Longitude is between -180 and 180.');

/** Where a layer's reading starts. */
export const startPosition = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('now') }),
  z.object({ kind: z.literal('beginning') }),
  /** Where this app last left the topic. */
  z.object({ kind: z.literal('committed') }),
  /** The first record of each partition whose Kafka timestamp is at or after this one, epoch ms. */
  z.object({ kind: z.literal('time'), at: z.number().int().min(0).max(8.64e15) }),
  /** The same, that long before the layer is started. */
  z.object({ kind: z.literal('ago'), ms: z.number().int().positive().max(8.64e15) }),
  /** The same offset in every partition; where a partition does not reach so far, its end. */
  z.object({ kind: z.literal('offset'), offset: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }),
  /** The newest records, shared evenly between the partitions. */
  z.object({ kind: z.literal('last'), records: z.number().int().min(1).max(1_000_000_000) }),
]);
export type StartPosition = z.infer<typeof startPosition>;

/** Where a layer's reading stops. */
export const stopPosition = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('never') }),
  /** Behind the last record that Kafka holds when the layer is started. */
  z.object({ kind: z.literal('end') }),
  /** Before the first record of each partition whose Kafka timestamp is at or after this one, epoch ms. */
  z.object({ kind: z.literal('time'), at: z.number().int().min(0).max(8.64e15) }),
  /** Behind this offset, in every partition. */
  z.object({ kind: z.literal('offset'), offset: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) }),
]);
export type StopPosition = z.infer<typeof stopPosition>;

/** How batches of records are packed on their way to the cluster, where they stay packed so. */
export const compression = z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']);
export type Compression = z.infer<typeof compression>;

export const cluster = z.object({
  /** `environment`: from KAFKA_URI and KAFKA_PORT. */
  origin: z.enum(['built-in', 'environment', 'profile']),
  /** Id of the profile; `built-in` and `environment` for these two. */
  profile: z.string(),
  name: z.string(),
  /** host:port of each bootstrap server; empty until the built-in broker listens. */
  bootstrap: z.array(z.string()),
  /** Nothing is written there: the main process refuses it. */
  readOnly: z.boolean(),
  /** "TLS, SCRAM-SHA-512", or "unencrypted". */
  security: z.string(),
});
export type Cluster = z.infer<typeof cluster>;

export const connectionState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('connecting') }),
  z.object({ kind: z.literal('connected'), since: z.number() }),
  z.object({ kind: z.literal('retrying'), reason: z.string(), action: z.string(), retryAt: z.number() }),
  /** Nothing more is tried until the person acts. */
  z.object({ kind: z.literal('failed'), reason: z.string(), action: z.string() }),
  /** The profile's password or key was not stored: the person is asked (`profiles.unlock`). */
  z.object({ kind: z.literal('locked'), missing: z.array(z.string()) }),
]);
export type ConnectionState = z.infer<typeof connectionState>;

export const connection = z.object({
  cluster,
  state: connectionState,
  /** Records a second read from, and sent to, the cluster over the last second. */
  rateIn: z.number(),
  rateOut: z.number(),
  /** What waits to be acknowledged by the cluster. */
  sending: z.object({
    records: z.number().int(),
    bytes: z.number(),
    /** The queue is full: whoever sends has to wait. */
    full: z.boolean(),
    /** Why sending does not get on, while it does not. */
    trouble: z.string().nullable(),
  }),
  compression,
});
export type Connection = z.infer<typeof connection>;

export const topic = z.object({
  name: z.string(),
  partitions: z.number().int(),
});
export type Topic = z.infer<typeof topic>;

/** What has to be asked for each topic by itself, and is known for the rows in view only. */
export const topicDetail = z.object({
  name: z.string(),
  /** Records that Kafka holds (latest minus earliest offset, summed); null while a leader is away. */
  records: z.number().nullable(),
  /** Records produced a second, by anybody, since the last look; null until there are two looks. */
  rate: z.number().nullable(),
});
export type TopicDetail = z.infer<typeof topicDetail>;

export const color = z.string().regex(/^#[0-9a-f]{6}$/, 'A colour is written #rrggbb.');

/** A number of the record that shows in the colour or the size of its mark. */
export const layerMeasure = z
  .object({
    field: z.string().min(1, 'Name the field.').max(200, 'The name of a field has at most 200 characters.'),
    by: z.enum(['color', 'size', 'both']),
    /** The ends of the scale, in the field's own unit; null: as far as the numbers seen so far go. */
    min: z.number().nullable(),
    max: z.number().nullable(),
  })
  .refine(({ min, max }) => min === null || max === null || min < max, 'The scale has to end above its start.');
export type LayerMeasure = z.infer<typeof layerMeasure>;

/** How a layer looks. Ages are measured against the layer's own clock (newest event time, running on with the wall clock). */
export const layerStyle = z.object({
  color,
  visible: z.boolean(),
  trails: z.boolean(),
  /** An entity without a fix for this long is faded; null never. */
  fadeAfterMs: z.number().positive().nullable(),
  /** An entity without a fix for this long is taken off the map (never out of Kafka); null never. */
  hideAfterMs: z.number().positive().nullable(),
  /** Null: every mark has the layer's colour and the usual size. Another field has the topic read again. */
  measure: layerMeasure.nullable().default(null),
});
export type LayerStyle = z.infer<typeof layerStyle>;

export const layerStatus = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('reading') }),
  /** The map is behind the reader, which waits: nothing is dropped. */
  z.object({ kind: z.literal('held-back') }),
  /** Some partitions cannot be read at the moment; the others are. */
  z.object({ kind: z.literal('partly'), partitions: z.array(z.number().int()), reason: z.string() }),
  /** The cluster has asked for fewer requests (a quota); the reader waits that long between fetches. */
  z.object({ kind: z.literal('throttled'), ms: z.number() }),
  z.object({ kind: z.literal('retrying'), reason: z.string() }),
  /** Read up to where it was to stop. */
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('failed'), reason: z.string(), action: z.string() }),
]);
export type LayerStatus = z.infer<typeof layerStatus>;

export const layer = z.object({
  topic: z.string(),
  /** Number of the running stream; a restarted layer gets a new one. Names the stream in point batches. */
  stream: z.number().int(),
  start: startPosition,
  stop: stopPosition,
  style: layerStyle,
  status: layerStatus,
});
export type Layer = z.infer<typeof layer>;

export const refusal = z.object({
  reason: z.string(),
  count: z.number().int(),
  /** The latest records refused for this reason, oldest first; at least one. */
  examples: z.array(z.object({ partition: z.number(), offset: z.string(), text: z.string(), detail: z.string() })),
});
export type Refusal = z.infer<typeof refusal>;

/** At every moment read = shown + late + removed + refused. */
export const layerCounts = z.object({
  topic: z.string(),
  read: z.number().int(),
  shown: z.number().int(),
  late: z.number().int(),
  removed: z.number().int(),
  refused: z.number().int(),
  /** Records in Kafka, up to the newest offset known, that have not been read yet. */
  waiting: z.number().int(),
  /**
   * What was there to be read when reading started (or up to the stop), and how much of it has been, in offsets;
   * null when reading started at the end, and once it is all read without a stop.
   */
  backlog: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** Entities that are drawn, and those taken off the map because they are stale. */
  entities: z.number().int(),
  hidden: z.number().int(),
  /** Records a second over the last second. */
  rate: z.number(),
  refusals: z.array(refusal),
});
export type LayerCounts = z.infer<typeof layerCounts>;

export const area = z.object({ south: latitude, west: longitude, north: latitude, east: longitude });
export type Area = z.infer<typeof area>;

export const simulationSpec = z.object({
  topic: topicName,
  entities: z.number().int().min(1, 'At least one entity.').max(100_000, 'At most 100,000 entities.'),
  area,
  /** Messages a second over the whole fleet. */
  rate: z.number().min(0.1, 'At least 0.1 messages a second.').max(50_000, 'At most 50,000 messages a second.'),
  /** The same seed gives the same courses. */
  seed: z.number().int().min(0).max(0xffffffff),
});
export type SimulationSpec = z.infer<typeof simulationSpec>;

export const simulation = z.object({
  id: z.string(),
  spec: simulationSpec,
  /** True for the fleet that the app starts by itself at the first start. */
  firstStart: z.boolean(),
  state: z.enum(['running', 'retrying', 'stopped']),
  /** Records acknowledged, and records that could not be sent. */
  sent: z.number().int(),
  failed: z.number().int(),
  /** Acknowledged messages a second over the last seconds. */
  achievedRate: z.number(),
  reason: z.string().nullable(),
});
export type Simulation = z.infer<typeof simulation>;

/** What a file looks like, before it is played. The token stands for the path, which the page never sees. */
export const playableFile = z.object({
  token: z.string(),
  name: z.string(),
  bytes: z.number(),
  format: z.enum(['ndjson', 'gpx']),
  /** Fields that a key can be taken from, with an example; "properties.id" reaches into an object. */
  fields: z.array(z.object({ path: z.string(), example: z.string() })),
  suggestedKey: z.string().nullable(),
  /** Event time of the first row, where it has one. */
  firstTime: z.number().nullable(),
});
export type PlayableFile = z.infer<typeof playableFile>;

export const playback = z.object({
  id: z.string(),
  name: z.string(),
  topic: z.string(),
  keyField: z.string().nullable(),
  /** Times the file's own pace; null: as fast as the cluster takes it. */
  speed: z.number().nullable(),
  state: z.enum(['running', 'retrying', 'done', 'cancelled', 'failed']),
  sent: z.number().int(),
  failed: z.number().int(),
  bytesRead: z.number(),
  bytes: z.number(),
  reason: z.string().nullable(),
});
export type Playback = z.infer<typeof playback>;

/** One record to send. `name` defaults to the key; message_id and timestamp are filled in where absent. */
export const outgoing = z.object({
  topic: topicName,
  key: z.string().max(10_000, 'A key has at most 10,000 characters.').nullable(),
  lat: latitude,
  lon: longitude,
  fields: z
    .record(z.string().max(1_000), z.unknown())
    .refine(fitsJson, 'The fields hold something that JSON cannot, or are nested too deep.'),
});
export type Outgoing = z.infer<typeof outgoing>;

export const sendResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('acknowledged'),
    topic: z.string(),
    partition: z.number(),
    offset: z.string(),
    ms: z.number(),
    value: z.string(),
  }),
  z.object({ kind: z.literal('failed'), topic: z.string(), message: z.string(), action: z.string() }),
]);
export type SendResult = z.infer<typeof sendResult>;

/** A whole record as the inspector shows it. Text is cut at 1 MiB; bytes that are no UTF-8 are shown as hex. */
export const recordText = z.object({
  text: z.string(),
  encoding: z.enum(['utf-8', 'hex']),
  bytes: z.number(),
  cut: z.boolean(),
});
export const kafkaRecord = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.string(),
  timestamp: z.number(),
  key: recordText.nullable(),
  value: recordText.nullable(),
  headers: z.array(z.object({ key: z.string(), value: recordText })),
});
export type KafkaRecord = z.infer<typeof kafkaRecord>;

export const view = z.object({
  lat: latitude,
  lon: z.number().min(-100_000).max(100_000),
  zoom: z.number().min(0).max(22),
});
export type View = z.infer<typeof view>;

export const panels = z.object({
  left: z.boolean(),
  right: z.boolean(),
  rightTab: z.enum(['inject', 'simulate']),
});
export type Panels = z.infer<typeof panels>;

const cap = (name: LimitName) => z.number().int().min(limitRanges[name].least).max(limitRanges[name].most);

/** The caps on memory; see limitRanges.ts. */
export const limits = z.object({
  entities: cap('entities'),
  trailFixes: cap('trailFixes'),
  batches: cap('batches'),
  examples: cap('examples'),
});
export type Limits = z.infer<typeof limits>;

/** Who is to paint the points; automatic takes WebGL2 where there is a graphics processor and it proves itself. */
export const painterWish = z.enum(['automatic', 'pixels', 'webgl']);
export type PainterWish = z.infer<typeof painterWish>;

/** What the map shows of entities: each as a mark, how many are where, or the latter only in a crowd. */
export const pictureWish = z.enum(['marks', 'density', 'automatic']);
export type PictureWish = z.infer<typeof pictureWish>;

export const notice = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  action: z.string().nullable(),
});
export type Notice = z.infer<typeof notice>;

/** How often the process has died that holds the pictures on the screen: then they have to be drawn anew. */
export const pictureLosses = z.number().int();

/** Everything the page needs to draw itself once; events keep it current. */
export const snapshot = z.object({
  version: z.string(),
  /** With `--read-only`: no cluster is written to, whatever its profile says. */
  startedReadOnly: z.boolean(),
  connection,
  profiles,
  /** The last connection test, if there was one. */
  connectionTest: connectionTest.nullable(),
  topics: z.array(topic),
  topicDetails: z.array(topicDetail),
  topicStorage: z.array(topicStorage),
  layers: z.array(layer),
  counts: z.array(layerCounts),
  simulations: z.array(simulation),
  playbacks: z.array(playback),
  notices: z.array(notice),
  pictureLosses,
  view,
  panels,
  limits,
  painter: painterWish,
  picture: pictureWish,
  smoothMotion: z.boolean(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** What this app is, and where it keeps things. */
export const about = z.object({
  versions: z.object({
    app: z.string(),
    electron: z.string(),
    chromium: z.string(),
    node: z.string(),
    kafkajs: z.string(),
  }),
  /** SPDX identifier. */
  licence: z.string(),
  dataFolder: z.string(),
  logFolder: z.string(),
});
export type About = z.infer<typeof about>;

const nothing = z.object({});
const byTopic = z.object({ topic: topicName });
const byId = z.object({ id: z.string().max(100) });

/** Every command: what the page may ask of the main process. */
export const commands = {
  'app.snapshot': { input: nothing, output: snapshot },
  'app.about': { input: nothing, output: about },
  /** To the clipboard: a bounded text for whoever is asked for help, without secrets and without names. */
  'diagnostics.copy': { input: nothing, output: z.object({ characters: z.number().int() }) },
  /** Shows the folder of the log in the system's file manager. */
  'logs.show': { input: nothing, output: nothing },
  /** Asks for a fresh points port (see pointsPort.ts); every stream starts again from where it started. */
  'points.connect': { input: nothing, output: nothing },
  /** Saves a new or an edited profile. The one in use is connected anew when what changed asks for it. */
  'profiles.save': { input: profileDraft, output: profile },
  'profiles.duplicate': { input: byId, output: profile },
  'profiles.delete': { input: byId, output: nothing },
  /** Connects to another cluster. Fleets and playbacks end: they were meant for the one before. */
  'profiles.use': { input: byId, output: nothing },
  /** Gives secrets that are missing, kept until the app ends, and connects. */
  'profiles.unlock': {
    input: z.object({ id: z.string().max(100), secrets: newSecrets }),
    output: nothing,
  },
  /** Opens the system's file dialog; null when the person cancels it. */
  'profiles.chooseFile': {
    input: z.object({ kind: z.enum(['ca', 'certificate', 'key']) }),
    output: chosenPem.nullable(),
  },
  /** Opens the system's file dialog for a client.properties file; null when the person cancels it. Saves nothing. */
  'profiles.importFile': { input: nothing, output: importedProfile.nullable() },
  /** Resolves when the test has ended; its steps come as `connectionTest` events. A test under way is cancelled. */
  'profiles.test': { input: profileDraft, output: connectionTest },
  'profiles.cancelTest': { input: nothing, output: nothing },
  /** How records are packed from now on, for the cluster in use. */
  'produce.compression': { input: z.object({ compression }), output: nothing },
  'topics.refresh': { input: nothing, output: z.array(topic) },
  /** The rows that the person sees: their details are kept current, and no others'. */
  'topics.inView': { input: z.object({ topics: z.array(topicName).max(200) }), output: nothing },
  'topics.create': {
    input: z.object({
      topic: topicName,
      partitions: z.number().int().min(1, 'At least one partition.').max(1_000, 'At most 1,000 partitions.'),
      /** How long Kafka keeps records; null: for ever. */
      retentionMs: z.number().int().positive().nullable(),
    }),
    output: nothing,
  },
  /** How many records came more than `ms` ago: what a retention of so long would let go. */
  'topics.recordsBefore': {
    input: z.object({ topic: topicName, ms: limit.unwrap() }),
    output: recordsBefore,
  },
  /** Records that have outgrown it are deleted for good. Answers with what holds then; null when the topic has gone. */
  'topics.setRetention': {
    input: z.object({ topic: topicName, change: retentionChange }),
    output: topicStorage.nullable(),
  },
  'topics.delete': { input: byTopic, output: nothing },
  'layers.add': { input: z.object({ topic: topicName, start: startPosition, stop: stopPosition }), output: layer },
  'layers.remove': { input: byTopic, output: nothing },
  'layers.restart': { input: z.object({ topic: topicName, start: startPosition, stop: stopPosition }), output: layer },
  'layers.style': { input: z.object({ topic: topicName, style: layerStyle }), output: layer },
  'records.get': {
    input: z.object({ topic: topicName, partition: z.number().int().min(0), offset: z.string().regex(/^\d{1,19}$/) }),
    output: kafkaRecord,
  },
  'produce.send': {
    input: z.object({ messages: z.array(outgoing).min(1).max(1_000, 'At most 1,000 messages in one go.') }),
    output: z.array(sendResult),
  },
  'simulate.start': { input: simulationSpec, output: simulation },
  'simulate.stop': { input: byId, output: nothing },
  /** Removes a stopped simulation from the list. */
  'simulate.dismiss': { input: byId, output: nothing },
  /** Opens the system's file dialog; null when the person cancels it. */
  'playback.choose': { input: nothing, output: playableFile.nullable() },
  'playback.start': {
    input: z.object({
      token: z.string().max(100),
      topic: topicName,
      keyField: z.string().max(1_000).nullable(),
      speed: z.number().min(0.01).max(1_000_000).nullable(),
    }),
    output: playback,
  },
  'playback.cancel': { input: byId, output: nothing },
  'playback.dismiss': { input: byId, output: nothing },
  'view.save': { input: view, output: nothing },
  'painter.choose': { input: z.object({ painter: painterWish }), output: nothing },
  'picture.choose': { input: z.object({ picture: pictureWish }), output: nothing },
  /** Whether entities glide from fix to fix on the map. */
  'motion.choose': { input: z.object({ smooth: z.boolean() }), output: nothing },
  /** Who paints, in words for the log: a map that is painted wrong is first asked on what. */
  'painter.log': {
    input: z.object({ level: z.enum(['info', 'warn']), words: z.string().max(1_000) }),
    output: nothing,
  },
  'panels.save': { input: panels, output: nothing },
  /** Other caps. Layers are read anew from where they started. */
  'limits.change': { input: limits, output: nothing },
  'notices.dismiss': { input: byId, output: nothing },
  'clipboard.write': { input: z.object({ text: z.string().max(2_000_000) }), output: nothing },
  /** Shown in the system's browser; only addresses from a fixed list. */
  'links.open': { input: z.object({ link: z.enum(['natural-earth', 'leaflet']) }), output: nothing },
} as const;

export type CommandName = keyof typeof commands;
export type CommandInput<N extends CommandName> = z.infer<(typeof commands)[N]['input']>;
export type CommandOutput<N extends CommandName> = z.infer<(typeof commands)[N]['output']>;

/** Every event: what the main process tells the page. Each carries the whole new value, so that one lost is no harm. */
export const events = {
  connection,
  profiles,
  connectionTest: connectionTest.nullable(),
  topics: z.array(topic),
  topicDetails: z.array(topicDetail),
  topicStorage: z.array(topicStorage),
  layers: z.array(layer),
  counts: z.array(layerCounts),
  simulations: z.array(simulation),
  playbacks: z.array(playback),
  notices: z.array(notice),
  pictureLosses,
} as const satisfies Record<EventName, z.ZodType>;
export type EventPayload<N extends EventName> = z.infer<(typeof events)[N]>;

/** A failed command: what went wrong in words, and what the person can do. Never a stack trace. */
export interface CommandError {
  readonly code: 'bad-input' | 'not-found' | 'refused' | 'cluster' | 'timeout' | 'file' | 'internal';
  readonly message: string;
  readonly action: string;
}

export type CommandResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CommandError };

/** What the preload puts on `window.geostream`. */
export interface GeoStreamApi {
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandResult<CommandOutput<N>>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
