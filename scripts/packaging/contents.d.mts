/** The base map's geometry, a file for each scale. */
export const LAND: RegExp;
/** What Electron has compiled of the files for the main process, a folder for each part of it. */
export const CODE_CACHE: RegExp;
/** Whether a file may be in the app's archive; paths from its top, with forward slashes. */
export function belongs(path: string): boolean;
