/** Which topics' details the page needs: those on the map, then the rows that can be seen. */

/** What the contract takes in one command. */
const MOST = 200;

/** @param layers and @param rows names, in the order they are listed */
export function topicsInView(layers: readonly string[], rows: readonly string[]): string[] {
  return [...new Set([...layers, ...rows])].slice(0, MOST);
}
