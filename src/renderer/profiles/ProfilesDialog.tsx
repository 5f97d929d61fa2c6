/** Every cluster that the person works with: a list, and how the chosen one is reached. */
import './schemasWithoutEval';
import { Modal } from '@mantine/core';
import { IconCheck, IconFileImport, IconLock, IconPlus } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Profile } from '../../shared/profiles';
import { profileLine } from '../words/clusters';
import { showText } from '../words/showText';
import { ConnectionTestView } from './ConnectionTestView';
import { ImportReport } from './ImportReport';
import { ProfileFacts } from './ProfileFacts';
import { ProfileFields } from './ProfileFields';
import { ProfileFooter } from './ProfileFooter';
import classes from './profiles.module.css';
import { type ProfileEditor, useProfileEditor } from './useProfileEditor';

interface ProfilesDialogProps {
  /** Id of the profile to begin with, or 'new'; the one in use when absent. */
  readonly profile?: string | undefined;
}

export function ProfilesDialog(first: ProfilesDialogProps) {
  const editor = useProfileEditor(first);
  const { form, profile, editable, testing, outdated } = editor;
  const panel = useRef<HTMLDivElement>(null);
  /** The first field that is wrong gets the focus once it is marked. */
  const showWrong = () =>
    requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  return (
    <Modal
      opened
      onClose={() => (editor.question ? editor.keep() : editor.close())}
      title="Profiles"
      size={880}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: classes.body, content: classes.content }}
    >
      <div className={classes.dialog} ref={panel}>
        <ProfileList editor={editor} />
        <section
          key={form.id ?? 'new'}
          className={classes.editor}
          aria-label={form.id === null ? 'New profile' : `Profile ${profile?.fields.name ?? ''}`}
        >
          {editor.imported && <ImportReport imported={editor.imported} hide={editor.forgetImport} />}
          {editable ? (
            <ProfileFields editor={editor} save={() => void editor.save(false).then((right) => right || showWrong())} />
          ) : (
            profile && <ProfileFacts profile={profile} />
          )}
          <ConnectionTestView testing={testing} outdated={outdated} />
          <ProfileFooter editor={editor} showWrong={showWrong} />
        </section>
      </div>
    </Modal>
  );
}

function ProfileList({ editor }: { editor: ProfileEditor }) {
  const { profiles, form, select } = editor;
  return (
    <nav className={classes.side} aria-label="Profiles">
      <ul className={classes.list}>
        {profiles.list.map((profile) => (
          <li key={profile.id}>
            <button
              type="button"
              className={classes.entry}
              aria-current={profile.id === form.id || undefined}
              onClick={() => select(profile.id)}
            >
              <Entry profile={profile} inUse={profile.id === profiles.active} />
            </button>
          </li>
        ))}
        {form.id === null && (
          <li>
            <button type="button" className={classes.entry} aria-current>
              <span className={classes.entryName}>{form.name.trim() === '' ? 'New profile' : showText(form.name)}</span>
              <span className={classes.entryLine}>not saved yet</span>
            </button>
          </li>
        )}
      </ul>
      <div className={classes.sideButtons}>
        <button type="button" className={classes.sideButton} onClick={() => select('new')}>
          <IconPlus size={16} stroke={1.6} aria-hidden />
          New profile
        </button>
        <button type="button" className={classes.sideButton} onClick={editor.importFile}>
          <IconFileImport size={16} stroke={1.6} aria-hidden />
          Import client.properties…
        </button>
      </div>
    </nav>
  );
}

function Entry({ profile, inUse }: { profile: Profile; inUse: boolean }) {
  const { fields } = profile;
  return (
    <>
      <span className={classes.entryName} title={showText(fields.name)}>
        <span>{showText(fields.name)}</span>
        {fields.readOnly && <IconLock size={13} stroke={1.8} aria-hidden />}
        {inUse && <IconCheck className={classes.inUse} size={15} stroke={2.2} aria-label="in use" role="img" />}
      </span>
      <span className={classes.entryLine} title={showText(profileLine(profile))}>
        {showText(profileLine(profile))}
      </span>
    </>
  );
}
