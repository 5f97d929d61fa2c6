/** Columns: one typed array for each thing that is known of all entities. */

/** The target with what was in the column, for one that has become too short. */
export function longer<T extends { set(from: T): void }>(column: T, target: T): T {
  target.set(column);
  return target;
}
