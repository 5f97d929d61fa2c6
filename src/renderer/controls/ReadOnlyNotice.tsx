/** Says why nothing can be sent or changed, where the buttons for it are. */
import { IconLock } from '@tabler/icons-react';
import { READ_ONLY, useReadOnly } from '../state/readOnly';
import blocks from '../theme/blocks.module.css';

/** @param then what that means here, in a sentence. */
export function ReadOnlyNotice({ then }: { then: string }) {
  if (!useReadOnly()) return null;
  return (
    <p className={blocks.warning} role="note">
      <IconLock size={16} stroke={1.6} aria-hidden />
      <span>
        {READ_ONLY}. {then}
      </span>
    </p>
  );
}
