import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Group,
  type JoinReply,
  type JoinRequest,
  type Reply,
  type SyncReply,
} from '../../../src/broker/groups/group.ts';

const SESSION_MS = 10_000;
const REBALANCE_MS = 60_000;

/** A group with its own clock, tokens and inbox of replies. */
class Scene {
  readonly group = new Group('g');
  now = 0;
  private tokens = 0;
  private ids = 0;
  readonly replies = new Map<number, Reply>();

  private take(replies: Reply[]): void {
    for (const reply of replies) {
      // Nobody is ever answered twice.
      expect(this.replies.has(reply.token)).toBe(false);
      this.replies.set(reply.token, reply);
    }
  }

  join(memberId: string, options: Partial<JoinRequest> = {}): number {
    this.tokens += 1;
    this.ids += 1;
    const request: JoinRequest = {
      memberId,
      instanceId: null,
      clientId: 'client',
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from('topics') }],
      requireKnownMemberId: false,
      supportsSkippingAssignment: true,
      freshMemberId: `member-${this.ids}`,
      ...options,
    };
    this.take(this.group.join(request, this.tokens, this.now));
    return this.tokens;
  }

  sync(
    memberId: string,
    generation: number,
    plan: Record<string, string> = {},
    instanceId: string | null = null,
  ): number {
    this.tokens += 1;
    const assignments = Object.entries(plan).map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) }));
    const request = { memberId, instanceId, generation, protocolType: null, protocolName: null, assignments };
    this.take(this.group.sync(request, this.tokens, this.now));
    return this.tokens;
  }

  heartbeat(memberId: string, instanceId: string | null = null, generation = this.group.generation) {
    return this.group.heartbeat(memberId, instanceId, generation, this.now);
  }

  leave(memberId: string, instanceId: string | null = null) {
    const { errorCode, replies } = this.group.leave(memberId, instanceId, this.now);
    this.take(replies);
    return errorCode;
  }

  /** Lets time pass, in which nothing is heard of anyone. */
  pass(ms: number): void {
    const end = this.now + ms;
    while (this.group.nextDeadline() <= end) {
      this.now = Math.max(this.now, this.group.nextDeadline());
      this.take(this.group.expire(this.now));
    }
    this.now = end;
  }

  joined(token: number): JoinReply {
    const reply = this.replies.get(token);
    if (reply?.kind !== 'join') throw new Error('the join has not been answered');
    return reply;
  }

  synced(token: number): SyncReply {
    const reply = this.replies.get(token);
    if (reply?.kind !== 'sync') throw new Error('the sync has not been answered');
    return reply;
  }

  isWaiting(token: number): boolean {
    return !this.replies.has(token);
  }
}

/** Two members, the first of which leads, with their assignments. */
function stablePair(options: Partial<JoinRequest> = {}) {
  const scene = new Scene();
  const one = scene.joined(scene.join('', options)).memberId;
  scene.sync(one, 1, { [one]: 'all' });
  const joining = scene.join('', options);
  scene.join(one, options);
  const two = scene.joined(joining).memberId;
  const [first, second] = [scene.sync(one, 2, { [one]: 'A', [two]: 'B' }), scene.sync(two, 2)];
  expect(String(scene.synced(first).assignment)).toBe('A');
  expect(String(scene.synced(second).assignment)).toBe('B');
  return { scene, one, two };
}

