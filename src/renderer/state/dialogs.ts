/** The one dialog that is open, if any. */
import { create } from 'zustand';

export type Dialog =
  | { readonly kind: 'help' }
  | { readonly kind: 'create-topic' }
  | { readonly kind: 'delete-topic'; readonly topic: string }
  | { readonly kind: 'refused'; readonly topic: string };

export const useDialogs = create<{ open: Dialog | null }>(() => ({ open: null }));

export const openDialog = (open: Dialog): void => useDialogs.setState({ open });
export const closeDialog = (): void => useDialogs.setState({ open: null });
