import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untold, useMain } from '../../../src/renderer/state/mainState';
import { useMap } from '../../../src/renderer/state/mapState';
import { onPageTurn, pageWait } from '../../../src/renderer/state/pageTurn';

describe("the page's turn", () => {
  const before = useMap.getState();
  beforeEach(() => {
    vi.useFakeTimers();
    useMain.setState(untold);
    useMap.setState(before);
  });
  afterEach(() => vi.useRealTimers());

  it('comes with the first points, and at once where nothing else will be shown', () => {
    expect(pageWait('ready', true, true)).toBe(0);
    expect(pageWait('failed', false, false)).toBe(0);
  });

  it('comes all the same without points, without a map, and without an answer of the main process', () => {
    const withoutPoints = pageWait('ready', true, false);
    const withoutMap = pageWait('ready', false, false);
    const withoutAnswer = pageWait('loading', false, false);
    expect(withoutPoints).toBeGreaterThan(0);
    expect(withoutMap).toBeGreaterThan(withoutPoints);
    expect(withoutAnswer).toBeLessThan(5_000);
  });

  it('comes once, as soon as the points are there', () => {
    const come = vi.fn();
    onPageTurn(come);
    vi.advanceTimersByTime(1_000);
    useMain.setState({ phase: { kind: 'ready' } });
    vi.advanceTimersByTime(1_000);
    expect(come).not.toHaveBeenCalled();
    useMap.setState({ pointsShown: true });
    vi.advanceTimersByTime(1);
    expect(come).toHaveBeenCalledTimes(1);
    useMain.setState({ phase: { kind: 'failed', reason: 'later' } });
    vi.advanceTimersByTime(10_000);
    expect(come).toHaveBeenCalledTimes(1);
  });

  it('comes at once when the map cannot be made, and does not wait anew for what changes nothing', () => {
    const come = vi.fn();
    onPageTurn(come);
    for (let i = 0; i < 45; i++) {
      useMain.setState({ pictureLosses: i });
      vi.advanceTimersByTime(100);
    }
    expect(come).toHaveBeenCalledTimes(1);
    const again = vi.fn();
    onPageTurn(again);
    useMap.setState({ failure: new Error('no canvas') });
    vi.advanceTimersByTime(1);
    expect(again).toHaveBeenCalledTimes(1);
  });
});
