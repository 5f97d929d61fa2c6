/**
 * Inputs derived from a schema: of its shape, near it, and nowhere near. A command that is added to the contract is
 * fuzzed with no line more; a kind of schema that is not known here fails, and says so.
 */
import fc from 'fast-check';
import type { z } from 'zod';

/** As much of a long text, array or record as is generated usually. */
const USUAL_MOST = 12;
const LONGEST_TEXT = 2_000_000;
const DEEP = 900;

/** Names that mean something to JavaScript, to a file system or to a terminal. */
export const hostileNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  'file:///etc/passwd',
  '<img src=x onerror=alert(1)>',
  '\u0000\u202Eevil\u0007\u001B[31m',
  '\uD800',
  '',
];

/** @param known texts that mean something to the app as it stands: ids, tokens, names of topics, addresses */
export function rightInputs(schema: z.ZodType, known: readonly string[]): fc.Arbitrary<unknown> {
  return inputsOf(schema as unknown as z.core.$ZodTypes, known);
}

function inputsOf(schema: z.core.$ZodTypes, known: readonly string[]): fc.Arbitrary<unknown> {
  const of = (inner: unknown) => inputsOf(inner as z.core.$ZodTypes, known);
  const { def } = schema._zod;
  const fitting = <T>(inputs: fc.Arbitrary<T>) =>
    (def.checks?.length ?? 0) === 0
      ? inputs
      : inputs.filter((input) => (schema as unknown as z.ZodType).safeParse(input).success);
  switch (def.type) {
    case 'object': {
      const optional = Object.entries(def.shape).filter(([, field]) => field._zod.optin === 'optional');
      const fields = Object.fromEntries(Object.entries(def.shape).map(([name, field]) => [name, of(field)]));
      const requiredKeys = Object.keys(fields).filter((name) => !optional.some(([other]) => other === name));
      return fitting(fc.record(fields, { requiredKeys }));
    }
    case 'array': {
      const { minimum = 0, maximum = USUAL_MOST } = schema._zod.bag as { minimum?: number; maximum?: number };
      return fitting(
        fc.array(of(def.element), { minLength: minimum, maxLength: Math.max(minimum, Math.min(maximum, USUAL_MOST)) }),
      );
    }
    case 'record':
      return fc.dictionary(of(def.keyType) as fc.Arbitrary<string>, of(def.valueType), { maxKeys: USUAL_MOST });
    case 'union':
      return fc.oneof(...def.options.map(of));
    case 'nullable':
      return fc.oneof(of(def.innerType), fc.constant(null));
    case 'optional':
    case 'default':
      return fc.oneof(of(def.innerType), fc.constant(undefined));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'unknown':
      return junk;
    case 'number':
      return numbers(schema as unknown as z.ZodNumber);
    case 'string':
      return texts(schema as unknown as z.ZodString, known);
    default:
      throw new Error(`No input can be generated for a schema of kind ${def.type}: say how in schemaInputs.ts.`);
  }
}

function numbers(schema: z.ZodNumber): fc.Arbitrary<number> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, format } = schema._zod.bag;
  const least = Number(minimum ?? exclusiveMinimum ?? -1e9);
  const most = Number(maximum ?? exclusiveMaximum ?? 1e9);
  const min = Math.max(Number.MIN_SAFE_INTEGER, Math.ceil(least));
  const max = Math.min(Number.MAX_SAFE_INTEGER, Math.floor(most));
  // Mostly few: a thousand partitions, or a fleet of a hundred thousand, need not come often.
  const whole = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min, max: Math.min(max, min + USUAL_MOST) }) },
    { weight: 1, arbitrary: fc.integer({ min, max }) },
  );
  const any = format === 'safeint' ? whole : fc.oneof(whole, fc.double({ min: least, max: most, noNaN: true }));
  return any.filter((number) => schema.safeParse(number).success);
}

function texts(schema: z.ZodString, known: readonly string[]): fc.Arbitrary<string> {
  const { minimum = 0, maximum = LONGEST_TEXT } = schema._zod.bag as { minimum?: number; maximum?: number };
  const fits = (text: string) => schema.safeParse(text).success;
  const familiar = known.filter(fits);
  const ways: fc.WeightedArbitrary<string>[] = [];
  if (familiar.length > 0) ways.push({ weight: 6, arbitrary: fc.constantFrom(...familiar) });
  const pattern = (schema.def.checks ?? [])
    .map((check) => check._zod.def as { pattern?: unknown })
    .find((rule): rule is { pattern: RegExp } => rule.pattern instanceof RegExp)?.pattern;
  const longest = 'x'.repeat(maximum);
  if (pattern !== undefined) {
    ways.push({ weight: 3, arbitrary: fc.stringMatching(pattern).filter(fits) });
  } else if (fits(longest)) {
    const size = { minLength: minimum, maxLength: Math.max(minimum, Math.min(maximum, 40)) };
    ways.push({ weight: 3, arbitrary: fc.string({ ...size, unit: 'binary' }).filter(fits) });
  }
  if (fits(longest)) ways.push({ weight: 1, arbitrary: fc.constant(longest) });
  if (ways.length === 0) throw new Error('None of the known texts fits a rule of the contract: add one that does.');
  return fc.oneof(...ways);
}

function nested(depth: number): unknown {
  let inner: unknown = 1;
  for (let i = 0; i < depth; i++) inner = i % 2 === 0 ? { a: inner } : [inner];
  return inner;
}

function circle(): unknown {
  const self: { a: number; self?: unknown } = { a: 1 };
  self.self = self;
  return self;
}

/** Whatever the structured clone algorithm can carry. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
  },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53, 1e308, -1) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(undefined, null, 10n ** 30n, ...hostileNames) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<() => unknown>(
        () => 'x'.repeat(3_000_000),
        () => nested(DEEP),
        circle,
        () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
        () => new Array(1_000_000),
        () => new Error('an error as an input'),
        () => new Date(Number.NaN),
        () => new ArrayBuffer(1 << 20),
        () => Object(1n),
      )
      .map((make) => make()),
  },
);

/** Inputs of the right shape in which one thing is not as it should be, anywhere in them; and pure junk. */
export function wrongInputs(schema: z.ZodType, known: readonly string[]): fc.Arbitrary<unknown> {
  const spoiled = fc
    .tuple(
      rightInputs(schema, known),
      fc.array(fc.nat(20), { maxLength: 5 }),
      junk,
      fc.constantFrom('replace', 'drop', 'add'),
    )
    .map(([input, way, poison, how]) => spoil(input, way, poison, how));
  return fc.oneof({ weight: 3, arbitrary: spoiled }, { weight: 2, arbitrary: junk });
}

function spoil(input: unknown, way: readonly number[], poison: unknown, how: string): unknown {
  if (typeof input !== 'object' || input === null) return poison;
  const copy: Record<string, unknown> = Array.isArray(input) ? ([...input] as never) : { ...input };
  const names = Object.keys(copy);
  const [step = 0, ...rest] = way;
  const name = names[step % Math.max(1, names.length)];
  if (how === 'add' || name === undefined) {
    const strange = hostileNames[step % hostileNames.length] ?? '';
    Object.defineProperty(copy, strange, { value: poison, enumerable: true, configurable: true, writable: true });
  } else if (rest.length > 0) copy[name] = spoil(copy[name], rest, poison, how);
  else if (how === 'drop') delete copy[name];
  else copy[name] = poison;
  return copy;
}
