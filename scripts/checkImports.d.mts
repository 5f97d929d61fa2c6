/** A source that imports what its room may not, or has a name that says nothing. */
export interface Violation {
  /** From the checkout's top, with forward slashes. */
  path: string;
  /** Counted from 1. */
  line: number;
  /** What is imported; absent when the file's name or place is what is wrong. */
  import?: string;
  /** The rule in words. */
  rule: string;
}

export function checkImports(files: { path: string; text: string }[]): Violation[];
