/**
 * ApiVersions 0-4: 1 adds the throttle time, 3 is flexible (KIP-482, KIP-511), 4 allows features from version 0.
 * Its response header is always version 0, because a client that sends it knows nothing of the broker yet.
 */

import { ErrorCode } from '../wire/errorCode.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../wire/messages/apiVersions.ts';
import { apis, defineApi } from './registry.ts';

export const API_VERSIONS_KEY = 18;

export function advertisedVersions() {
  return [...apis.values()]
    .sort((one, other) => one.key - other.key)
    .map(({ key, minVersion, maxVersion, advertisedMinVersion }) => ({
      apiKey: key,
      minVersion: advertisedMinVersion ?? minVersion,
      maxVersion,
    }));
}

defineApi({
  key: API_VERSIONS_KEY,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  request: apiVersionsRequest,
  response: apiVersionsResponse,
  handle: () => ({ errorCode: ErrorCode.NONE, apiKeys: advertisedVersions() }),
});
