/** The form of a profile: the cluster, how the connection is secured, and what becomes of the secrets. */
import { NativeSelect, Switch, Textarea, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { saslMechanism } from '../../shared/profiles';
import blocks from '../theme/blocks.module.css';
import { bindTo } from './bindTo';
import { KeepSecrets } from './KeepSecrets';
import { riskOf } from './profileForm';
import classes from './profiles.module.css';
import { SaslFields } from './SaslFields';
import { TlsFields } from './TlsFields';
import type { ProfileEditor } from './useProfileEditor';

const mechanisms = [
  { value: 'none', label: 'None' },
  ...saslMechanism.options.map((value) => ({ value, label: value })),
];

export function ProfileFields({ editor, save }: { editor: ProfileEditor; save: () => void }) {
  const { form, change } = editor;
  const bind = bindTo(editor);
  const risk = riskOf(form);
  return (
    <form
      className={classes.form}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className={classes.pair}>
        <TextInput {...bind('name')} label="Name" data-autofocus placeholder="such as Harbour, test" />
        <TextInput {...bind('clientId')} label="Client id" />
      </div>
      <Textarea
        {...bind('bootstrap')}
        label="Bootstrap servers"
        placeholder="such as kafka-1.example.org:9093, kafka-2.example.org:9093"
        autosize={false}
        rows={2}
        resize="vertical"
        classNames={{ input: classes.code }}
      />
      <Switch
        size="xs"
        label="Read-only"
        description="Nothing is written to this cluster: no records, no topics, no offsets."
        checked={form.readOnly}
        onChange={(event) => change({ readOnly: event.currentTarget.checked })}
      />
      <div className={classes.section}>
        <div className={classes.pair}>
          <NativeSelect
            label="Encryption"
            data={[
              { value: 'none', label: 'None' },
              { value: 'tls', label: 'TLS' },
            ]}
            value={form.encryption}
            onChange={(event) => change({ encryption: event.currentTarget.value === 'tls' ? 'tls' : 'none' })}
          />
          <NativeSelect
            label="Sign-in (SASL)"
            data={mechanisms}
            value={form.mechanism}
            onChange={(event) =>
              change({ mechanism: saslMechanism.safeParse(event.currentTarget.value).data ?? 'none' })
            }
          />
        </div>
        {risk && (
          <p className={blocks.warning} role="note">
            <IconAlertTriangle size={16} stroke={1.6} aria-hidden />
            {risk}
          </p>
        )}
      </div>
      <SaslFields editor={editor} />
      <TlsFields editor={editor} />
      <KeepSecrets editor={editor} />
      <button type="submit" hidden aria-hidden tabIndex={-1} />
    </form>
  );
}
