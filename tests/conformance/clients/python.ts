/** The clients for Python: each a program beside this file, run by the interpreter that has its package. */
import { join } from 'node:path';
import { z } from 'zod';
import { ensureAiokafka } from '../../../scripts/setup/pythonPackages.mjs';
import { runProgram } from '../program.ts';
import { type Client, line, type Outcome, type Scene } from '../scene.ts';

/** Debian's packages are for Debian's interpreter, whatever else is first on the PATH. */
const DEBIAN_PYTHON = '/usr/bin/python3';

const firstLine = z.object({ version: z.string() });

async function run(python: string, program: string, scene: Scene): Promise<Outcome> {
  const output = await runProgram(python, [join(import.meta.dirname, program), JSON.stringify(scene)]);
  const [head, ...lines] = output
    .split('\n')
    .filter((text) => text !== '')
    .map((text): unknown => JSON.parse(text));
  return { version: firstLine.parse(head).version, lines: z.array(line).parse(lines) };
}

function fromDebian(name: string, kind: string, module: string, program: string, packages: string): Client {
  return {
    name,
    kind,
    missing: () =>
      runProgram(DEBIAN_PYTHON, ['-c', `import ${module}`]).then(
        () => undefined,
        () => `${name} is not installed: apt-get install -y ${packages}`,
      ),
    run: (scene) => run(DEBIAN_PYTHON, program, scene),
  };
}

export const kafkaPython = fromDebian(
  'kafka-python',
  'Python',
  'kafka, lz4, snappy, zstandard',
  'kafkaPython.py',
  'python3-kafka python3-lz4 python3-snappy python3-zstandard',
);

export const confluentKafka = fromDebian(
  'confluent-kafka',
  'Python over librdkafka',
  'confluent_kafka',
  'confluentKafka.py',
  'python3-confluent-kafka',
);

export const aiokafka: Client = {
  name: 'aiokafka',
  kind: 'Python, asyncio',
  missing: async () => {
    const found = await ensureAiokafka();
    return 'reason' in found ? found.reason : undefined;
  },
  async run(scene) {
    const found = await ensureAiokafka();
    if ('reason' in found) throw new Error(found.reason);
    return run(found.python, 'aioKafka.py', scene);
  },
};
