/** A small mark for how things stand. The words beside it say the same: colour is never alone. */
import classes from './tone.module.css';

export type ToneOf = 'good' | 'busy' | 'warning' | 'bad';

export const Tone = ({ tone }: { tone: ToneOf }) => <span className={classes.mark} data-tone={tone} aria-hidden />;
