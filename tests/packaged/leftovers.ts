/** What may differ in the Debian after the app was installed and removed again, each with its reason. */
interface Leftover {
  readonly path: RegExp;
  readonly reason: string;
}

export const LEFTOVERS: readonly Leftover[] = [
  { path: /^\/home\/person\//, reason: "the person's own: layers, settings, the broker's records, caches" },
  { path: /^\/var\/(?:log|cache|lib)\/apt\//, reason: "apt's own notes, log and lock" },
  {
    path: /^\/var\/lib\/dpkg\/statoverride(?:-old)?$/,
    reason: "dpkg's list of changed rights, empty again, which dbus had an entry in",
  },
  {
    path: /^\/(?:etc\/machine-id|etc\/mtab|root\/\.ssh|var\/(?:cache|lib|log)\/private|var\/lib\/systemd\/(?:coredump|pstore))$/,
    reason: 'made by systemd and dbus, which come with GTK, and left by them when apt removes them again',
  },
];

/** Those paths that nothing allows. */
export const unexplained = (paths: readonly string[]): string[] =>
  paths.filter((path) => !LEFTOVERS.some((leftover) => leftover.path.test(path)));
