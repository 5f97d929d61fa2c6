import { describe, expect, it } from 'vitest';
import { panelsWait } from '../../../src/renderer/state/panelsTurn';

describe("the panels' turn", () => {
  it('comes with the first points, and at once where nothing else will be shown', () => {
    expect(panelsWait('ready', true, true)).toBe(0);
    expect(panelsWait('failed', false, false)).toBe(0);
  });

  it('comes all the same without points, and without a map', () => {
    const withoutPoints = panelsWait('ready', true, false) ?? Number.NaN;
    const withoutMap = panelsWait('ready', false, false) ?? Number.NaN;
    expect(withoutPoints).toBeGreaterThan(0);
    expect(withoutMap).toBeGreaterThan(withoutPoints);
    expect(withoutMap).toBeLessThan(5_000);
  });

  it('does not come before the snapshot says which panels are open', () => {
    expect(panelsWait('loading', false, false)).toBeNull();
  });
});
