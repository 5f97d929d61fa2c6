/** The six steps of a connection test as they are taken, with what was found, or what is wrong and its likely cure. */
import { Button, Loader, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { TestedStep } from '../../shared/profiles';
import { IconButton } from '../controls/IconButton';
import { outcomeWords, shownSteps, stepWords, testHeadline, tookWords } from '../words/connectionTest';
import { showText } from '../words/showText';
import classes from './connectionTest.module.css';
import type { Testing } from './useConnectionTest';

/** @param outdated the settings were changed since. */
export function ConnectionTestView({ testing, outdated }: { testing: Testing; outdated: boolean }) {
  const { test, running, cancel, forget } = testing;
  if (!test) return null;
  return (
    <section className={classes.test} aria-label="Test steps" data-state={test.state}>
      <header>
        <h3 role="status">{showText(testHeadline(test))}</h3>
        {outdated && !running && <span className={classes.outdated}>The settings have changed since.</span>}
        {running ? (
          <Button variant="default" size="compact-xs" onClick={cancel}>
            Cancel
          </Button>
        ) : (
          <IconButton name="Hide the test" icon={IconX} size={24} onClick={forget} />
        )}
      </header>
      <ol>
        {shownSteps(test).map((step) => (
          <Step key={step.step} step={step} />
        ))}
      </ol>
      {test.remarks.length > 0 && (
        <ul className={classes.remarks} aria-label="Remarks">
          {test.remarks.map((remark) => (
            <li key={remark} className={classes.remark}>
              <IconAlertTriangle size={14} stroke={1.8} aria-hidden />
              <span>{showText(remark)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Step({ step: { step, outcome, ms, message, action } }: { step: TestedStep }) {
  const { name, meaning } = stepWords[step];
  return (
    <li data-outcome={outcome}>
      <span className={classes.mark}>
        <Outcome outcome={outcome} />
      </span>
      <span className={classes.name} title={meaning}>
        {name}
      </span>
      <span className={classes.found}>
        {outcome !== 'passed' && outcome !== 'failed' && (
          <span className={classes.outcome}>{outcomeWords[outcome]}</span>
        )}
        {(outcome === 'passed' || outcome === 'failed') && <VisuallyHidden>{outcome}: </VisuallyHidden>}
        {message !== '' && <span>{showText(message)}</span>}
        {action !== '' && <span className={classes.action}>{showText(action)}</span>}
      </span>
      <span className={classes.took}>{tookWords(ms)}</span>
    </li>
  );
}

function Outcome({ outcome }: { outcome: TestedStep['outcome'] }) {
  switch (outcome) {
    case 'running':
      return <Loader size={12} aria-hidden />;
    case 'passed':
      return <IconCheck size={16} stroke={2.2} aria-hidden />;
    case 'failed':
      return <IconX size={16} stroke={2.2} aria-hidden />;
    case 'not-needed':
      return <IconMinus size={14} stroke={2} aria-hidden />;
    default:
      return <span className={classes.hollow} aria-hidden />;
  }
}
