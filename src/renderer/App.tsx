/** The window: bar, panels around the map, status line. */
import classes from './app.module.css';
import { Dialogs } from './Dialogs';
import { ErrorBoundary } from './ErrorBoundary';
import { useShortcuts } from './keyboard/useShortcuts';
import { MapRoom } from './mapRoom/MapRoom';
import { Toasts } from './mapRoom/Toasts';
import { RightPanel } from './RightPanel';
import { useMain } from './state/mainState';
import { usePanels } from './state/panels';
import { StatusLine } from './statusLine/StatusLine';
import { TopBar } from './topBar/TopBar';
import { TopicsPanel } from './topics/TopicsPanel';

export function App() {
  const phase = useMain((state) => state.phase);
  const left = usePanels((panels) => panels.left);
  const right = usePanels((panels) => panels.right);
  // Until the snapshot says which panels are open, none is: they would come and go.
  const shown = phase.kind !== 'loading';
  useShortcuts();
  return (
    <div className="frame">
      <TopBar />
      <main className="frame-rooms">
        {shown && left && (
          <ErrorBoundary part="The topics panel">
            <TopicsPanel />
          </ErrorBoundary>
        )}
        <ErrorBoundary part="The map">
          {phase.kind === 'failed' ? <NotLoaded reason={phase.reason} /> : <MapRoom />}
        </ErrorBoundary>
        {shown && right && (
          <ErrorBoundary part="The right panel">
            <RightPanel />
          </ErrorBoundary>
        )}
      </main>
      <StatusLine />
      <Dialogs />
      <Toasts />
    </div>
  );
}

function NotLoaded({ reason }: { reason: string }) {
  return (
    <div className={classes.notLoaded} role="alert">
      <h2>The window could not be filled.</h2>
      <p>{reason}</p>
      <button type="button" onClick={() => window.location.reload()}>
        Reload
      </button>
    </div>
  );
}
