/** What of an imported file did not come into the form, and what to do about it. */
import { IconX } from '@tabler/icons-react';
import type { ImportedProfile } from '../../shared/profiles';
import { IconButton } from '../controls/IconButton';
import { counted } from '../words/numbers';
import { showText } from '../words/showText';
import classes from './importReport.module.css';

interface ImportReportProps {
  readonly imported: ImportedProfile;
  readonly hide: () => void;
}

export function ImportReport({ imported: { fileName, findings, notNeeded }, hide }: ImportReportProps) {
  const count = findings.length;
  const open = `${counted(count, 'point')} ${count === 1 ? 'needs' : 'need'} a look`;
  return (
    <section className={classes.report} aria-label="Import" data-open={count > 0 || undefined}>
      <header>
        <h3 role="status">
          {showText(fileName)} is in the form, not saved yet{count === 0 ? '.' : `; ${open}.`}
        </h3>
        <IconButton name="Hide what was found in the file" icon={IconX} size={24} onClick={hide} />
      </header>
      {count > 0 && (
        <dl>
          {findings.map(({ setting, message, action }) => (
            <div key={`${setting} ${message}`}>
              <dt>{showText(setting)}</dt>
              <dd>
                {showText(message)} {action !== '' && <span className={classes.action}>{showText(action)}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {notNeeded.length > 0 && <p className={classes.notNeeded}>Not needed here: {showText(notNeeded.join(', '))}.</p>}
    </section>
  );
}
