/**
 * Checks docker-compose.yml as far as that goes without an engine: `docker compose config` where it is installed, else
 * compose-go, the library behind that command, built by Go. Then what the file promises: one broker alone, three by
 * the profile, ports on loopback only, data in volumes, a health check for each.
 */
import { spawnSync } from 'node:child_process';
import { root } from './setup/folders.mjs';

const COMPOSE_GO = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2';

const ways = [
  {
    program: 'docker',
    probe: ['compose', 'version'],
    args: ['compose', '-f', 'docker-compose.yml', 'config', '--format', 'json'],
  },
  { program: 'go', probe: ['version'], args: ['run', COMPOSE_GO, '-format', 'json', 'docker-compose.yml'] },
];
const way = ways.find(({ program, probe }) => spawnSync(program, probe).status === 0);
if (way === undefined) {
  console.log('docker-compose.yml was not checked: neither docker compose nor go is here.');
  process.exit(process.env.CI ? 1 : 0);
}

const { status, stdout, stderr } = spawnSync(way.program, way.args, {
  cwd: root,
  env: { ...process.env, COMPOSE_PROFILES: '*' },
  encoding: 'utf8',
  maxBuffer: 16 << 20,
});
if (status !== 0) {
  console.error(`docker-compose.yml is refused:\n${stderr}`);
  process.exit(1);
}

const failures = [];
const expectTrue = (isTrue, words) => {
  if (!isTrue) failures.push(words);
};
const services = Object.entries(JSON.parse(stdout).services);
for (const [profile, brokers] of [
  [undefined, 'kafka'],
  ['three', 'kafka-1, kafka-2, kafka-3'],
]) {
  const ofProfile = services.filter(([, { profiles }]) => profiles?.[0] === profile);
  const found = ofProfile.filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
  expectTrue(
    found.sort().join(', ') === brokers,
    `the profile ${profile ?? '(none)'} has the brokers ${found.join(', ')}`,
  );
  expectTrue(
    ofProfile.some(([, { command }]) => command?.includes('--topic=geostream')),
    `the profile ${profile ?? '(none)'} makes no topic geostream`,
  );
}
for (const [name, { ports = [], volumes = [], healthcheck }] of services) {
  for (const { host_ip: host } of ports)
    expectTrue(host === '127.0.0.1', `${name} is open on ${host ?? 'every address'}`);
  if (ports.length === 0) continue;
  expectTrue(healthcheck?.test?.length > 0, `${name} has no health check`);
  expectTrue(
    volumes.some(({ type, source }) => type === 'volume' && source),
    `${name} keeps its data in no named volume`,
  );
}
for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exit(1);
console.log(
  `docker-compose.yml is accepted by ${way.program === 'go' ? 'compose-go' : 'docker compose'}: ${services.length} services.`,
);
