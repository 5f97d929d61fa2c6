/**
 * What the profiles dialog is about at the moment: which profile, how its form stands, and what is asked before
 * something is lost. All of it lives as long as the dialog, so that no typed secret outlives it.
 */
import { useState } from 'react';
import type { CommandInput, CommandName, CommandOutput } from '../../shared/contract';
import type { ImportedProfile, ProfileDraft, Profiles, SecretName } from '../../shared/profiles';
import { ask } from '../state/command';
import { closeDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { putProfile, switchCluster } from '../state/profileActions';
import { formOfImport } from './importedForm';
import { formOf, newProfile, type ProfileField, type ProfileForm, readProfile, type SecretEdit } from './profileForm';
import { useConnectionTest } from './useConnectionTest';

export type Question = { readonly kind: 'delete' } | { readonly kind: 'discard'; readonly then: () => void };

interface Editing {
  readonly form: ProfileForm;
  /** As it was when it was last saved. */
  readonly saved: ProfileForm;
  readonly touched: ReadonlySet<ProfileField>;
  /** Counts changes, so that a test can tell whether it is about what stands there now. */
  readonly revision: number;
  /** It was saved as it stands. */
  readonly justSaved: boolean;
  /** The file that the form was filled from. */
  readonly imported: ImportedProfile | null;
}

const nothingTouched: ReadonlySet<ProfileField> = new Set();

const editing = (form: ProfileForm): Editing => ({
  form,
  saved: form,
  touched: nothingTouched,
  revision: 0,
  justSaved: false,
  imported: null,
});

/** As if the person had filled a new form, and touched what is wrong in it. */
function editingImport(imported: ImportedProfile, { secretStore }: Profiles): Editing {
  const keepSecrets = secretStore === 'keychain';
  const form = formOfImport(imported, keepSecrets);
  const read = readProfile(form, []);
  const wrong = read.ok ? [] : (Object.keys(read.errors) as ProfileField[]);
  return { ...editing(form), saved: newProfile(keepSecrets), touched: new Set(wrong), imported };
}

/** The profile by its id, or a new one. Secrets are kept by default only where the system has a keychain. */
function begin({ list, secretStore }: Profiles, which: string): ProfileForm {
  const profile = list.find(({ id }) => id === which);
  return profile ? formOf(profile) : newProfile(secretStore === 'keychain');
}

/** What the main process said of chosen files is not told again with the saved profile. */
function withSummaries(form: ProfileForm, before: ProfileForm): ProfileForm {
  const ca = form.ca?.pem === before.ca?.pem ? before.ca : form.ca;
  const certificate = form.certificate?.pem === before.certificate?.pem ? before.certificate : form.certificate;
  return { ...form, ca, certificate };
}

export type ProfileEditor = ReturnType<typeof useProfileEditor>;

export function useProfileEditor(first: { profile?: string | undefined }) {
  const profiles = useMain((state) => state.profiles);
  const [state, setState] = useState(() => editing(begin(profiles, first.profile ?? profiles.active)));
  const [question, setQuestion] = useState<Question | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const [tested, setTested] = useState(0);
  const testing = useConnectionTest(setFailed);

  const { form, saved, touched, revision } = state;
  const profile = profiles.list.find(({ id }) => id === form.id) ?? null;
  const stored: readonly SecretName[] = profile?.has ?? [];
  const editable = profile === null || profile.origin === 'saved';
  const dirty = editable && JSON.stringify(form) !== JSON.stringify(saved);
  const read = readProfile(form, stored);

  const showEditing = (next: Editing) => {
    testing.forget();
    setQuestion(null);
    setFailed('');
    setState(next);
  };
  const show = (next: ProfileForm) => showEditing(editing(next));

  /** Does it at once, or after the person has let the changes go. */
  const unlessChanged = (then: () => void) => {
    if (dirty) setQuestion({ kind: 'discard', then });
    else then();
  };

  const change = (changed: Partial<ProfileForm>, field?: ProfileField) => {
    setFailed('');
    setState((before) => ({
      ...before,
      form: { ...before.form, ...changed },
      touched: field ? new Set(before.touched).add(field) : before.touched,
      revision: before.revision + 1,
      justSaved: false,
    }));
  };

  /** The draft; null when something in the form is wrong, which the fields then say. */
  const draft = (nameNeeded: boolean): ProfileDraft | null => {
    const now = readProfile(form, stored, { nameNeeded });
    if (now.ok) return now.draft;
    const wrong = Object.keys(now.errors) as ProfileField[];
    setState((before) => ({ ...before, touched: new Set([...before.touched, ...wrong]) }));
    return null;
  };

  /** What the main process refuses is said at the dialog's foot. */
  const attempt = async <N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N> | null> => {
    setBusy(true);
    setFailed('');
    const answer = await ask(name, input);
    setBusy(false);
    if (answer.ok) return answer.value;
    setFailed(`${answer.error.message} ${answer.error.action}`);
    return null;
  };

  return {
    profiles,
    form,
    profile,
    stored,
    editable,
    busy,
    failed,
    question,
    testing,
    justSaved: state.justSaved,
    imported: state.imported,
    /** The test on show is about other settings than those that stand there now. */
    outdated: revision !== tested,
    errorOf: (field: ProfileField): string | undefined =>
      touched.has(field) && !read.ok ? read.errors[field] : undefined,
    change,
    changeSecret: (name: SecretName, edit: SecretEdit) => change({ secrets: { ...form.secrets, [name]: edit } }, name),

    /** @param which id of a profile, or 'new' */
    select: (which: string) => unlessChanged(() => show(begin(profiles, which))),
    /** The system's file dialog; null when it was cancelled, or what was chosen refused, which the foot says. */
    chooseFile: (kind: 'ca' | 'certificate' | 'key') => attempt('profiles.chooseFile', { kind }),
    importFile: () =>
      unlessChanged(() => {
        if (busy) return;
        void attempt('profiles.importFile', {}).then((imported) => {
          if (imported) showEditing(editingImport(imported, profiles));
        });
      }),
    forgetImport: () => setState((before) => ({ ...before, imported: null })),
    close: () => unlessChanged(closeDialog),
    duplicate: () =>
      unlessChanged(() => {
        if (form.id === null || busy) return;
        void attempt('profiles.duplicate', { id: form.id }).then((copy) => {
          if (!copy) return;
          putProfile(copy);
          show(formOf(copy));
        });
      }),
    askToDelete: () => setQuestion({ kind: 'delete' }),
    keep: () => setQuestion(null),
    /** Goes on with what was asked for before the changes were in its way. */
    discard: () => {
      setQuestion(null);
      if (question?.kind === 'discard') question.then();
    },
    remove: async () => {
      if (form.id === null || busy) return;
      setQuestion(null);
      if (!(await attempt('profiles.delete', { id: form.id }))) return;
      const rest = { ...profiles, list: profiles.list.filter(({ id }) => id !== form.id) };
      useMain.setState({ profiles: rest });
      show(begin(rest, rest.list[0]?.id ?? 'new'));
    },

    /** @returns false when something in the form is wrong. */
    save: async (connect: boolean): Promise<boolean> => {
      if (busy) return true;
      const ready = draft(true);
      if (!ready) return false;
      const done = await attempt('profiles.save', ready);
      if (!done) return true;
      putProfile(done);
      setState((before) => ({
        ...editing(withSummaries(formOf(done), before.form)),
        revision: before.revision,
        justSaved: true,
      }));
      if (connect) await switchCluster(done.id);
      return true;
    },
    connect: async () => {
      if (form.id !== null) await switchCluster(form.id);
    },
    test: (): boolean => {
      // What comes from the environment is tested as if it were new: there are no secrets to it.
      const ready = draft(false);
      if (!ready) return false;
      setFailed('');
      setTested(revision);
      void testing.start(editable ? ready : { ...ready, id: null });
      return true;
    },
  };
}
