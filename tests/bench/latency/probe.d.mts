export const PROBE: string;
export const PROBE_EVERY_MS: number;
export function placeOfStep(step: number): number;
export function probePlace(step: number): { lat: number; lon: number };
export function worldPixel(place: { lat: number; lon: number }, zoom: number): { x: number; y: number };
export function placeNumber(offset: { x: number; y: number }, view: { lat: number; lon: number; zoom: number }): number;
export function sentToSeen(
  sent: readonly { step: number; at: number }[],
  sights: readonly { place: number; at: number }[],
): number[];
export function percentile(p: number, values: readonly number[]): number;
