/** Who signs in: user name and password, or a token got with client credentials. */
import { TextInput } from '@mantine/core';
import { bindTo } from './bindTo';
import classes from './profiles.module.css';
import { SecretField } from './SecretField';
import type { ProfileEditor } from './useProfileEditor';

export function SaslFields({ editor }: { editor: ProfileEditor }) {
  const { mechanism } = editor.form;
  const bind = bindTo(editor);
  if (mechanism === 'none') return null;
  if (mechanism !== 'OAUTHBEARER') {
    return (
      <div className={classes.pair}>
        <TextInput {...bind('username')} label="User name" />
        <SecretField editor={editor} name="password" />
      </div>
    );
  }
  return (
    <>
      <TextInput
        {...bind('tokenEndpoint')}
        label="Token endpoint"
        placeholder="https://login.example.org/oauth2/token"
        classNames={{ input: classes.code }}
      />
      <div className={classes.pair}>
        <TextInput {...bind('oauthClientId')} label="OAuth client id" />
        <SecretField editor={editor} name="clientSecret" />
        <TextInput {...bind('scope')} label="Scope" placeholder="none" />
      </div>
    </>
  );
}
