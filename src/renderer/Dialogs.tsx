/** Whichever dialog is open. Once it is gone, the focus goes back to where it was. */
import { lazy, Suspense, useEffect } from 'react';
import { AboutDialog } from './help/AboutDialog';
import { KeyboardHelp } from './keyboard/KeyboardHelp';
import { SEARCH_ID } from './keyboard/useShortcuts';
import { LimitsDialog } from './mapRoom/LimitsDialog';
import { SwitchDialog } from './profiles/SwitchDialog';
import { useDialogs } from './state/dialogs';
import { CreateTopicDialog } from './topics/CreateTopicDialog';
import { DeleteTopicDialog } from './topics/DeleteTopicDialog';
import { RefusedDialog } from './topics/RefusedDialog';
import { RetentionDialog } from './topics/RetentionDialog';

/** Loaded when it is first opened: it brings the schemas along, which the first paint does not need. */
const ProfilesDialog = lazy(async () => ({ default: (await import('./profiles/ProfilesDialog')).ProfilesDialog }));

export function Dialogs() {
  const open = useDialogs((state) => state.open);
  // A dialog is taken off the page as a whole, so Mantine's own return of the focus never comes to run.
  useEffect(() => {
    const { opener } = useDialogs.getState();
    if (open || !opener) return;
    useDialogs.setState({ opener: null });
    // The opener may be gone with what it stood for: the row of a topic that was deleted.
    const target = opener.isConnected ? opener : document.getElementById(SEARCH_ID);
    target?.focus({ preventScroll: true });
  }, [open]);
  switch (open?.kind) {
    case 'help':
      return <KeyboardHelp />;
    case 'about':
      return <AboutDialog />;
    case 'limits':
      return <LimitsDialog />;
    case 'create-topic':
      return <CreateTopicDialog />;
    case 'delete-topic':
      return <DeleteTopicDialog key={open.topic} topic={open.topic} />;
    case 'retention':
      return <RetentionDialog key={open.topic} topic={open.topic} />;
    case 'refused':
      return <RefusedDialog topic={open.topic} />;
    case 'profiles':
      return (
        <Suspense fallback={null}>
          <ProfilesDialog {...open} />
        </Suspense>
      );
    case 'switch-profile':
      return <SwitchDialog profile={open.profile} />;
    default:
      return null;
  }
}