describe('joining', () => {
  it('lets a lone consumer in at once, as the leader', () => {
    const scene = new Scene();
    const reply = scene.joined(scene.join(''));
    expect(reply).toMatchObject({ errorCode: 0, generation: 1, protocolName: 'range', leader: reply.memberId });
    expect(reply.members).toHaveLength(1);
    expect(scene.group.state).toBe('CompletingRebalance');
  });

  it('gives a new member its id first, where the version wants that, and waits for it', () => {
    const scene = new Scene();
    const { errorCode, memberId } = scene.joined(scene.join('', { requireKnownMemberId: true }));
    expect(errorCode).toBe(79);
    expect(scene.joined(scene.join(memberId, { requireKnownMemberId: true })).errorCode).toBe(0);
  });

  it('forgets an id that nobody joins with', () => {
    const scene = new Scene();
    const { memberId } = scene.joined(scene.join('', { requireKnownMemberId: true }));
    scene.pass(SESSION_MS);
    expect(scene.joined(scene.join(memberId)).errorCode).toBe(25);
  });

  it('refuses unknown members and protocols that do not fit', () => {
    const { scene } = stablePair();
    expect(scene.joined(scene.join('stranger')).errorCode).toBe(25);
    expect(scene.joined(scene.join('', { protocolType: 'connect' })).errorCode).toBe(23);
    expect(scene.joined(scene.join('', { protocols: [{ name: 'other', metadata: Buffer.alloc(0) }] })).errorCode).toBe(
      23,
    );
    expect(scene.joined(scene.join('', { protocols: [] })).errorCode).toBe(23);
    expect(scene.group.state).toBe('Stable');
  });

  it('elects the protocol that all support', () => {
    const scene = new Scene();
    const named = (...names: string[]) => names.map((name) => ({ name, metadata: Buffer.from(name) }));
    const one = scene.joined(scene.join('', { protocols: named('a', 'b') })).memberId;
    const joining = scene.join('', { protocols: named('b', 'c') });
    const again = scene.join(one, { protocols: named('a', 'b') });
    expect(scene.joined(joining).protocolName).toBe('b');
    expect(scene.joined(again).members.map((member) => String(member.metadata))).toEqual(['b', 'b']);
  });
});

describe('a rebalance', () => {
  it('waits for all, then for the plan of the leader', () => {
    const scene = new Scene();
    const one = scene.joined(scene.join('')).memberId;
    scene.sync(one, 1, { [one]: 'all' });
    const joining = scene.join('');
    expect(scene.isWaiting(joining)).toBe(true);
    expect(scene.heartbeat(one)).toBe(27);
    scene.join(one);
    const two = scene.joined(joining);
    expect(two).toMatchObject({ generation: 2, leader: one, members: [] });
    const waiting = scene.sync(two.memberId, 2);
    expect(scene.isWaiting(waiting)).toBe(true);
    scene.sync(one, 2, { [two.memberId]: 'B' });
    expect(String(scene.synced(waiting).assignment)).toBe('B');
    expect(scene.group.state).toBe('Stable');
  });

  it('goes on without who does not join in time', () => {
    const { scene, one, two } = stablePair();
    const joining = scene.join('');
    scene.join(one);
    scene.now += SESSION_MS - 1;
    scene.heartbeat(two);
    for (let passed = 0; passed < REBALANCE_MS; passed += 5000) {
      scene.heartbeat(two);
      scene.pass(5000);
    }
    expect(scene.joined(joining)).toMatchObject({ errorCode: 0, generation: 3 });
    expect(scene.heartbeat(two)).toBe(25);
  });

  it('begins anew when someone joins while the plan is awaited, and tells who waits for it', () => {
    const scene = new Scene();
    const one = scene.joined(scene.join('')).memberId;
    const joining = scene.join('');
    scene.join(one);
    const two = scene.joined(joining).memberId;
    const waiting = scene.sync(two, 2);
    scene.join('');
    expect(scene.synced(waiting).errorCode).toBe(27);
  });

  it('evicts nobody before SyncGroup when the rebalance timeout is 0', () => {
    const { scene, one, two } = stablePair({ rebalanceTimeoutMs: 0 });
    scene.pass(1);
    expect([scene.heartbeat(one), scene.heartbeat(two)]).toEqual([0, 0]);
    const joining = scene.join('', { rebalanceTimeoutMs: 0 });
    scene.pass(1);
    expect(scene.isWaiting(joining)).toBe(true);
    scene.join(one, { rebalanceTimeoutMs: 0 });
    scene.join(two, { rebalanceTimeoutMs: 0 });
    scene.pass(1);
    const generation = scene.joined(joining).generation;
    expect(scene.synced(scene.sync(one, generation)).errorCode).toBe(0);
  });

  it('evicts who joined but never asks for an assignment', () => {
    const scene = new Scene();
    const one = scene.joined(scene.join('')).memberId;
    const joining = scene.join('');
    scene.join(one);
    const two = scene.joined(joining).memberId;
    const waiting = scene.sync(two, 2);
    scene.pass(REBALANCE_MS);
    expect(scene.synced(waiting).errorCode).toBe(27);
    expect(scene.heartbeat(one)).toBe(25);
  });

  it('answers a follower that only asks again as before', () => {
    const { scene, two } = stablePair();
    expect(scene.joined(scene.join(two))).toMatchObject({ errorCode: 0, generation: 2 });
    expect(scene.group.state).toBe('Stable');
    const changed = scene.join(two, { protocols: [{ name: 'range', metadata: Buffer.from('other topics') }] });
    expect(scene.isWaiting(changed)).toBe(true);
  });

  it('begins when the leader joins again', () => {
    const { scene, one, two } = stablePair();
    const again = scene.join(one);
    expect(scene.isWaiting(again)).toBe(true);
    scene.join(two);
    expect(scene.joined(again).generation).toBe(3);
  });
});

