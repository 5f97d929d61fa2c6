/** One member of a classic consumer group, as the coordinator remembers it. Times are milliseconds since 1970. */
export interface MemberProtocol {
  readonly name: string;
  /** The subscription, in a form that only the clients understand. */
  readonly metadata: Buffer;
}

export interface GroupMember {
  readonly memberId: string;
  /** Set for a static member (KIP-345), which keeps its assignment over restarts. */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly MemberProtocol[];
  assignment: Buffer;
  /** When it counts as dead unless it is heard of; not looked at while a request of its is parked. */
  expiresAt: number;
  /** The parked JoinGroup or SyncGroup request. */
  parkedJoin: number | undefined;
  parkedSync: number | undefined;
  /** Has asked for its assignment in this generation. */
  hasSynced: boolean;
}

export const NO_BYTES = Buffer.alloc(0);

export function metadataFor(member: GroupMember, protocolName: string | null): Buffer {
  return member.protocols.find((protocol) => protocol.name === protocolName)?.metadata ?? NO_BYTES;
}

export function hasSameProtocols(member: GroupMember, protocols: readonly MemberProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every((protocol, index) => {
      const other = protocols[index];
      return other !== undefined && other.name === protocol.name && other.metadata.equals(protocol.metadata);
    })
  );
}

/** The protocol that all support and most like best; each member votes for the first of its own that all support. */
export function electProtocol(members: readonly GroupMember[]): string | undefined {
  const [first] = members;
  if (first === undefined) return undefined;
  const shared = first.protocols
    .map((protocol) => protocol.name)
    .filter((name) => members.every((member) => member.protocols.some((protocol) => protocol.name === name)));
  const votes = new Map<string, number>();
  for (const member of members) {
    const choice = member.protocols.find((protocol) => shared.includes(protocol.name));
    if (choice !== undefined) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
  }
  return [...votes].sort((one, other) => other[1] - one[1])[0]?.[0];
}

/** What a member holds beside its subscription and assignment: names, ids, entries in maps. */
const MEMBER_OVERHEAD_BYTES = 512;

/** Bytes of what a join brings along, and the group keeps. */
export function subscriptionBytes(protocols: readonly MemberProtocol[]): number {
  return protocols.reduce((sum, { name, metadata }) => sum + name.length + metadata.length, MEMBER_OVERHEAD_BYTES);
}
