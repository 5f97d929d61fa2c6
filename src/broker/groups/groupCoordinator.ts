/**
 * All groups of the broker: hands requests to their state machines, keeps the requests that wait, holds the one
 * timer that time needs, and writes down what has to survive a restart.
 */
import { randomUUID } from 'node:crypto';
import { type BrokerLimits, STANDARD_LIMITS } from '../limits.ts';
import type { CommittedOffset } from '../log/metadataChange.ts';
import type { MetadataStore } from '../log/metadataStore.ts';
import { type Logger, limitRate } from '../logger.ts';
import { ErrorCode } from '../wire/errorCode.ts';
import {
  Group,
  type GroupState,
  type JoinReply,
  type JoinRequest,
  type Reply,
  refusedJoin,
  type SyncReply,
  type SyncRequest,
} from './group.ts';
import { NO_BYTES, subscriptionBytes } from './groupMember.ts';

/** Kafka's group.min.session.timeout.ms and group.max.session.timeout.ms. */
const MIN_SESSION_TIMEOUT_MS = 6000;
const MAX_SESSION_TIMEOUT_MS = 1_800_000;

type Parked =
  | { readonly kind: 'join'; readonly resolve: (reply: JoinReply) => void }
  | { readonly kind: 'sync'; readonly resolve: (reply: SyncReply) => void };

type JoinMember = Omit<JoinRequest, 'freshMemberId'>;

export interface LeavingMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

export class GroupCoordinator {
  private readonly groups = new Map<string, Group>();
  private readonly parked = new Map<number, Parked>();
  private nextToken = 1;
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Number.POSITIVE_INFINITY;
  private closed = false;
  private readonly limitedLogger: Logger;

  constructor(
    private readonly metadata: MetadataStore,
    private readonly logger: Logger,
    private readonly limits: BrokerLimits = STANDARD_LIMITS,
  ) {
    this.limitedLogger = limitRate(logger);
    for (const [id, { protocolType, generation, emptySince }] of metadata.committed.entries()) {
      const group = new Group(id, protocolType, generation);
      this.groups.set(id, group);
      // Its members, if they are still there, have to join anew: until then there are none.
      if (protocolType !== '' && emptySince === undefined) this.save(group);
    }
  }

