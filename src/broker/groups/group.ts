/**
 * The classic consumer group as a pure state machine (Kafka protocol guide, KIP-62, KIP-345, KIP-394). Nothing here
 * knows a clock, a socket or a disk: each call is told the time and answers with the replies that are now due, by the
 * token under which a request was parked. `expire` does what time alone brings about; `nextDeadline` says when.
 *
 *   Empty → PreparingRebalance (waits for all to join) → CompletingRebalance (waits for the leader's plan) → Stable
 */
import { ErrorCode } from '../wire/errorCode.ts';
import {
  electProtocol,
  type GroupMember,
  hasSameProtocols,
  type MemberProtocol,
  metadataFor,
  NO_BYTES,
} from './groupMember.ts';
import { subscribedTopics } from './subscription.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

export interface JoinRequest {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly MemberProtocol[];
  /** Version 4 on: a new member is given its id first, and joins with it (KIP-394). */
  readonly requireKnownMemberId: boolean;
  /** Version 9 on: a leader that comes back can be told to keep the plan (KIP-814). */
  readonly supportsSkippingAssignment: boolean;
  /** The id that a new member gets. */
  readonly freshMemberId: string;
}

export interface JoinReply {
  readonly kind: 'join';
  readonly token: number;
  readonly errorCode: ErrorCode;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly memberId: string;
  readonly skipAssignment: boolean;
  readonly members: readonly { memberId: string; groupInstanceId: string | null; metadata: Buffer }[];
}

export interface SyncReply {
  readonly kind: 'sync';
  readonly token: number;
  readonly errorCode: ErrorCode;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Buffer;
}

export type Reply = JoinReply | SyncReply;

export interface SyncRequest {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly generation: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly { memberId: string; assignment: Buffer }[];
}

export class Group {
  state: GroupState = 'Empty';
  leader: string | undefined;
  protocolName: string | null = null;
  readonly members = new Map<string, GroupMember>();
  /** Ids that were handed out and have not joined yet, with the time until which they are waited for. */
  private readonly pendingMembers = new Map<string, number>();
  private readonly staticMembers = new Map<string, string>();
  /** While preparing: when those who have not joined are left behind. While completing: who have not synced. */
  private rebalanceDeadline = Number.POSITIVE_INFINITY;

  constructor(
    readonly id: string,
    public protocolType = '',
    public generation = 0,
  ) {}

  join(request: JoinRequest, token: number, now: number): Reply[] {
    const { memberId, instanceId } = request;
    if (!this.fits(request)) return [refusedJoin(token, memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL)];
    if (memberId === '') {
      if (instanceId !== null) return this.joinStatic(request, instanceId, token, now);
      if (request.requireKnownMemberId) {
        this.pendingMembers.set(request.freshMemberId, now + request.sessionTimeoutMs);
        return [refusedJoin(token, request.freshMemberId, ErrorCode.MEMBER_ID_REQUIRED)];
      }
      return this.addAndRebalance(request, request.freshMemberId, token, now);
    }
    if (this.pendingMembers.has(memberId)) return this.addAndRebalance(request, memberId, token, now);
    const unknown = this.checkMember(memberId, instanceId);
    if (unknown !== ErrorCode.NONE) return [refusedJoin(token, memberId, unknown)];
    const member = this.members.get(memberId);
    return member === undefined ? [] : this.rejoin(member, request, token, now);
  }

  /** Whether someone with these protocols can be in the group beside those who are. */
  private fits(request: JoinRequest): boolean {
    if (request.protocolType === '' || request.protocols.length === 0) return false;
    const others = [...this.members.values()].filter(
      (member) => member.memberId !== request.memberId && member.instanceId !== (request.instanceId ?? undefined),
    );
    if (others.length === 0) return true;
    return (
      request.protocolType === this.protocolType &&
      request.protocols.some(({ name }) =>
        others.every((member) => member.protocols.some((protocol) => protocol.name === name)),
      )
    );
  }

