/** Hears every key of the window, and does what `shortcuts.ts` says it means. */
import { useEffect } from 'react';
import { closeDialog, openDialog, useDialogs } from '../state/dialogs';
import { foldPanel, openTab, setPanels, usePanels } from '../state/panels';
import { clearSelection } from '../state/selection';
import { type Action, actionOf } from './shortcuts';

/** Marks the topic search, so that "/" finds it. */
export const SEARCH_ID = 'topic-search';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="color"]), textarea, select'));

/** Popovers, open lists and dialogs answer Esc themselves. */
const hasOwnEscape = (target: EventTarget | null): boolean =>
  useDialogs.getState().open !== null ||
  (target instanceof HTMLElement &&
    target.closest('[role="dialog"], [role="menu"], [aria-expanded="true"][role="combobox"]') !== null);

function act(action: Action): void {
  switch (action) {
    case 'help':
      if (useDialogs.getState().open?.kind === 'help') closeDialog();
      else openDialog({ kind: 'help' });
      break;
    case 'search':
      if (!usePanels.getState().left) setPanels({ left: true });
      requestAnimationFrame(() => document.getElementById(SEARCH_ID)?.focus());
      break;
    case 'fold-left':
      foldPanel('left');
      break;
    case 'fold-right':
      foldPanel('right');
      break;
    case 'inject':
    case 'simulate':
      openTab(action);
      break;
    case 'profiles':
      openDialog({ kind: 'profiles' });
      break;
    case 'close':
      clearSelection();
  }
}

export function useShortcuts(): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = actionOf({
        key: event.key,
        modified: event.ctrlKey || event.metaKey || event.altKey,
        typing: isTyping(event.target),
      });
      if (!action || (action === 'close' && hasOwnEscape(event.target))) return;
      if (useDialogs.getState().open && action !== 'help') return;
      if (action !== 'close') event.preventDefault();
      act(action);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
}
