/** What the map is to show of entities: marks, or how many are where. */
import { create } from 'zustand';
import type { PictureWish } from '../../shared/contract';
import { command } from './command';

export const usePicture = create<{ readonly wish: PictureWish }>(() => ({ wish: 'marks' }));

export function choosePicture(wish: PictureWish): void {
  usePicture.setState({ wish });
  void command('picture.choose', { picture: wish });
}
