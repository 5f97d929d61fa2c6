import type { Plugin } from 'vite';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Where it is installed. */
  readonly folder: string;
}

export const PACKAGES_FILE: string;
export function noteBundledPackages(): { plugin: Plugin; workerPlugin: Plugin };
