/** What the page itself has to say for a moment: failed commands above all. The newest is last. */
import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly action: string;
  /** Offers to load the window anew. */
  readonly reload: boolean;
  /** What can be done about it, for as long as the toast stands. */
  readonly button: { readonly label: string; readonly act: () => void } | null;
  /** How often the same thing was said. */
  readonly times: number;
}

const MOST = 4;

/** The same message again counts up where it stands; the oldest give way. */
export function addToast(all: readonly Toast[], added: Omit<Toast, 'times'>): readonly Toast[] {
  const same = all.find((one) => one.message === added.message && one.level === added.level);
  if (same) return [...all.filter((one) => one !== same), { ...added, times: same.times + 1 }];
  return [...all, { ...added, times: 1 }].slice(-MOST);
}

export const useToasts = create<{ all: readonly Toast[] }>(() => ({ all: [] }));

let nextId = 1;
const INFO_MS = 6_000;
/** With something to press, which takes its time to be read and reached. */
const BUTTON_MS = 30_000;

export function dismissToast(id: number): void {
  useToasts.setState(({ all }) => ({ all: all.filter((one) => one.id !== id) }));
}

/** Errors stay until they are dismissed; what is only good to know goes by itself. */
export function toast(
  added: Pick<Toast, 'level' | 'message'> & Partial<Pick<Toast, 'action' | 'reload' | 'button'>>,
): void {
  const id = nextId++;
  useToasts.setState(({ all }) => ({ all: addToast(all, { action: '', reload: false, button: null, ...added, id }) }));
  if (added.level === 'info') setTimeout(() => dismissToast(id), added.button ? BUTTON_MS : INFO_MS);
}