describe('a member', () => {
  it('is dropped when its heartbeats stop, and the rest rebalances', () => {
    const { scene, one, two } = stablePair();
    scene.pass(SESSION_MS - 1);
    expect(scene.heartbeat(one)).toBe(0);
    scene.pass(1);
    expect(scene.heartbeat(two)).toBe(25);
    expect(scene.heartbeat(one)).toBe(27);
    expect(scene.joined(scene.join(one))).toMatchObject({ generation: 3, leader: one });
  });

  it('is not dropped while its request is parked', () => {
    const { scene, one, two } = stablePair();
    const joining = scene.join('');
    for (let passed = 0; passed < SESSION_MS * 3; passed += 1000) {
      scene.heartbeat(one);
      scene.heartbeat(two);
      scene.pass(1000);
    }
    expect(scene.isWaiting(joining)).toBe(true);
  });

  it('leaves, and the last one leaves an empty group', () => {
    const { scene, one, two } = stablePair();
    expect(scene.leave(two)).toBe(0);
    expect(scene.group.state).toBe('PreparingRebalance');
    expect(scene.leave(one)).toBe(0);
    expect(scene.group.state).toBe('Empty');
    expect(scene.leave(one)).toBe(25);
    expect(scene.group.nextDeadline()).toBe(Number.POSITIVE_INFINITY);
  });

  it('is refused with another generation', () => {
    const { scene, one } = stablePair();
    expect(scene.heartbeat(one, null, 1)).toBe(22);
    expect(scene.synced(scene.sync(one, 1)).errorCode).toBe(22);
  });
});

