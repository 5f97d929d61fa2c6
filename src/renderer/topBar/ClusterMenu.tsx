/** Which cluster is in use; as a menu, which others there are, and where they are edited. */
import { Menu, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconChevronDown, IconLock, IconPlus, IconSettings } from '@tabler/icons-react';
import { openDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { switchCluster } from '../state/profileActions';
import { clusterTitle, profileLine } from '../words/clusters';
import { shorten, showText } from '../words/showText';
import classes from './topBar.module.css';

export function ClusterMenu() {
  const cluster = useMain((state) => state.connection.cluster);
  const { active, list } = useMain((state) => state.profiles);
  return (
    <Menu
      position="bottom-start"
      width={320}
      checkIcon={<IconCheck size={16} stroke={2} />}
      classNames={{
        dropdown: classes.menu,
        item: classes.menuItem,
        label: classes.menuLabel,
        divider: classes.divider,
      }}
    >
      <Menu.Target>
        <button type="button" className={classes.clusterButton} title={showText(clusterTitle(cluster), 'kept')}>
          <span className={classes.clusterName}>{showText(cluster.name)}</span>
          <IconChevronDown size={14} stroke={1.8} aria-hidden />
          <VisuallyHidden>, choose another cluster</VisuallyHidden>
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label="Clusters">
        <Menu.Label>Connect to</Menu.Label>
        <div className={classes.menuProfiles}>
          <Menu.RadioGroup value={active} onChange={(id) => void switchCluster(id)}>
            {list.map((profile) => (
              <Menu.RadioItem
                key={profile.id}
                value={profile.id}
                closeMenuOnClick
                title={showText(profileLine(profile))}
              >
                <span className={classes.menuName}>
                  {showText(shorten(profile.fields.name, 100))}
                  {profile.fields.readOnly && <IconLock size={13} stroke={1.8} aria-hidden />}
                </span>
                <span className={classes.menuLine}>{showText(profileLine(profile))}</span>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPlus size={16} stroke={1.6} aria-hidden />}
          onClick={() => openDialog({ kind: 'profiles', profile: 'new' })}
        >
          New profile…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconSettings size={16} stroke={1.6} aria-hidden />}
          onClick={() => openDialog({ kind: 'profiles' })}
        >
          Edit profiles…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Read-only is never left to be guessed: it stands beside the name for as long as it is so. */
export function ReadOnlyBadge() {
  const readOnly = useMain((state) => state.connection.cluster.readOnly);
  const everywhere = useMain((state) => state.startedReadOnly);
  if (!readOnly) return null;
  const why = everywhere
    ? 'GeoStream was started with --read-only: nothing is written to any cluster.'
    : 'Nothing is written to this cluster: the app refuses it.';
  return (
    <span className={classes.readOnly} title={why}>
      <IconLock size={13} stroke={2} aria-hidden />
      Read-only
    </span>
  );
}
