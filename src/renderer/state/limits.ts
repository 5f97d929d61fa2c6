/** The caps on memory, as the settings have them. */
import { create } from 'zustand';
import type { Limits } from '../../shared/contract';
import { defaultLimits } from '../../shared/limitRanges';

export const useLimits = create<Limits>(() => defaultLimits);
