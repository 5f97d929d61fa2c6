/** The left panel: what is on the map, and every topic there is. */
import { TextInput } from '@mantine/core';
import { IconPlus, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { IconButton } from '../controls/IconButton';
import { SEARCH_ID } from '../keyboard/useShortcuts';
import { command } from '../state/command';
import { openDialog } from '../state/dialogs';
import { useMain } from '../state/mainState';
import { READ_ONLY, useReadOnly } from '../state/readOnly';
import { count } from '../words/numbers';
import { emptyWords } from './emptyWords';
import { findTopics, sortTopics } from './findTopics';
import { LayerList } from './LayerList';
import { StartChooser } from './StartChooser';
import { TellInView } from './TellInView';
import { TopicList } from './TopicList';
import classes from './topicsPanel.module.css';

export function TopicsPanel() {
  return (
    <section className="frame-left" aria-label="Topics">
      <LayerList />
      <AllTopics />
      <TellInView />
    </section>
  );
}

function AllTopics() {
  const topics = useMain((state) => state.topics);
  const loading = useMain((state) => state.phase.kind === 'loading');
  const connected = useMain((state) => state.connection.state.kind === 'connected');
  const readOnly = useReadOnly();
  const [search, setSearch] = useState('');
  const sorted = useMemo(() => sortTopics(topics), [topics]);
  const found = useMemo(() => findTopics(sorted, search), [sorted, search]);
  const refresh = async () => {
    const fresh = await command('topics.refresh', {});
    if (fresh) useMain.setState({ topics: fresh });
  };
  return (
    <div className={classes.all}>
      <header className={classes.head}>
        <h2 className={classes.title}>Topics</h2>
        <span className={classes.total}>
          {found.length === topics.length ? count(topics.length) : `${count(found.length)} of ${count(topics.length)}`}
        </span>
        <IconButton name="Refresh the topics" icon={IconRefresh} onClick={() => void refresh()} />
        <IconButton
          name="Create a topic"
          icon={IconPlus}
          off={readOnly && READ_ONLY}
          onClick={() => openDialog({ kind: 'create-topic' })}
        />
      </header>
      <div className={classes.tools}>
        <TextInput
          id={SEARCH_ID}
          type="search"
          aria-label="Search topics"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && search !== '') {
              event.preventDefault();
              setSearch('');
            }
          }}
          leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
        />
        <StartChooser label="Start from" hint="Where the next topic that you tick starts to be read" />
      </div>
      {found.length > 0 ? (
        <TopicList topics={found} />
      ) : (
        <p className={classes.empty}>{emptyWords({ loading, connected, all: topics.length, search })}</p>
      )}
    </div>
  );
}
