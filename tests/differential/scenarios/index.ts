/** All scenarios. A new API needs one file here, and one line. */
import { apiVersionsScenarios } from './apiVersions.ts';
import { metadataScenarios } from './metadata.ts';

export const scenarios = [...apiVersionsScenarios, ...metadataScenarios];
