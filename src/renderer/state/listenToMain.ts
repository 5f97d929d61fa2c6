/** Subscribes to every event first, then asks for the snapshot, so that nothing falls between the two. */
import { type EventName, eventNames } from '../../shared/channels';
import type { EventPayload } from '../../shared/contract';
import { ask } from './command';
import { useLimits } from './limits';
import { fromSnapshot, type Told, useMain } from './mainState';
import { useMotion } from './motion';
import { usePainter } from './painter';
import { usePanels } from './panels';
import { usePicture } from './picture';

export async function listenToMain(): Promise<void> {
  if (!('geostream' in window)) {
    const reason = 'The bridge to the main process is missing. Install GeoStream anew.';
    useMain.setState({ phase: { kind: 'failed', reason } });
    return;
  }
  let early: Partial<Told> | null = {};
  const follow = <N extends EventName>(name: N) => {
    window.geostream.on(name, (payload: EventPayload<N>) => {
      if (early) early = { ...early, [name]: payload };
      useMain.setState({ [name]: payload });
    });
  };
  for (const name of eventNames) follow(name);

  const result = await ask('app.snapshot', {});
  if (result.ok) {
    usePanels.setState(result.value.panels);
    useLimits.setState(result.value.limits);
    usePainter.setState({ wish: result.value.painter });
    usePicture.setState({ wish: result.value.picture });
    useMotion.setState({ smooth: result.value.smoothMotion });
    useMain.setState(fromSnapshot(result.value, early));
  } else {
    useMain.setState({ phase: { kind: 'failed', reason: `${result.error.message} ${result.error.action}` } });
  }
  early = null;
}
