/** What a test asks the worker with both painters, and what it answers. */
import type { PainterState } from '../../../src/renderer/map/worker/messages';
import type { PictureDifference } from '../../../src/renderer/map/worker/pictureDifference';

/** What is done to WebGL before a painter is chosen. */
export type Trick =
  | 'none'
  /** The driver calls itself a graphics processor. */
  | 'real-name'
  /** It draws nothing, and reports no error. */
  | 'draws-nothing'
  /** It draws, and blends as if alpha were not premultiplied. */
  | 'blends-wrong';

export type Question =
  | { readonly ask: 'compare'; readonly scene: string }
  | { readonly ask: 'hold' }
  /** A crowd that is large enough for a helper to stamp a part of it. */
  | { readonly ask: 'share' }
  | { readonly ask: 'choose'; readonly wish: 'automatic' | 'pixels' | 'webgl'; readonly trick: Trick }
  /** Loses the context between two frames, or while nothing is painted. */
  | { readonly ask: 'lose'; readonly when: 'before-a-frame' | 'at-rest' };

/** Who was found where: places asked, places with somebody, places where the painters disagree. */
export interface Picks {
  readonly asked: number;
  readonly hit: number;
  readonly wrong: number;
}

export interface Answers {
  readonly compare: {
    readonly difference: PictureDifference;
    readonly picks: Picks;
    readonly trailLimit: number | null;
  };
  /** Picks of the frame before the last, of the last, and of the one before both; and a pick beside the frame. */
  readonly hold: { readonly before: Picks; readonly last: Picks; readonly gone: Picks; readonly beside: boolean };
  /** The picture with the helper beside that without; how often it was asked; places asked in both. */
  readonly share: { readonly difference: PictureDifference; readonly jobs: number; readonly picks: Picks };
  readonly choose: { readonly states: readonly PainterState[]; readonly difference: PictureDifference };
  readonly lose: {
    readonly states: readonly PainterState[];
    /** How often a frame was asked for because of the loss. */
    readonly repaints: number;
    readonly difference: PictureDifference;
    readonly picks: Picks;
  };
}

export type Answer = { readonly answer: Answers[keyof Answers] } | { readonly failed: string };
