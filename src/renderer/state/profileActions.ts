/** What can be done with profiles from anywhere in the window. */
import type { Profile, Profiles } from '../../shared/profiles';
import { runningWords } from '../words/clusters';
import { command } from './command';
import { closeDialog, openDialog } from './dialogs';
import { useMain } from './mainState';

/** A profile put in place before the event about it arrives. */
export const withProfile = (profiles: Profiles, profile: Profile): Profiles => ({
  ...profiles,
  list: profiles.list.some(({ id }) => id === profile.id)
    ? profiles.list.map((one) => (one.id === profile.id ? profile : one))
    : [...profiles.list, profile],
});

export const putProfile = (profile: Profile): void =>
  useMain.setState(({ profiles }) => ({ profiles: withProfile(profiles, profile) }));

/** Switches, after asking when that would stop something. The dialog that it was asked in gives way. */
export async function switchCluster(id: string): Promise<void> {
  const { profiles, simulations, playbacks } = useMain.getState();
  if (id !== profiles.active && runningWords(simulations, playbacks) !== '') {
    openDialog({ kind: 'switch-profile', profile: id });
    return;
  }
  closeDialog();
  await command('profiles.use', { id });
}
