/** The interpreter that has aiokafka, or why it cannot be had here. */
export function ensureAiokafka(): Promise<{ python: string } | { reason: string }>;
