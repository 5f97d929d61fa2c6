/**
 * A Debian of its own in a folder: what debootstrap makes of the smallest set of packages, from where this machine's apt has
 * its own ones. Only root can make one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from '../setup/processes.mjs';

/** The ordinary user in it. */
export const PERSON = { name: 'person', home: '/home/person' };

const ENTER = join(import.meta.dirname, 'enterRoot.sh');
export const PATH_INSIDE = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Why there can be none here, in words, or undefined. */
export function whyNoDebianRoot() {
  if (process.platform !== 'linux') return 'it is for Linux.';
  if (process.getuid() !== 0) return 'it needs root, to make a Debian in a folder and to mount what belongs to it.';
  if (readOsRelease().ID !== 'debian') return 'it needs a Debian, whose packages it takes.';
  if (debianSources().length === 0) return "apt's sources name no Debian.";
  return undefined;
}

/** Makes it in `folder`, with the person. */
export async function makeDebianRoot(folder) {
  const sources = debianSources();
  const [{ uri, suite }] = sources;
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  // In mounts of its own, as it mounts what belongs to a root and forgets that when it is interrupted.
  const unshared = ['--mount', '--propagation', 'private', 'debootstrap', '--variant=minbase', suite, folder, uri];
  await runQuietly('debootstrap', 'unshare', unshared, { env: { ...process.env, PATH: PATH_INSIDE } });

  const apt = join(folder, 'etc', 'apt');
  await writeFile(
    join(apt, 'sources.list'),
    sources.map((source) => `deb ${source.uri} ${source.suite} main\n`).join(''),
  );
  await writeFile(join(apt, 'apt.conf.d', '90proxies'), aptProxies());
  for (const file of ['hosts', 'resolv.conf']) {
    await cp(join('/etc', file), join(folder, 'etc', file), { dereference: true });
  }
  // Nothing there has to survive a power failure.
  await writeFile(join(folder, 'etc', 'dpkg', 'dpkg.cfg.d', 'unsafe-io'), 'force-unsafe-io\n');
  // Nothing there is a running system: no package may start a service.
  const policy = join(folder, 'usr', 'sbin', 'policy-rc.d');
  await writeFile(policy, '#!/bin/sh\nexit 101\n');
  await chmod(policy, 0o755);
  await appendFile(join(folder, 'etc', 'environment'), 'LANG=C.UTF-8\n');
  await runInRoot(folder, ['useradd', '--create-home', '--shell', '/bin/sh', PERSON.name]);
  await runInRoot(folder, ['apt-get', 'update', '-qq']);
  await runInRoot(folder, ['apt-get', 'clean']);
}

/** Runs a command in it as root, and everything that the command leaves behind ends with it. */
export async function runInRoot(folder, command) {
  const args = ['--pid', '--fork', '--kill-child', 'sh', ENTER, folder, ...command];
  const env = { PATH: PATH_INSIDE, LANG: 'C.UTF-8', HOME: '/root', DEBIAN_FRONTEND: 'noninteractive' };
  return runQuietly(command.join(' '), 'unshare', args, { env: { ...env, ...proxiesOf(process.env) } });
}

/** A script at `path` that runs this program of the root folder as the person; its arguments are the program's. */
export async function writeEntry(path, folder, program) {
  const asPerson = `setpriv --reuid=${PERSON.name} --regid=${PERSON.name} --init-groups --inh-caps=-all`;
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  await writeFile(path, `#!/bin/sh\nexec sh ${quoted(ENTER)} ${quoted(folder)} ${asPerson} ${program} "$@"\n`);
  await chmod(path, 0o755);
}

function readOsRelease() {
  const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
  return Object.fromEntries(lines.map((line) => line.replaceAll('"', '').split('=', 2)));
}

/** Where this machine's apt has Debian itself from, the main suite first. */
function debianSources() {
  const suites = ['', '-updates', '-security'].map((kind) => `${readOsRelease().VERSION_CODENAME}${kind}`);
  const format = ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages'];
  const found = execFileSync('apt-get', format, { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , component]) => component === 'main')
    .map(([uri, suite]) => ({ uri, suite }));
  const first = suites.map((suite) => found.find((source) => source.suite === suite)).filter(Boolean);
  return first[0]?.suite === suites[0] ? first : [];
}

/** What apt is told here of proxies, as it is told. */
function aptProxies() {
  const settings = execFileSync('apt-config', ['dump'], { encoding: 'utf8' }).split('\n');
  return `${settings.filter((line) => /^Acquire::https?::Proxy\b/i.test(line)).join('\n')}\n`;
}

const proxiesOf = (env) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^(https?|no)_proxy$/i.test(name)));
