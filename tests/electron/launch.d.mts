import type { ElectronApplication } from 'playwright';

export function launchElectron(options: {
  readonly executable: string;
  readonly app: string | null;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sandboxed?: boolean;
}): Promise<ElectronApplication>;
