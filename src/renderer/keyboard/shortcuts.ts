/** The keys, in one list: what the help shows, and what a key press means. */

export type Action = 'help' | 'search' | 'fold-left' | 'fold-right' | 'inject' | 'simulate' | 'profiles' | 'close';

export const shortcuts: readonly { keys: readonly string[]; words: string; action?: Action }[] = [
  { keys: ['?'], words: 'Show these keys', action: 'help' },
  { keys: ['/'], words: 'Search topics', action: 'search' },
  { keys: ['['], words: 'Fold or unfold the topics', action: 'fold-left' },
  { keys: [']'], words: 'Fold or unfold inject and simulate', action: 'fold-right' },
  { keys: ['i'], words: 'Inject', action: 'inject' },
  { keys: ['s'], words: 'Simulate', action: 'simulate' },
  { keys: ['p'], words: 'Profiles of clusters', action: 'profiles' },
  { keys: ['Esc'], words: 'Close the card or the dialog', action: 'close' },
  { keys: ['Ctrl', 'Enter'], words: 'Send, while in the inject form' },
  { keys: ['↑', '↓'], words: 'Go through the topics, while in their list' },
  { keys: ['+', '−'], words: 'Zoom, while the map has the focus' },
  { keys: ['←', '→', '↑', '↓'], words: 'Pan, while the map has the focus' },
];

export interface KeyPress {
  readonly key: string;
  readonly modified: boolean;
  /** The focus is where text is typed, or on a control that takes the key itself. */
  readonly typing: boolean;
}

/** What a key press asks for; null when it is nobody's, or the field's. */
export function actionOf(press: KeyPress): Action | null {
  if (press.modified) return null;
  if (press.key === 'Escape') return 'close';
  if (press.typing) return null;
  return shortcuts.find((shortcut) => shortcut.keys[0] === press.key)?.action ?? null;
}
