/** Finds one of thousands by its name: rows in sight ask at each event, and none may walk the whole list. */

const indexes = new WeakMap<readonly { readonly name: string }[], ReadonlyMap<string, unknown>>();

/** The list must not be changed in place; its index lives as long as the list. */
export function byName<T extends { readonly name: string }>(list: readonly T[], name: string): T | undefined {
  let index = indexes.get(list) as ReadonlyMap<string, T> | undefined;
  if (!index) {
    index = new Map(list.map((one) => [one.name, one]));
    indexes.set(list, index);
  }
  return index.get(name);
}
