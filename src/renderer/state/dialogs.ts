/** The one dialog that is open, if any, and what gets the focus back when it closes. */
import { create } from 'zustand';

export type Dialog =
  | { readonly kind: 'help' }
  | { readonly kind: 'about' }
  | { readonly kind: 'limits' }
  | { readonly kind: 'create-topic' }
  | { readonly kind: 'delete-topic'; readonly topic: string }
  | { readonly kind: 'retention'; readonly topic: string }
  | { readonly kind: 'refused'; readonly topic: string }
  /** Which profile is shown first: its id, or a new one; the one in use when neither is said. */
  | { readonly kind: 'profiles'; readonly profile?: string | 'new' }
  | { readonly kind: 'switch-profile'; readonly profile: string };

interface Dialogs {
  readonly open: Dialog | null;
  /** What had the focus before the dialog; null when nothing had. */
  readonly opener: HTMLElement | null;
}

export const useDialogs = create<Dialogs>(() => ({ open: null, opener: null }));

/** What has the focus; of a popover, which closes when a dialog opens, the button that it hangs from. */
function focused(): HTMLElement | null {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return null;
  const popover = activeElement.closest('[role="dialog"][id], [role="menu"][id]');
  const target = popover && document.querySelector<HTMLElement>(`[aria-controls="${CSS.escape(popover.id)}"]`);
  return target?.querySelector('button') ?? target ?? activeElement;
}

export const openDialog = (open: Dialog): void =>
  useDialogs.setState((before) => ({ open, opener: before.open ? before.opener : focused() }));

/** Dialogs.tsx gives the focus back once the dialog is gone from the page. */
export const closeDialog = (): void => useDialogs.setState({ open: null });
