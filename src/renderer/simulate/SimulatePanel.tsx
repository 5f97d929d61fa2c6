/** Movement made here: simulated fleets, and files played as if they were live. */
import { ReadOnlyNotice } from '../controls/ReadOnlyNotice';
import { FleetForm } from './FleetForm';
import { FleetList } from './FleetList';
import { PlaybackList } from './PlaybackList';
import { PlayFile } from './PlayFile';
import classes from './simulate.module.css';

export function SimulatePanel() {
  return (
    <section aria-label="Simulate" className={classes.panel}>
      <div className={classes.notice}>
        <ReadOnlyNotice then="No fleet can be started and no file played." />
      </div>
      <section aria-label="Fleet" className={classes.part}>
        <h3 className={classes.title}>Start a fleet</h3>
        <FleetForm />
        <FleetList />
      </section>
      <section aria-label="Play a file" className={classes.part}>
        <h3 className={classes.title}>Play a file</h3>
        <PlayFile />
        <PlaybackList />
      </section>
    </section>
  );
}
