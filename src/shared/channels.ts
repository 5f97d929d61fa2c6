/** Names that cross the bridge. Apart from the contract, so that the preload needs no zod. */

export const eventNames = [
  'connection',
  'profiles',
  'connectionTest',
  'topics',
  'topicDetails',
  'topicStorage',
  'layers',
  'counts',
  'simulations',
  'playbacks',
  'notices',
  'pictureLosses',
] as const;
export type EventName = (typeof eventNames)[number];

export const channels = {
  command: 'geostream:command',
  event: (name: EventName) => `geostream:event:${name}` as const,
  /** Main to preload, with the points port attached; the preload posts it on to its own window under the same name. */
  pointsPort: 'geostream:points-port',
} as const;
