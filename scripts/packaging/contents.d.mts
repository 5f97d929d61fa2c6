/** The base map's geometry, a file for each scale. */
export const LAND: RegExp;
/** Whether a file may be in the app's archive; paths from its top, with forward slashes. */
export function belongs(path: string): boolean;
