/** Electron's switches by the names that electron-builder has for them; a letter where one is neither on nor off. */
export type Fuses = Readonly<Record<string, boolean | string>>;

export function wantedFuses(variant: 'release' | 'test'): Fuses;
export function readFuses(executable: string): Promise<Fuses>;