describe('a static member', () => {
  it('takes its old place and assignment after a restart, without a rebalance', () => {
    const scene = new Scene();
    const leader = scene.joined(scene.join('', { instanceId: 'i1' })).memberId;
    const joining = scene.join('', { instanceId: 'i2' });
    scene.join(leader, { instanceId: 'i1' });
    const follower = scene.joined(joining).memberId;
    scene.sync(leader, 2, { [leader]: 'A', [follower]: 'B' }, 'i1');
    const back = scene.joined(scene.join('', { instanceId: 'i2' }));
    expect(back).toMatchObject({ errorCode: 0, generation: 2, leader });
    expect(back.memberId).not.toBe(follower);
    expect(String(scene.synced(scene.sync(back.memberId, 2, {}, 'i2')).assignment)).toBe('B');
    expect(scene.heartbeat(follower, 'i2')).toBe(82);
    expect(scene.joined(scene.join(follower, { instanceId: 'i2' })).errorCode).toBe(82);
  });

  it('keeps the plan when it was the leader, and is told so', () => {
    const scene = new Scene();
    const leader = scene.joined(scene.join('', { instanceId: 'i1' })).memberId;
    scene.sync(leader, 1, { [leader]: 'A' }, 'i1');
    const back = scene.joined(scene.join('', { instanceId: 'i1' }));
    expect(back).toMatchObject({ generation: 1, leader: back.memberId, skipAssignment: true });
    const old = scene.joined(scene.join('', { instanceId: 'i1', supportsSkippingAssignment: false }));
    expect(old.skipAssignment).toBe(false);
    expect(old.leader).not.toBe(old.memberId);
  });

  it('is sent away by its instance alone', () => {
    const scene = new Scene();
    const leader = scene.joined(scene.join('', { instanceId: 'i1' })).memberId;
    scene.sync(leader, 1, {}, 'i1');
    expect(scene.leave('', 'i2')).toBe(25);
    expect(scene.leave('other', 'i1')).toBe(82);
    expect(scene.leave('', 'i1')).toBe(0);
    expect(scene.group.state).toBe('Empty');
  });
});

describe('committing', () => {
  it('is for members of this generation, or for anyone while the group is empty', () => {
    const { scene, one } = stablePair();
    const check = (memberId: string, generation: number) =>
      scene.group.checkCommit(memberId, null, generation, scene.now);
    expect(check(one, 2)).toBe(0);
    expect(check(one, 1)).toBe(22);
    expect(check('stranger', 2)).toBe(25);
    expect(check('', -1)).toBe(25);
    expect(new Group('empty').checkCommit('', null, -1, 0)).toBe(0);
  });

  it('in a transaction is for members of this generation, or for a producer that cannot say for whom', () => {
    const { scene, one } = stablePair();
    const check = (memberId: string, generation: number, instanceId: string | null = null) =>
      scene.group.checkTransactionalCommit(memberId, instanceId, generation);
    expect(check(one, 2)).toBe(0);
    expect(check('', -1)).toBe(0);
    expect(check(one, 1)).toBe(22);
    expect(check('stranger', 2)).toBe(25);
    expect(check(one, 2, 'instance')).toBe(25);
    expect(new Group('empty').checkTransactionalCommit('anyone', null, -1)).toBe(0);
  });
});

describe('whatever members do', () => {
  it('answers each request once at most, and everyone in the end', () => {
    const action = fc.record({
      what: fc.constantFrom('join', 'rejoin', 'sync', 'heartbeat', 'leave', 'pass'),
      who: fc.nat(4),
      ms: fc.nat(SESSION_MS * 2),
      isStatic: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const scene = new Scene();
        const tokens: number[] = [];
        for (const { what, who, ms, isStatic } of actions) {
          const member = [...scene.group.members.values()][who];
          const instanceId = isStatic ? `i${who}` : null;
          if (what === 'join') tokens.push(scene.join('', { instanceId, requireKnownMemberId: ms % 2 === 0 }));
          if (what === 'pass') scene.pass(ms);
          if (member === undefined) continue;
          if (what === 'rejoin') tokens.push(scene.join(member.memberId, { instanceId: member.instanceId }));
          if (what === 'sync') tokens.push(scene.sync(member.memberId, scene.group.generation, {}, member.instanceId));
          if (what === 'heartbeat') scene.heartbeat(member.memberId, member.instanceId);
          if (what === 'leave') scene.leave(member.memberId);
        }
        scene.pass(REBALANCE_MS * 10);
        for (const token of tokens) expect(scene.isWaiting(token)).toBe(false);
        expect(scene.group.state).toBe('Empty');
      }),
      { numRuns: 300 },
    );
  });
});