  /** A static member without an id: new, or one that was restarted and takes its old place (KIP-345). */
  private joinStatic(request: JoinRequest, instanceId: string, token: number, now: number): Reply[] {
    const formerId = this.staticMembers.get(instanceId);
    const former = formerId === undefined ? undefined : this.members.get(formerId);
    if (former === undefined) return this.addAndRebalance(request, request.freshMemberId, token, now);
    const replies = this.dismiss(former, ErrorCode.FENCED_INSTANCE_ID);
    const formerLeader = this.leader ?? '';
    const wasLeader = this.leader === former.memberId;
    const member = this.addMember(request, request.freshMemberId, now);
    member.assignment = former.assignment;
    if (wasLeader) this.leader = member.memberId;
    if (this.state === 'Stable' && electProtocol([...this.members.values()]) === this.protocolName) {
      const leads = wasLeader && request.supportsSkippingAssignment;
      const reply = this.joinReply(member, token, leads);
      return [...replies, { ...reply, leader: leads ? member.memberId : formerLeader, skipAssignment: leads }];
    }
    member.parkedJoin = token;
    return [...replies, ...this.prepareRebalance(now)];
  }

  private rejoin(member: GroupMember, request: JoinRequest, token: number, now: number): Reply[] {
    const unchanged = hasSameProtocols(member, request.protocols);
    const isLeader = this.leader === member.memberId;
    const settled = this.state === 'CompletingRebalance' || (this.state === 'Stable' && !isLeader);
    this.refresh(member, request, now);
    // The reply to the first try was lost, or a follower only asks again: nothing has changed.
    if (settled && unchanged) return [this.joinReply(member, token, isLeader)];
    const superseded = member.parkedJoin;
    member.parkedJoin = token;
    const replies: Reply[] =
      superseded === undefined ? [] : [refusedJoin(superseded, member.memberId, ErrorCode.REBALANCE_IN_PROGRESS)];
    return [...replies, ...this.prepareRebalance(now)];
  }

  private refresh(member: GroupMember, request: JoinRequest, now: number): void {
    member.protocols = request.protocols;
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
    member.expiresAt = now + request.sessionTimeoutMs;
  }

  private addMember(request: JoinRequest, memberId: string, now: number): GroupMember {
    const member: GroupMember = {
      memberId,
      instanceId: request.instanceId,
      clientId: request.clientId,
      clientHost: request.clientHost,
      sessionTimeoutMs: request.sessionTimeoutMs,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs,
      protocols: request.protocols,
      assignment: NO_BYTES,
      expiresAt: now + request.sessionTimeoutMs,
      parkedJoin: undefined,
      parkedSync: undefined,
      hasSynced: false,
    };
    this.pendingMembers.delete(memberId);
    if (this.members.size === 0) this.protocolType = request.protocolType;
    this.members.set(memberId, member);
    if (request.instanceId !== null) this.staticMembers.set(request.instanceId, memberId);
    return member;
  }

  private addAndRebalance(request: JoinRequest, memberId: string, token: number, now: number): Reply[] {
    this.addMember(request, memberId, now).parkedJoin = token;
    return this.prepareRebalance(now);
  }

  private prepareRebalance(now: number): Reply[] {
    if (this.state === 'PreparingRebalance') return this.completeJoinIfAllAreHere(now);
    const replies: Reply[] = [];
    for (const member of this.members.values()) {
      member.assignment = NO_BYTES;
      if (member.parkedSync === undefined) continue;
      replies.push(this.syncReply(member.parkedSync, ErrorCode.REBALANCE_IN_PROGRESS, NO_BYTES));
      member.parkedSync = undefined;
      member.expiresAt = now + member.sessionTimeoutMs;
    }
    this.state = 'PreparingRebalance';
    this.rebalanceDeadline = now + this.rebalanceTimeoutMs();
    return [...replies, ...this.completeJoinIfAllAreHere(now)];
  }