  join(groupId: string, request: JoinMember): Promise<JoinReply> {
    const refuse = (errorCode: ErrorCode) => Promise.resolve(refusedJoin(0, request.memberId, errorCode));
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID);
    if (request.sessionTimeoutMs < MIN_SESSION_TIMEOUT_MS || request.sessionTimeoutMs > MAX_SESSION_TIMEOUT_MS) {
      return refuse(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    let group = this.groups.get(groupId);
    if (group === undefined) {
      if (request.memberId !== '') return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
      if (!this.hasRoomForGroup(groupId)) return refuse(ErrorCode.POLICY_VIOLATION);
      group = new Group(groupId);
      this.groups.set(groupId, group);
    }
    if (!this.hasRoomForMember(group, request)) return refuse(ErrorCode.GROUP_MAX_SIZE_REACHED);
    const prefix = request.instanceId ?? (request.clientId || 'member');
    return this.park(group, 'join', (token, now, known) =>
      known.join({ ...request, freshMemberId: `${prefix}-${randomUUID()}` }, token, now),
    );
  }

  sync(groupId: string, request: SyncRequest): Promise<SyncReply> {
    const group = groupId === '' ? undefined : this.groups.get(groupId);
    if (group === undefined) {
      return Promise.resolve(refusedSync(groupId === '' ? ErrorCode.INVALID_GROUP_ID : ErrorCode.UNKNOWN_MEMBER_ID));
    }
    const planBytes = request.assignments.reduce((sum, { assignment }) => sum + assignment.length, 0);
    if (planBytes > 0 && this.memberBytes() + planBytes > this.limits.maxGroupBytes) {
      return Promise.resolve(refusedSync(this.noRoom(groupId, `${planBytes} bytes of assignments`, 'max-group-bytes')));
    }
    return this.park(group, 'sync', (token, now, known) => known.sync(request, token, now));
  }

  private noRoom(group: string, what: string, option: string): ErrorCode {
    this.limitedLogger.warn('a group was refused', { group, reason: `there is no room for ${what} (--${option})` });
    return ErrorCode.GROUP_MAX_SIZE_REACHED;
  }

  /** Whether one more group may be; names that nobody uses any more make room for it. */
  private hasRoomForGroup(groupId: string): boolean {
    if (this.groups.size < this.limits.maxGroups) return true;
    for (const group of this.groups.values()) this.forgetIfAbandoned(group);
    if (this.groups.size < this.limits.maxGroups) return true;
    this.noRoom(groupId, `more than ${this.limits.maxGroups} groups`, 'max-groups');
    return false;
  }

  private hasRoomForMember(group: Group, { memberId, instanceId, protocols }: JoinMember): boolean {
    const { maxGroupMembers, maxGroupBytes } = this.limits;
    if (group.isNew(memberId, instanceId) && group.size >= maxGroupMembers) {
      this.noRoom(group.id, `more than ${maxGroupMembers} members`, 'max-group-members');
      return false;
    }
    const more = subscriptionBytes(protocols);
    if (this.memberBytes() + more <= maxGroupBytes) return true;
    this.noRoom(group.id, `${more} bytes of a subscription`, 'max-group-bytes');
    return false;
  }

  /** What the members of all groups hold. */
  private memberBytes(): number {
    let bytes = 0;
    for (const { members } of this.groups.values()) {
      for (const { protocols, assignment } of members.values())
        bytes += subscriptionBytes(protocols) + assignment.length;
    }
    return bytes;
  }

  private park<K extends Parked['kind']>(
    group: Group,
    kind: K,
    run: (token: number, now: number, group: Group) => Reply[],
  ): Promise<Extract<Reply, { kind: K }>> {
    const token = this.nextToken;
    this.nextToken += 1;
    return new Promise((resolve) => {
      this.parked.set(token, { kind, resolve } as unknown as Parked);
      this.advance(group, (now) => run(token, now, group));
    });
  }

  /** Runs one step of a group, sends what it answers, writes down a new generation, and sets the timer anew. */
  private advance(group: Group, step: (now: number) => Reply[]): void {
    const { generation } = group;
    const replies = step(Date.now());
    if (group.generation !== generation) this.save(group);
    for (const reply of replies) {
      const parked = this.parked.get(reply.token);
      this.parked.delete(reply.token);
      if (parked?.kind === 'join' && reply.kind === 'join') parked.resolve(reply);
      if (parked?.kind === 'sync' && reply.kind === 'sync') parked.resolve(reply);
    }
    this.setTimer(group.nextDeadline());
  }

  private save({ id, protocolType, generation, state }: Group): void {
    const emptySince = state === 'Empty' ? Date.now() : undefined;
    try {
      this.metadata.saveGroup({ group: id, protocolType, generation, emptySince });
    } catch (error) {
      // The members go on as they are; after a restart they would only join once more.
      this.logger.error('a group generation could not be written down', { group: id, error: String(error) });
    }
  }

  heartbeat(groupId: string, memberId: string, instanceId: string | null, generation: number): ErrorCode {
    if (groupId === '') return ErrorCode.INVALID_GROUP_ID;
    return (
      this.groups.get(groupId)?.heartbeat(memberId, instanceId, generation, Date.now()) ?? ErrorCode.UNKNOWN_MEMBER_ID
    );
  }

  /** One error code for each who leaves. */
  leave(groupId: string, leaving: readonly LeavingMember[]): ErrorCode[] {
    const group = this.groups.get(groupId);
    if (group === undefined) return leaving.map(() => ErrorCode.UNKNOWN_MEMBER_ID);
    return leaving.map(({ memberId, groupInstanceId }) => {
      let errorCode: ErrorCode = ErrorCode.NONE;
      this.advance(group, (now) => {
        const result = group.leave(memberId, groupInstanceId, now);
        errorCode = result.errorCode;
        return result.replies;
      });
      return errorCode;
    });
  }

  checkCommit(groupId: string, memberId: string, instanceId: string | null, generation: number): ErrorCode {
    const group = this.groups.get(groupId);
    if (group !== undefined) return group.checkCommit(memberId, instanceId, generation, Date.now());
    if (generation >= 0) return ErrorCode.ILLEGAL_GENERATION;
    if (!this.hasRoomForGroup(groupId)) return ErrorCode.POLICY_VIOLATION;
    this.groups.set(groupId, new Group(groupId));
    return ErrorCode.NONE;
  }

  /** Whether what a group has committed, and commits now, finds room in the memory. What makes it no larger always does. */
  checkRoomForOffsets(groupId: string, offsets: readonly CommittedOffset[]): ErrorCode {
    const growth = this.metadata.growthBy(groupId, offsets);
    const { maxOffsetBytes } = this.limits;
    if (growth <= 0 || this.metadata.offsetBytes + growth <= maxOffsetBytes) return ErrorCode.NONE;
    const reason = `there is no room for ${growth} more bytes of offsets (--max-offset-bytes)`;
    this.limitedLogger.warn('a commit was refused', { group: groupId, reason });
    return ErrorCode.INVALID_COMMIT_OFFSET_SIZE;
  }

  checkTransactionalCommit(
    groupId: string,
    memberId: string,
    instanceId: string | null,
    generation: number,
  ): ErrorCode {
    if (groupId === '') return ErrorCode.INVALID_GROUP_ID;
    const group = this.groups.get(groupId);
    if (group !== undefined) return group.checkTransactionalCommit(memberId, instanceId, generation);
    if (generation >= 0) return ErrorCode.ILLEGAL_GENERATION;
    if (!this.hasRoomForGroup(groupId)) return ErrorCode.POLICY_VIOLATION;
    this.groups.set(groupId, new Group(groupId));
    return ErrorCode.NONE;
  }

  get(groupId: string): Group | undefined {
    return this.groups.get(groupId);
  }

  list(): { id: string; protocolType: string; state: GroupState }[] {
    return [...this.groups.values()]
      .filter((group) => group.members.size > 0 || this.metadata.committed.has(group.id))
      .map(({ id, protocolType, state }) => ({ id, protocolType, state }));
  }

  delete(groupId: string): ErrorCode {
    const group = this.groups.get(groupId);
    if (group === undefined) return ErrorCode.GROUP_ID_NOT_FOUND;
    if (group.state !== 'Empty') return ErrorCode.NON_EMPTY_GROUP;
    try {
      this.metadata.deleteGroup(groupId);
    } catch (error) {
      this.logger.error('a group could not be deleted', { group: groupId, error: String(error) });
      return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    }
    this.groups.delete(groupId);
    return ErrorCode.NONE;
  }

  /** Which topics a group reads right now, or why none of its offsets may be deleted. */
  whoseOffsetsMayGo(groupId: string): { isSubscribed(topic: string): boolean } | { errorCode: ErrorCode } {
    const group = this.groups.get(groupId);
    if (groupId === '') return { errorCode: ErrorCode.INVALID_GROUP_ID };
    if (group === undefined) return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND };
    if (group.state === 'Empty') return { isSubscribed: () => false };
    if (group.protocolType !== 'consumer') return { errorCode: ErrorCode.NON_EMPTY_GROUP };
    const topics = group.subscribedTopics();
    return { isSubscribed: (topic) => topics?.has(topic) ?? true };
  }

  private setTimer(deadline: number): void {
    if (this.closed || deadline >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = deadline;
    this.timer = setTimeout(() => this.expire(), Math.max(deadline - Date.now(), 1));
    this.timer.unref();
  }

  private expire(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    this.timer = undefined;
    for (const group of this.groups.values()) {
      this.advance(group, (now) => group.expire(now));
      this.forgetIfAbandoned(group);
    }
  }

  /** A group that nobody joined in the end, and that has nothing written down, was only a name. */
  private forgetIfAbandoned(group: Group): void {
    if (group.isAbandoned && !this.metadata.committed.has(group.id)) this.groups.delete(group.id);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }
}

function refusedSync(errorCode: ErrorCode): SyncReply {
  return { kind: 'sync', token: 0, errorCode, protocolType: null, protocolName: null, assignment: NO_BYTES };
}
