/** What stands where no topic is listed. */
export interface EmptyList {
  readonly loading: boolean;
  readonly connected: boolean;
  /** Topics that there are, whether or not the search finds them. */
  readonly all: number;
  readonly search: string;
}

export function emptyWords({ loading, connected, all, search }: EmptyList): string {
  if (loading) return 'Asking for the topics…';
  if (all > 0) return `No topic has “${search.trim()}” in its name.`;
  if (!connected) return 'Topics appear when the cluster can be reached.';
  return 'No topics yet: create one, or send a message to a new topic.';
}