  /** A rebalance timeout of 0 would evict everyone before they could answer; the session timeout stands in for it. */
  private rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const { rebalanceTimeoutMs, sessionTimeoutMs } of this.members.values()) {
      longest = Math.max(longest, rebalanceTimeoutMs > 0 ? rebalanceTimeoutMs : sessionTimeoutMs);
    }
    return longest;
  }

  private completeJoinIfAllAreHere(now: number): Reply[] {
    if (this.pendingMembers.size > 0) return [];
    for (const member of this.members.values()) if (member.parkedJoin === undefined) return [];
    return this.completeJoin(now);
  }

  private completeJoin(now: number): Reply[] {
    const replies: Reply[] = [];
    for (const member of [...this.members.values()]) {
      // A static member that is late keeps its place until its session ends.
      if (member.parkedJoin === undefined && member.instanceId === null) replies.push(...this.dismiss(member));
    }
    const joined = [...this.members.values()].filter((member) => member.parkedJoin !== undefined);
    const [firstJoined] = joined;
    if (firstJoined === undefined && this.members.size > 0) {
      this.rebalanceDeadline = now + this.rebalanceTimeoutMs();
      return replies;
    }
    this.generation = this.generation >= 0x7fff_ffff ? 1 : this.generation + 1;
    this.rebalanceDeadline = Number.POSITIVE_INFINITY;
    if (firstJoined === undefined) return [...replies, ...this.becomeEmpty()];
    if (!joined.some((member) => member.memberId === this.leader)) this.leader = firstJoined.memberId;
    this.protocolName = electProtocol([...this.members.values()]) ?? null;
    this.state = 'CompletingRebalance';
    this.rebalanceDeadline = now + this.rebalanceTimeoutMs();
    for (const member of joined) {
      const token = member.parkedJoin;
      member.parkedJoin = undefined;
      member.hasSynced = false;
      member.expiresAt = now + member.sessionTimeoutMs;
      if (token !== undefined) replies.push(this.joinReply(member, token, member.memberId === this.leader));
    }
    return replies;
  }

  private becomeEmpty(): Reply[] {
    this.state = 'Empty';
    this.leader = undefined;
    this.protocolName = null;
    return [];
  }

  sync(request: SyncRequest, token: number, now: number): Reply[] {
    const refuse = (errorCode: ErrorCode): Reply[] => [this.syncReply(token, errorCode, NO_BYTES)];
    const problem = this.checkMember(request.memberId, request.instanceId);
    const member = this.members.get(request.memberId);
    if (member === undefined || problem !== ErrorCode.NONE) return refuse(problem);
    if (request.generation !== this.generation) return refuse(ErrorCode.ILLEGAL_GENERATION);
    const otherType = request.protocolType !== null && request.protocolType !== this.protocolType;
    const otherName = request.protocolName !== null && request.protocolName !== this.protocolName;
    if (otherType || otherName) return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    if (this.state === 'PreparingRebalance') return refuse(ErrorCode.REBALANCE_IN_PROGRESS);
    member.expiresAt = now + member.sessionTimeoutMs;
    member.hasSynced = true;
    if (this.state === 'Stable') return [this.syncReply(token, ErrorCode.NONE, member.assignment)];
    const superseded = member.parkedSync;
    const replies: Reply[] =
      superseded === undefined ? [] : [this.syncReply(superseded, ErrorCode.REBALANCE_IN_PROGRESS, NO_BYTES)];
    member.parkedSync = token;
    if (request.memberId !== this.leader) return replies;
    return [...replies, ...this.assign(request.assignments, now)];
  }

  private assign(assignments: SyncRequest['assignments'], now: number): Reply[] {
    const plan = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]));
    this.state = 'Stable';
    const replies: Reply[] = [];
    for (const member of this.members.values()) {
      // The plan's bytes are a view into a request that should not be kept alive for as long as the group lives.
      member.assignment = Buffer.from(plan.get(member.memberId) ?? NO_BYTES);
      if (member.parkedSync === undefined) continue;
      replies.push(this.syncReply(member.parkedSync, ErrorCode.NONE, member.assignment));
      member.parkedSync = undefined;
      member.expiresAt = now + member.sessionTimeoutMs;
    }
    return replies;
  }

  heartbeat(memberId: string, instanceId: string | null, generation: number, now: number): ErrorCode {
    const problem = this.checkMember(memberId, instanceId);
    const member = this.members.get(memberId);
    if (member === undefined || problem !== ErrorCode.NONE) return problem;
    if (generation !== this.generation) return ErrorCode.ILLEGAL_GENERATION;
    member.expiresAt = now + member.sessionTimeoutMs;
    return this.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
  }

  /** A static member may be named by its instance alone. */
  leave(memberId: string, instanceId: string | null, now: number): { errorCode: ErrorCode; replies: Reply[] } {
    if (this.pendingMembers.delete(memberId)) {
      return { errorCode: ErrorCode.NONE, replies: this.afterDeparture(now) };
    }
    const known = instanceId === null ? memberId : (this.staticMembers.get(instanceId) ?? '');
    const member = this.members.get(known);
    if (member === undefined) return { errorCode: ErrorCode.UNKNOWN_MEMBER_ID, replies: [] };
    if (memberId !== '' && memberId !== known) return { errorCode: ErrorCode.FENCED_INSTANCE_ID, replies: [] };
    const replies = this.dismiss(member);
    return { errorCode: ErrorCode.NONE, replies: [...replies, ...this.afterDeparture(now)] };
  }

  /** Whether offsets may be committed by this member. A generation below 0 is a client that has no group life. */
  checkCommit(memberId: string, instanceId: string | null, generation: number, now: number): ErrorCode {
    if (generation < 0 && memberId === '' && this.state === 'Empty') return ErrorCode.NONE;
    const problem = this.checkMember(memberId, instanceId);
    const member = this.members.get(memberId);
    if (member === undefined || problem !== ErrorCode.NONE) return problem;
    if (generation !== this.generation) return ErrorCode.ILLEGAL_GENERATION;
    if (this.state === 'CompletingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS;
    member.expiresAt = now + member.sessionTimeoutMs;
    return ErrorCode.NONE;
  }

  /**
   * Whether offsets may be committed in a transaction: until version 3 of its request a producer cannot say for whom, and
   * one that does may also do so while the members are told their new plan (KIP-447).
   */
  checkTransactionalCommit(memberId: string, instanceId: string | null, generation: number): ErrorCode {
    const isAnonymous = generation < 0 && memberId === '' && instanceId === null;
    if (isAnonymous || (generation < 0 && this.state === 'Empty')) return ErrorCode.NONE;
    const problem = this.checkMember(memberId, instanceId);
    if (problem !== ErrorCode.NONE) return problem;
    return generation === this.generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
  }

  private checkMember(memberId: string, instanceId: string | null): ErrorCode {
    if (instanceId !== null) {
      const known = this.staticMembers.get(instanceId);
      if (known === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
      if (known !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
    }
    return this.members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
  }

  private dismiss(member: GroupMember, errorCode: ErrorCode = ErrorCode.UNKNOWN_MEMBER_ID): Reply[] {
    this.members.delete(member.memberId);
    if (member.instanceId !== null) this.staticMembers.delete(member.instanceId);
    const replies: Reply[] = [];
    if (member.parkedJoin !== undefined) replies.push(refusedJoin(member.parkedJoin, member.memberId, errorCode));
    if (member.parkedSync !== undefined) replies.push(this.syncReply(member.parkedSync, errorCode, NO_BYTES));
    return replies;
  }

  private afterDeparture(now: number): Reply[] {
    if (this.state === 'PreparingRebalance') return this.completeJoinIfAllAreHere(now);
    if (this.state === 'Empty') return [];
    return this.prepareRebalance(now);
  }

  /** With those who were given an id and have not joined yet. */
  get size(): number {
    return this.members.size + this.pendingMembers.size;
  }

  /** Whether a join with this id would make the group larger. */
  isNew(memberId: string, instanceId: string | null): boolean {
    if (instanceId !== null && this.staticMembers.has(instanceId)) return false;
    return !this.members.has(memberId) && !this.pendingMembers.has(memberId);
  }

  get isAbandoned(): boolean {
    return this.members.size === 0 && this.pendingMembers.size === 0;
  }

  /** The next time at which `expire` has something to do; Infinity if only a request can change anything. */
  nextDeadline(): number {
    let earliest = this.rebalanceDeadline;
    if (this.state === 'Stable' || this.state === 'Empty') earliest = Number.POSITIVE_INFINITY;
    for (const deadline of this.pendingMembers.values()) earliest = Math.min(earliest, deadline);
    for (const member of this.members.values()) {
      if (!isParked(member)) earliest = Math.min(earliest, member.expiresAt);
    }
    return earliest;
  }

  /** Removes who was not heard of in time, and goes on without whom a rebalance waited for in vain. */
  expire(now: number): Reply[] {
    const replies: Reply[] = [];
    let departed = false;
    for (const [memberId, deadline] of this.pendingMembers) {
      if (deadline <= now) departed = this.pendingMembers.delete(memberId) || departed;
    }
    const overdue = this.state === 'CompletingRebalance' && this.rebalanceDeadline <= now;
    for (const member of [...this.members.values()]) {
      const silent = !isParked(member) && member.expiresAt <= now;
      if (!silent && !(overdue && !member.hasSynced)) continue;
      replies.push(...this.dismiss(member));
      departed = true;
    }
    if (departed) replies.push(...this.afterDeparture(now));
    if (overdue && !departed) this.rebalanceDeadline = now + this.rebalanceTimeoutMs();
    if (this.state === 'PreparingRebalance' && this.rebalanceDeadline <= now) replies.push(...this.completeJoin(now));
    return replies;
  }

  /** Undefined while it is not known what the members read. */
  subscribedTopics(): ReadonlySet<string> | undefined {
    const topics = new Set<string>();
    if (this.protocolName === null) return undefined;
    for (const member of this.members.values()) {
      const subscribed = subscribedTopics(metadataFor(member, this.protocolName));
      if (subscribed === undefined) return undefined;
      for (const topic of subscribed) topics.add(topic);
    }
    return topics;
  }

  private joinReply(member: GroupMember, token: number, withMembers: boolean): JoinReply {
    const members = withMembers
      ? [...this.members.values()].map((other) => ({
          memberId: other.memberId,
          groupInstanceId: other.instanceId,
          metadata: metadataFor(other, this.protocolName),
        }))
      : [];
    return {
      kind: 'join',
      token,
      errorCode: ErrorCode.NONE,
      generation: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader: this.leader ?? '',
      memberId: member.memberId,
      skipAssignment: false,
      members,
    };
  }

  private syncReply(token: number, errorCode: ErrorCode, assignment: Buffer): SyncReply {
    const { protocolType, protocolName } = errorCode === ErrorCode.NONE ? this : NO_PROTOCOL;
    return { kind: 'sync', token, errorCode, protocolType, protocolName, assignment };
  }
}

/** A refusal names none. */
const NO_PROTOCOL = { protocolType: null, protocolName: null };

function isParked(member: GroupMember): boolean {
  return member.parkedJoin !== undefined || member.parkedSync !== undefined;
}

export function refusedJoin(token: number, memberId: string, errorCode: ErrorCode): JoinReply {
  return {
    kind: 'join',
    token,
    errorCode,
    generation: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    memberId,
    skipAssignment: false,
    members: [],
  };
}
