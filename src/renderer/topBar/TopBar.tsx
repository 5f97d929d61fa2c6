/** Which cluster, how the connection is, how much flows; and the window's few own buttons. */
import {
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconLayoutSidebarRightCollapse,
  IconLayoutSidebarRightExpand,
} from '@tabler/icons-react';
import { CopyButton } from '../controls/CopyButton';
import { IconButton } from '../controls/IconButton';
import { HelpMenu } from '../help/HelpMenu';
import { useMain } from '../state/mainState';
import { foldPanel, usePanels } from '../state/panels';
import { useCalm } from '../state/useCalm';
import { perSecond } from '../words/numbers';
import { showText } from '../words/showText';
import { ClusterMenu, ReadOnlyBadge } from './ClusterMenu';
import { ConnectionState } from './ConnectionState';
import { Mark } from './Mark';
import classes from './topBar.module.css';

export function TopBar() {
  const cluster = useMain((state) => state.connection.cluster);
  const { left, right } = usePanels();
  const bootstrap = cluster.bootstrap.join(',');
  return (
    <header className="frame-bar">
      <IconButton
        name={left ? 'Fold the topics panel' : 'Unfold the topics panel'}
        hint={`${left ? 'Fold' : 'Unfold'} the topics panel  [`}
        icon={left ? IconLayoutSidebarLeftCollapse : IconLayoutSidebarLeftExpand}
        expanded={left}
        onClick={() => foldPanel('left')}
      />
      <h1 className="frame-name">
        <Mark />
        GeoStream
      </h1>
      <ClusterMenu />
      <ReadOnlyBadge />
      {bootstrap !== '' && (
        <span className={classes.address}>
          <code title={showText(bootstrap)}>{showText(bootstrap)}</code>
          <CopyButton name="Copy the cluster's address" text={bootstrap} />
        </span>
      )}
      <ConnectionState />
      <Rates />
      <HelpMenu />
      <IconButton
        name={right ? 'Fold the inject and simulate panel' : 'Unfold the inject and simulate panel'}
        hint={`${right ? 'Fold' : 'Unfold'} the inject and simulate panel  ]`}
        icon={right ? IconLayoutSidebarRightCollapse : IconLayoutSidebarRightExpand}
        expanded={right}
        onClick={() => foldPanel('right')}
      />
    </header>
  );
}

function Rates() {
  const rateIn = useMain((state) => state.connection.rateIn);
  const rateOut = useMain((state) => state.connection.rateOut);
  const words = useCalm(`${perSecond(rateIn)} in · ${perSecond(rateOut)} out`, 500);
  return (
    <span className={classes.rates} title="Records a second read from, and sent to, the cluster">
      {words}
    </span>
  );
}
