/** A secret: typed, or stored or from a file, and then only replaced or let go. Such a value is never in the page. */
import { Button } from '@mantine/core';
import { useId } from 'react';
import type { SecretName } from '../../shared/profiles';
import { secretLabels } from '../words/clusters';
import { showText } from '../words/showText';
import { FileField } from './FileField';
import classes from './profiles.module.css';
import { SecretInput } from './SecretInput';
import type { ProfileEditor } from './useProfileEditor';

const DOTS = '••••••';
const STORED = `${DOTS} stored`;
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

  if (edit.kind === 'held' || (isStored && edit.kind !== 'new')) {
    const forgotten = edit.kind === 'forgotten';
    const shown = edit.kind === 'held' ? `${DOTS} ${edit.shown}` : STORED;
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot be laid out in a row
      <div role="group" aria-labelledby={id} className={classes.stored}>
        <span id={id} className={classes.label}>
          {label}
        </span>
        <div className={classes.storedRow}>
          <span className={forgotten ? classes.none : classes.shown}>{forgotten ? FORGOTTEN : showText(shown)}</span>
          <Button variant="default" size="compact-xs" onClick={() => changeSecret(name, { kind: 'new', text: '' })}>
            Replace
          </Button>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            onClick={edit.kind === 'kept' ? () => changeSecret(name, { kind: 'forgotten' }) : keep}
          >
            {edit.kind === 'kept' ? 'Forget' : forgotten ? 'Keep it' : 'Remove'}
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
        onChange={(text) => changeSecret(name, text === '' && !isStored ? { kind: 'kept' } : { kind: 'new', text })}
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
    if (file) changeSecret('key', { kind: 'held', token: file.token, shown: `${file.fileName}: ${file.summary}` });
  };
  const keep = () => changeSecret('key', { kind: 'kept' });
  const shown = edit.kind === 'held' ? edit.shown : isStored && edit.kind === 'kept' ? STORED : null;
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
