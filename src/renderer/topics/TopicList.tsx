/** Every topic, however many: only the rows in sight exist. Up and Down go from one to the next. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Topic } from '../../shared/contract';
import { useRowsInView } from './TellInView';
import { TopicRow } from './TopicRow';
import classes from './topicList.module.css';
import { rowsInSight, scrollToRow } from './windowRows';

/** px; the style sheet has the same. */
const ROW_HEIGHT = 56;

export function TopicList({ topics }: { topics: readonly Topic[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { first, end } = rowsInSight(topics.length, ROW_HEIGHT, scrollTop, height);
  useEffect(() => {
    useRowsInView.setState({ rows: topics.slice(first, end).map(({ name }) => name) });
  }, [topics, first, end]);
  useEffect(() => () => useRowsInView.setState({ rows: [] }), []);

  const goTo = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row]') : null;
    const element = box.current;
    if (!step || !row || !element) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(topics.length - 1, Number(row.dataset.row) + step));
    element.scrollTop = scrollToRow(next, ROW_HEIGHT, element.scrollTop, element.clientHeight);
    // The rows at the edge are drawn ahead of time, so the next one is there already.
    element.querySelector<HTMLInputElement>(`[data-row="${next}"] input`)?.focus({ preventScroll: true });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys only move the focus between the checkboxes inside
    <div
      ref={box}
      className={classes.box}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={goTo}
    >
      <ul className={classes.rows} style={{ height: topics.length * ROW_HEIGHT }}>
        {topics.slice(first, end).map((topic, index) => (
          <li
            key={topic.name}
            className={classes.row}
            style={{ transform: `translateY(${(first + index) * ROW_HEIGHT}px)` }}
            data-row={first + index}
            aria-setsize={topics.length}
            aria-posinset={first + index + 1}
          >
            <TopicRow topic={topic} />
          </li>
        ))}
      </ul>
    </div>
  );
}
