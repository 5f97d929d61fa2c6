/** Whichever dialog is open. */
import { KeyboardHelp } from './keyboard/KeyboardHelp';
import { useDialogs } from './state/dialogs';
import { CreateTopicDialog } from './topics/CreateTopicDialog';
import { DeleteTopicDialog } from './topics/DeleteTopicDialog';
import { RefusedDialog } from './topics/RefusedDialog';

export function Dialogs() {
  const open = useDialogs((state) => state.open);
  switch (open?.kind) {
    case 'help':
      return <KeyboardHelp />;
    case 'create-topic':
      return <CreateTopicDialog />;
    case 'delete-topic':
      return <DeleteTopicDialog key={open.topic} topic={open.topic} />;
    case 'refused':
      return <RefusedDialog topic={open.topic} />;
    default:
      return null;
  }
}
