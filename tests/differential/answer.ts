/** An answer of which a scenario takes values by their path, as `topics.0.partitions.1.offset`. */
import type { Fields } from './allowedDifferences.ts';

export class Answer {
  constructor(
    private readonly api: string,
    readonly fields: Fields,
  ) {}

  at(path: string): unknown {
    let value: unknown = this.fields;
    for (const step of path.split('.')) {
      value = typeof value === 'object' && value !== null ? (value as Fields)[step] : undefined;
    }
    return value;
  }

  text(path: string): string {
    const value = this.at(path);
    if (typeof value !== 'string') throw new Error(`${this.api}: ${path} is no text: ${JSON.stringify(this.fields)}`);
    return value;
  }

  number(path: string): number {
    const value = this.at(path);
    if (typeof value !== 'number') throw new Error(`${this.api}: ${path} is no number: ${JSON.stringify(this.fields)}`);
    return value;
  }

  list(path: string): Answer[] {
    const value = this.at(path);
    if (!Array.isArray(value)) throw new Error(`${this.api}: ${path} is no array: ${JSON.stringify(this.fields)}`);
    return value.map((fields: Fields) => new Answer(this.api, fields));
  }
}
