/** Whether secrets are written to disk, encrypted; what that is worth depends on the system. */
import { Switch } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import blocks from '../theme/blocks.module.css';
import { secretsInUse } from './profileForm';
import classes from './profiles.module.css';
import type { ProfileEditor } from './useProfileEditor';

const descriptions = {
  keychain: "Encrypted with a key that the system's keychain holds. Off: they are forgotten when the app ends.",
  basic: 'Off: they are forgotten when the app ends.',
  none: 'This system cannot encrypt them, so they are kept until the app ends and never written to disk.',
} as const;

export function KeepSecrets({ editor: { form, profiles, change } }: { editor: ProfileEditor }) {
  const { secretStore } = profiles;
  if (secretsInUse(form).length === 0) return null;
  const keeps = form.keepSecrets && secretStore !== 'none';
  return (
    <div className={classes.section}>
      <Switch
        size="xs"
        label="Keep secrets on this computer (encrypted)"
        description={descriptions[secretStore]}
        disabled={secretStore === 'none'}
        checked={keeps}
        onChange={(event) => change({ keepSecrets: event.currentTarget.checked })}
      />
      {secretStore === 'basic' && (
        <p className={blocks.warning} role="note">
          <IconAlertTriangle size={16} stroke={1.6} aria-hidden />
          This system has no keychain: what is stored could be read by anybody who has your files.
        </p>
      )}
    </div>
  );
}
