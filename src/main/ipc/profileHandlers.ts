/** What each command about profiles does. */
import type { WebContents } from 'electron';
import type { ConnectionTest } from '../../shared/profiles';
import type { ClusterInUse } from '../clusterInUse';
import { testConnection } from '../kafka/testConnection';
import type { Profiles } from '../profiles/profiles';
import type { SettingsStore } from '../settings/settings';
import { chooseOneFile } from './fileDialog';
import type { Handlers } from './router';

export interface ProfileHandlerParts {
  readonly profiles: Profiles;
  readonly settings: SettingsStore;
  readonly cluster: ClusterInUse;
  readonly use: (profile: string) => void;
  readonly page: () => WebContents | undefined;
  readonly onConnectionTest: (test: ConnectionTest) => void;
}

type ProfileCommand = Extract<keyof Handlers, `profiles.${string}`>;

const FILE_TITLES = {
  ca: 'Choose the certificate of the authority',
  certificate: "Choose the client's certificate",
  key: "Choose the client's private key",
} as const;

export function createProfileHandlers(parts: ProfileHandlerParts): Pick<Handlers, ProfileCommand> {
  const { profiles, settings, cluster, use, page } = parts;
  let underTest: AbortController | undefined;

  return {
    'profiles.save': async (draft) => {
      const before = draft.id === null ? undefined : profiles.access(draft.id);
      const wasReadOnly = draft.id === null ? false : profiles.find(draft.id).fields.readOnly;
      const saved = await profiles.save(draft);
      if (saved.id === cluster.profile) {
        const same = JSON.stringify(before) === JSON.stringify(profiles.access(saved.id));
        if (same && wasReadOnly === saved.fields.readOnly) cluster.rename(saved);
        else use(saved.id);
      }
      return saved;
    },
    'profiles.duplicate': ({ id }) => profiles.duplicate(id),
    'profiles.delete': async ({ id }) => {
      await profiles.delete(id);
      settings.forgetCluster(id);
      if (id === cluster.profile) use('built-in');
      return {};
    },
    'profiles.use': ({ id }) => {
      const again = cluster.connection().state.kind === 'failed';
      if (id !== cluster.profile || again) use(id);
      return {};
    },
    'profiles.unlock': async ({ id, secrets }) => {
      await profiles.unlock(id, secrets);
      if (id === cluster.profile) use(id);
      return {};
    },
    'profiles.chooseFile': async ({ kind }) => {
      const path = await chooseOneFile(page(), FILE_TITLES[kind], [
        { name: 'PEM', extensions: ['pem', 'crt', 'cer', 'key', 'cert'] },
      ]);
      return path === null ? null : profiles.chooseFile(kind, path);
    },
    'profiles.importFile': async () => {
      const path = await chooseOneFile(page(), 'Import a client.properties file', [
        { name: 'Settings of a Kafka client', extensions: ['properties', 'conf', 'config', 'cfg', 'ini', 'txt'] },
      ]);
      return path === null ? null : profiles.importFile(path);
    },
    'profiles.test': async (draft) => {
      underTest?.abort();
      const mine = new AbortController();
      underTest = mine;
      const tell = (test: ConnectionTest) => {
        if (underTest === mine) parts.onConnectionTest(test);
      };
      const ended = await testConnection(profiles.accessOfDraft(draft), { onStep: tell, signal: mine.signal });
      tell(ended);
      return ended;
    },
    'profiles.cancelTest': () => {
      underTest?.abort();
      return {};
    },
  };
}
