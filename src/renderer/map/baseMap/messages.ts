/** What the page and its tile worker say to each other. */
import type { Theme } from '../worker/messages';

export type ToTiles =
  | {
      readonly kind: 'draw';
      readonly request: number;
      readonly x: number;
      readonly y: number;
      /** Zoom at which the world is 2^zoom tiles of 512 CSS pixels wide. */
      readonly zoom: number;
      readonly scale: number;
      readonly theme: Theme;
    }
  /** The tile is no longer wanted. */
  | { readonly kind: 'cancel'; readonly request: number };

export type FromTiles =
  /** Its end can be watched for. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'drawn'; readonly request: number; readonly bitmap: ImageBitmap }
  | { readonly kind: 'failed'; readonly request: number; readonly message: string };
