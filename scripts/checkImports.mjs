/**
 * Holds the folders of src/ to what each may import (the "rooms" of docs/architecture.md), so that a wrong import
 * fails at once with the rule it breaks. Every way of naming another module counts: import, export from, import(),
 * require(), import types, the file of a new Worker. Also refuses file names that say nothing of what is inside.
 *
 * Run by `npm run lint`. Needs the npm packages: a real parser reads the sources (Vite's).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync } from 'vite';

const NO_NAME = /^(utils?|helpers?|misc|common\d+|managers?)$/i;

/**
 * What a room may import besides its own files: `rooms` of ours, and packages by a test of their name (`node:*`
 * stands for every Node built-in). `rule` is what a violation is told.
 */
const ROOMS = {
  shared: {
    rooms: [],
    packages: (name) => name === 'zod',
    rule: 'src/shared is the contract: it may import zod and its own files only',
  },
  geo: {
    rooms: ['shared'],
    packages: (name) => name.startsWith('assembly:'),
    rule: 'src/geo is pure functions: it may import src/shared and its own files only (as assembly:NAME what becomes WebAssembly)',
  },
  broker: {
    rooms: [],
    packages: (name) => name === 'node:*',
    rule: 'src/broker runs alone: it may import Node built-ins and its own files only',
  },
  main: {
    rooms: ['shared', 'geo'],
    packages: () => true,
    rule: 'src/main may import src/shared, src/geo, Node, Electron and npm packages (the broker is started by its path, never imported)',
  },
  preload: {
    rooms: ['shared'],
    packages: (name) => name === 'electron',
    rule: 'src/preload is as thin as it can be: it may import src/shared and electron only',
  },
  renderer: {
    rooms: ['shared', 'geo'],
    packages: (name) => !['node:*', 'electron', 'kafkajs'].includes(name),
    rule: 'src/renderer is a web page: it may import src/shared, src/geo and npm packages, but no Node built-in, no electron and no kafkajs',
  },
};

const KAFKAJS_HOME = 'src/main/kafka/';
const KAFKAJS_RULE = `only ${KAFKAJS_HOME} may import kafkajs, so that the Kafka client can be replaced there alone`;

/**
 * @param {{ path: string, text: string }[]} files paths from the checkout's top, with forward slashes
 * @returns {import('./checkImports.d.mts').Violation[]} in the order of the files
 */
export function checkImports(files) {
  return files.flatMap((file) => [...checkName(file), ...checkFile(file)]);
}

function checkName({ path }) {
  const bad = path.split('/').find((part) => NO_NAME.test(part.split('.')[0]));
  const rule = `"${bad}" says nothing of what is inside: name it after the thing it is about`;
  return bad === undefined ? [] : [{ path, line: 1, rule }];
}

function checkFile({ path, text }) {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return [];
  const room = /^src\/([^/]+)\//.exec(path)?.[1];
  if (room === undefined || !(room in ROOMS)) {
    return [{ path, line: 1, rule: `every source is in one of the rooms of src: ${Object.keys(ROOMS).join(', ')}` }];
  }
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) return [{ path, line: 1, rule: `cannot be read: ${errors[0].message}` }];

  const violations = [];
  for (const { name, start } of importsOf(program)) {
    const rule = brokenRule(path, room, name);
    if (rule !== undefined) {
      violations.push({ path, line: text.slice(0, start).split('\n').length, import: name ?? '(computed)', rule });
    }
  }
  return violations;
}

/** The rule that importing `name` into the file breaks, or undefined when it breaks none. */
function brokenRule(path, room, name) {
  if (name === undefined) return 'what is imported must be a plain string, so that it can be checked';
  const { rooms, packages, rule } = ROOMS[room];
  if (name.startsWith('.')) {
    const target = posix.join(posix.dirname(path), name);
    const targetRoom = /^src\/([^/]+)(\/|$)/.exec(target)?.[1];
    return targetRoom === room || rooms.includes(targetRoom) ? undefined : rule;
  }
  if (/^(\/|#|[a-z]+:\/\/)/.test(name)) return 'modules are named by a relative path or as a package';
  const packageName = packageOf(name);
  if (!packages(packageName)) return rule;
  return packageName === 'kafkajs' && !path.startsWith(KAFKAJS_HOME) ? KAFKAJS_RULE : undefined;
}

/** "@scope/name/part" → "@scope/name"; a Node built-in, with or without "node:" → "node:*". */
function packageOf(name) {
  const parts = name.split('?')[0].split('/');
  if (name.startsWith('node:') || builtinModules.includes(parts[0])) return 'node:*';
  return name.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** Every module that a program names, with its place; `name` is undefined where it is computed at run time. */
function* importsOf(node) {
  if (Array.isArray(node)) {
    for (const each of node) yield* importsOf(each);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  const source = sourceOf(node);
  if (source) yield { name: textOf(source), start: source.start };
  for (const child of Object.values(node)) yield* importsOf(child);
}

function sourceOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source;
    case 'TSExternalModuleReference':
      return node.expression;
    case 'CallExpression':
      return isRequire(node.callee) ? node.arguments[0] : undefined;
    case 'NewExpression':
      return /Worker$/.test(node.callee.name) ? fileOfUrl(node.arguments[0]) : undefined;
    default:
      return undefined;
  }
}

/** The file in `new URL('./file.ts', import.meta.url)`, by which a worker is named. */
const fileOfUrl = (node) =>
  node?.type === 'NewExpression' && node.callee.name === 'URL' ? node.arguments[0] : undefined;

const isRequire = (callee) =>
  (callee.type === 'Identifier' && callee.name === 'require') ||
  (callee.type === 'MemberExpression' && isRequire(callee.object) && callee.property.name === 'resolve');

function textOf(node) {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return undefined;
}

function readSources(root) {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const violations = checkImports(readSources(join(import.meta.dirname, '..')));
  for (const violation of violations) {
    const what = violation.import === undefined ? '' : `"${violation.import}": `;
    console.error(`${violation.path}:${violation.line}  ${what}${violation.rule}`);
  }
  if (violations.length > 0) console.error(`\n${violations.length} found.`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
