/** Importing a request's file registers it; this is the list of all that the broker serves. */
import './addOffsetsToTxn.ts';
import './addPartitionsToTxn.ts';
import './apiVersions.ts';
import './createTopics.ts';
import './deleteGroups.ts';
import './deleteTopics.ts';
import './describeConfigs.ts';
import './describeGroups.ts';
import './endTxn.ts';
import './fetch.ts';
import './findCoordinator.ts';
import './heartbeat.ts';
import './initProducerId.ts';
import './joinGroup.ts';
import './leaveGroup.ts';
import './listGroups.ts';
import './listOffsets.ts';
import './metadata.ts';
import './offsetCommit.ts';
import './offsetFetch.ts';
import './produce.ts';
import './syncGroup.ts';
import './txnOffsetCommit.ts';

export * from './registry.ts';
