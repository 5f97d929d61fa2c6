/** All scenarios. A new API needs one file here, and one line. */
import { apiVersionsScenarios } from './apiVersions.ts';
import { fetchScenarios } from './fetch.ts';
import {
  groupAdminScenarios,
  heartbeatScenarios,
  joinGroupScenarios,
  leaveGroupScenarios,
  syncGroupScenarios,
} from './groups.ts';
import { listOffsetsScenarios } from './listOffsets.ts';
import { metadataScenarios } from './metadata.ts';
import { offsetScenarios } from './offsets.ts';
import { produceScenarios } from './produce.ts';
import { topicScenarios } from './topics.ts';

export const scenarios = [
  ...apiVersionsScenarios,
  ...metadataScenarios,
  ...produceScenarios,
  ...fetchScenarios,
  ...listOffsetsScenarios,
  ...joinGroupScenarios,
  ...syncGroupScenarios,
  ...heartbeatScenarios,
  ...leaveGroupScenarios,
  ...groupAdminScenarios,
  ...offsetScenarios,
  ...topicScenarios,
];
