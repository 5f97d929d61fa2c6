/**
 * What the app's processes hold, MiB by process type: private bytes where the system tells them (Windows), else the
 * working set, which counts shared pages in each process.
 *
 * @param {import('playwright').ElectronApplication} electronApp
 * @returns {Promise<Map<string, number>>}
 */
export async function memoryByType(electronApp) {
  const found = await electronApp.evaluate(({ app }) =>
    app.getAppMetrics().map(({ type, name, memory }) => ({
      type: name ? `${type} (${name})` : String(type),
      kib: memory.privateBytes ?? memory.workingSetSize,
    })),
  );
  /** @type {Map<string, number>} */
  const byType = new Map();
  for (const { type, kib } of found) byType.set(type, (byType.get(type) ?? 0) + kib / 1024);
  return byType;
}

/** Of all processes, MiB. @param {ReadonlyMap<string, number>} byType */
export const totalOf = (byType) => [...byType.values()].reduce((sum, mib) => sum + mib, 0);
