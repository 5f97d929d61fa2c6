/** What the page of the paint row tells its feeder. */
export interface Feed {
  /** Where the drawing worker listens, as the main process's end in the app. */
  readonly port: MessagePort;
  readonly stream: number;
  readonly count: number;
  /** Room of the map, CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Fixes a second, spread evenly over all points; null: one of each point for each frame. */
  readonly perSecond: number | null;
  /** CSS pixels that each of them goes from one fix to the next; without it some that every eye sees. */
  readonly stride?: number;
}
