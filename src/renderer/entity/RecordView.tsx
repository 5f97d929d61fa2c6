/** A whole record: key, timestamp, headers, value. */
import { useMemo } from 'react';
import type { KafkaRecord } from '../../shared/contract';
import { CopyButton } from '../controls/CopyButton';
import blocks from '../theme/blocks.module.css';
import { bytes } from '../words/numbers';
import { shorten, showText } from '../words/showText';
import { absolute } from '../words/times';
import classes from './entityCard.module.css';
import { prettyRecord } from './prettyRecord';
import type { RecordState } from './useRecord';

type Bytes = NonNullable<KafkaRecord['value']>;

export function RecordView({ state: { record, error } }: { state: RecordState }) {
  if (error) {
    return (
      <p className={blocks.failed} role="alert">
        The record could not be fetched: {showText(error.message)} {showText(error.action)}
      </p>
    );
  }
  if (!record) return <p className={classes.quiet}>Fetching the record…</p>;
  return (
    <section aria-label="Record" className={classes.record}>
      <header>
        <h3>Record at offset {record.offset}</h3>
        <CopyButton name="Copy record" text={JSON.stringify(record, null, 2)} />
      </header>
      <dl className={blocks.facts}>
        <div>
          <dt>Key</dt>
          <dd>{record.key === null ? 'none' : <Short of={record.key} />}</dd>
        </div>
        <div>
          <dt>Timestamp</dt>
          <dd>{absolute(record.timestamp)}</dd>
        </div>
        {record.headers.map(({ key, value }, index) => (
          <div key={index}>
            <dt title="Header">{showText(shorten(key, 80))}</dt>
            <dd>
              <Short of={value} />
            </dd>
          </div>
        ))}
      </dl>
      {record.value === null ? (
        <p className={classes.quiet}>No value (null): it takes the entity off the map.</p>
      ) : (
        <Value of={record.value} />
      )}
    </section>
  );
}

function Short({ of: { text, encoding } }: { of: Bytes }) {
  return (
    <bdi>
      {encoding === 'hex' && <span className={classes.quiet}>hex </span>}
      {text === '' ? 'empty' : showText(shorten(text, 500))}
    </bdi>
  );
}

function Value({ of }: { of: Bytes }) {
  const { text, cut } = useMemo(() => {
    const pretty = of.encoding === 'utf-8' ? prettyRecord(of.text) : { ...prettyRecord(''), text: of.text };
    return { text: showText(pretty.text, 'kept'), cut: pretty.cut };
  }, [of]);
  const partial = cut || of.cut;
  return (
    <>
      <p className={classes.quiet}>
        Value: {bytes(of.bytes)}
        {of.encoding === 'hex' && ', not UTF-8: shown as hex'}
        {partial && ', of which the beginning is shown'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={blocks.code} tabIndex={0}>
        {text === '' ? 'empty' : text}
      </pre>
    </>
  );
}
