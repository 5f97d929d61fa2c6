/** A secret: typed, or stored and then only replaced or forgotten. Its value never comes back to the page. */
import { Button } from '@mantine/core';
import { useId } from 'react';
import type { SecretName } from '../../shared/profiles';
import { secretLabels } from '../words/clusters';
import { FileField } from './FileField';
import classes from './profiles.module.css';
import { SecretInput } from './SecretInput';
import type { ProfileEditor } from './useProfileEditor';

const STORED = '•••••• stored';
const FORGOTTEN = 'Forgotten when you save';

interface SecretFieldProps {
  readonly editor: ProfileEditor;
  readonly name: Exclude<SecretName, 'key'>;
  readonly description?: string;
}

export function SecretField({ editor, name, description }: SecretFieldProps) {
  const label = secretLabels[name];
  const { form, stored, changeSecret, errorOf } = editor;
  const edit = form.secrets[name];
  const isStored = stored.includes(name);
  const id = useId();
  const keep = () => changeSecret(name, { kind: 'kept' });

  if (isStored && edit.kind !== 'new') {
    const forgotten = edit.kind === 'forgotten';
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot be laid out in a row
      <div role="group" aria-labelledby={id} className={classes.stored}>
        <span id={id} className={classes.label}>
          {label}
        </span>
        <div className={classes.storedRow}>
          <span className={forgotten ? classes.none : classes.shown}>{forgotten ? FORGOTTEN : STORED}</span>
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => changeSecret(name, { kind: 'new', text: '', shown: '' })}
          >
            Replace
          </Button>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            onClick={forgotten ? keep : () => changeSecret(name, { kind: 'forgotten' })}
          >
            {forgotten ? 'Keep it' : 'Forget'}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div>
      <SecretInput
        label={label}
        description={description}
        value={edit.kind === 'new' ? edit.text : ''}
        error={errorOf(name)}
        autoFocus={isStored}
        onChange={(text) =>
          changeSecret(name, text === '' && !isStored ? { kind: 'kept' } : { kind: 'new', text, shown: '' })
        }
      />
      {isStored && (
        <Button variant="subtle" color="gray" size="compact-xs" mt={2} onClick={keep}>
          Keep the stored one
        </Button>
      )}
    </div>
  );
}

/** The private key stays in the main process: here there is no more than what can be said of it. */
export function KeyField({ editor }: { editor: ProfileEditor }) {
  const { form, stored, changeSecret, errorOf, chooseFile } = editor;
  const edit = form.secrets.key;
  const isStored = stored.includes('key');
  const choose = async () => {
    const file = await chooseFile('key');
    if (file) changeSecret('key', { kind: 'new', text: file.token, shown: `${file.fileName}: ${file.summary}` });
  };
  const keep = () => changeSecret('key', { kind: 'kept' });
  const shown = edit.kind === 'new' ? edit.shown : isStored && edit.kind === 'kept' ? STORED : null;
  const forgets = isStored && edit.kind === 'kept';
  return (
    <FileField
      label={secretLabels.key}
      shown={shown}
      none={edit.kind === 'forgotten' ? FORGOTTEN : 'None: it is asked for when connecting'}
      error={errorOf('key')}
      choose={() => void choose()}
      remove={forgets ? () => changeSecret('key', { kind: 'forgotten' }) : keep}
      removeWords={forgets ? 'Forget' : isStored ? 'Keep the stored one' : 'Remove'}
    >
      {edit.kind === 'forgotten' && (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={keep}>
          Keep it
        </Button>
      )}
    </FileField>
  );
}
