/** The test that this dialog has started: its steps come as events, its answer when it has ended. */
import { useEffect, useRef, useState } from 'react';
import type { ConnectionTest, ProfileDraft } from '../../shared/profiles';
import { ask } from '../state/command';
import { useMain } from '../state/mainState';
import { untested } from '../words/connectionTest';

export interface Testing {
  /** Null while none was started here. */
  readonly test: ConnectionTest | null;
  readonly running: boolean;
  start(draft: ProfileDraft): Promise<void>;
  cancel(): void;
  /** Takes the result off the page; a test under way is cancelled. */
  forget(): void;
}

const cancel = () => void ask('profiles.cancelTest', {});

/** @param onRefused is told why a test could not even be started. */
export function useConnectionTest(onRefused: (words: string) => void): Testing {
  const told = useMain((state) => state.connectionTest);
  const [state, setState] = useState<'none' | 'running' | 'ended'>('none');
  // The draft under test. The answer to one that was forgotten, or overtaken by the next, comes to nothing.
  const underTest = useRef<ProfileDraft | null>(null);
  useEffect(
    () => () => {
      if (underTest.current) cancel();
    },
    [],
  );

  const start = async (draft: ProfileDraft) => {
    underTest.current = draft;
    useMain.setState({ connectionTest: null });
    setState('running');
    const answer = await ask('profiles.test', draft);
    if (underTest.current !== draft) return;
    underTest.current = null;
    if (answer.ok) {
      useMain.setState({ connectionTest: answer.value });
      setState('ended');
      return;
    }
    setState('none');
    onRefused(`${answer.error.message} ${answer.error.action}`);
  };
  const forget = () => {
    if (underTest.current) cancel();
    underTest.current = null;
    setState('none');
  };
  return { test: state === 'none' ? null : (told ?? untested), running: state === 'running', start, cancel, forget };
}
