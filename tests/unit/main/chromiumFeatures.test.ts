import { describe, expect, it } from 'vitest';
import { enableFeatures } from '../../../src/main/start/chromiumFeatures';

/** What Chromium would be told, when the command line had `asked` on it. */
function toldWith(asked: string): string | undefined {
  const switches = new Map([['enable-features', asked]]);
  enableFeatures({
    getSwitchValue: (name) => switches.get(name) ?? '',
    appendSwitch: (name, value) => void switches.set(name, value ?? ''),
  });
  return switches.get('enable-features');
}

describe("Chromium's features", () => {
  it('are switched on beside those of the command line, each once', () => {
    expect(toldWith('')).toBe('PartitionAllocAdjustSizeWhenInForeground');
    expect(toldWith('One,Two')).toBe('One,Two,PartitionAllocAdjustSizeWhenInForeground');
    expect(toldWith('PartitionAllocAdjustSizeWhenInForeground,One')).toBe(
      'PartitionAllocAdjustSizeWhenInForeground,One',
    );
  });
});
