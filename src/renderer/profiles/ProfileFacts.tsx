/** A profile that cannot be edited: what it is, and why. */
import type { Profile } from '../../shared/profiles';
import { securityWords } from '../../shared/securityWords';
import blocks from '../theme/blocks.module.css';
import { showText } from '../words/showText';
import classes from './profiles.module.css';

const why = {
  'built-in':
    'The broker that comes with GeoStream. It runs on this computer as long as the app does, keeps its records on disk, and needs no settings.',
  environment:
    'This cluster comes from KAFKA_URI and KAFKA_PORT, which GeoStream was started with, so it cannot be edited here. Duplicate it to change it, or to have it without them.',
  saved: '',
} as const;

export function ProfileFacts({ profile: { origin, fields } }: { profile: Profile }) {
  const servers = fields.bootstrap.join(', ');
  return (
    <div className={classes.form}>
      <h3 className={classes.title}>{showText(fields.name)}</h3>
      <p className={classes.why}>{why[origin]}</p>
      <dl className={`${blocks.facts} ${classes.facts}`}>
        {servers !== '' && (
          <div>
            <dt>Bootstrap servers</dt>
            <dd>{showText(servers)}</dd>
          </div>
        )}
        <div>
          <dt>Client id</dt>
          <dd>{showText(fields.clientId)}</dd>
        </div>
        <div>
          <dt>Security</dt>
          <dd>{securityWords(fields)}</dd>
        </div>
        <div>
          <dt>Read-only</dt>
          <dd>{fields.readOnly ? 'yes' : 'no'}</dd>
        </div>
      </dl>
    </div>
  );
}
