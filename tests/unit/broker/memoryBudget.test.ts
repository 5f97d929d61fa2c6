import { describe, expect, it } from 'vitest';
import { STANDARD_LIMITS } from '../../../src/broker/limits.ts';
import { BrokerMemory, MemoryBudget, type Share } from '../../../src/broker/memoryBudget.ts';

describe('a memory budget', () => {
  it('takes from who holds the most, until all fits again', () => {
    const budget = new MemoryBudget(100);
    const gave: string[] = [];
    const giving = (name: string): Share => {
      const share: Share = budget.share(() => {
        gave.push(name);
        share.set(0);
      });
      return share;
    };
    const [small, large, larger] = [giving('small'), giving('large'), giving('larger')];
    large.set(40);
    larger.set(50);
    small.set(10);
    expect(gave).toEqual([]);
    small.set(30);
    expect(gave).toEqual(['larger']);
    small.set(35);
    large.set(95);
    expect(gave).toEqual(['larger', 'large']);
    expect(budget.free).toBe(65);
  });

  it('does not go on for ever with one who gives nothing', () => {
    const budget = new MemoryBudget(100);
    let asked = 0;
    const share = budget.share(() => {
      asked += 1;
    });
    share.set(101);
    expect(asked).toBe(1);
    expect(budget.isOver).toBe(true);
    budget.end(share);
    expect(budget.isOver).toBe(false);
    expect(budget.free).toBe(100);
  });

  it('leaves each response room, the less the fuller it is, and never none', () => {
    const memory = new BrokerMemory({ ...STANDARD_LIMITS, maxUnsentTotalBytes: 80 << 20 });
    const share = memory.unsent.share();
    expect(memory.responseRoom).toBe(20 << 20);
    share.set(40 << 20);
    expect(memory.responseRoom).toBe(10 << 20);
    share.set(200 << 20);
    expect(memory.responseRoom).toBe(1 << 20);
  });
});
