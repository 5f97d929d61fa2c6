/** The settings of a file as they are asked for, one after the other, with what is to be told to the person. */
import type { ImportFinding } from '../../../shared/profiles';
import type { Property } from './properties';

export interface Setting {
  readonly name: string;
  readonly value: string;
}

export interface SettingsReader {
  /** As it is written, perhaps empty; undefined when it is not there. */
  written(name: string): string | undefined;
  /** The first of these names that has a value. A variable is no value, which is told. */
  oneOf(...names: readonly string[]): Setting | undefined;
  tell(setting: string, message: string, action: string): void;
  readonly findings: readonly ImportFinding[];
  /** What nobody has asked for. */
  left(): Property[];
}

/** Filled in by Java's config providers, a shell or a deployment: `${env:PASSWORD}`, `${PASSWORD}`. */
export const holdsVariable = (value: string): boolean => /\$\{[^}]*\}/.test(value);

export const VARIABLE = `Is a variable (\${…}), which is filled in only where the file is used.`;
export const TYPE_IT = 'Type its value into the form.';

export function createSettingsReader(properties: readonly Property[]): SettingsReader {
  // The last one counts, as in Java. Kafka itself trims what it reads.
  const last = new Map(properties.map((property) => [property.key, property]));
  const asked = new Set<string>();
  const findings: ImportFinding[] = [];
  const reader: SettingsReader = {
    written: (name) => {
      asked.add(name);
      return last.get(name)?.value.trim();
    },
    oneOf: (...names) => {
      const found: Setting[] = [];
      for (const name of names) {
        const value = reader.written(name) ?? '';
        if (holdsVariable(value)) reader.tell(name, VARIABLE, TYPE_IT);
        else if (value !== '') found.push({ name, value });
      }
      const [first, ...others] = found;
      for (const other of others) {
        if (first === undefined || other.value === first.value) continue;
        reader.tell(other.name, `Says otherwise than ${first.name}, which counts.`, 'Check it in the form.');
      }
      return first;
    },
    tell: (setting, message, action) => void findings.push({ setting, message, action }),
    findings,
    left: () => [...last.values()].filter(({ key }) => !asked.has(key)),
  };
  return reader;
}
