/** Whom to trust, and with which certificate to sign in. */
import { Switch } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import blocks from '../theme/blocks.module.css';
import { FileField } from './FileField';
import type { Certificate } from './profileForm';
import classes from './profiles.module.css';
import { KeyField, SecretField } from './SecretField';
import type { ProfileEditor } from './useProfileEditor';

export function TlsFields({ editor }: { editor: ProfileEditor }) {
  const { form, change, errorOf, chooseFile } = editor;
  if (form.encryption === 'none') return null;

  const choose = async (kind: 'ca' | 'certificate') => {
    const file = await chooseFile(kind);
    if (!file || file.pem === null) return;
    const chosen: Certificate = { pem: file.pem, shown: `${file.fileName}: ${file.summary}` };
    change({ [kind]: chosen }, kind);
  };

  return (
    <div className={classes.section}>
      <FileField
        label="Authorities to trust (CA)"
        shown={form.ca?.shown ?? null}
        none="The system's authorities"
        error={errorOf('ca')}
        choose={() => void choose('ca')}
        remove={() => change({ ca: null }, 'ca')}
      />
      <FileField
        label="Client certificate"
        shown={form.certificate?.shown ?? null}
        none="None"
        error={errorOf('certificate')}
        choose={() => void choose('certificate')}
        remove={() => change({ certificate: null }, 'certificate')}
      />
      {form.certificate && (
        <>
          <KeyField editor={editor} />
          <div className={classes.pair}>
            <SecretField editor={editor} name="keyPassphrase" description="Only if the key is encrypted." />
          </div>
        </>
      )}
      <Switch
        size="xs"
        label="Check the host name"
        description="The certificate has to be made out to the host that is connected to."
        checked={form.checkHostname}
        onChange={(event) => change({ checkHostname: event.currentTarget.checked })}
      />
      {!form.checkHostname && (
        <p className={blocks.warning} role="note">
          <IconAlertTriangle size={16} stroke={1.6} aria-hidden />
          Any host with a certificate of a trusted authority can pass for this cluster. For tests only.
        </p>
      )}
    </div>
  );
}
