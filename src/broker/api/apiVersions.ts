/**
 * ApiVersions 0-4: 1 adds the throttle time, 3 is flexible (KIP-482, KIP-511), 4 allows features from version 0.
 * Its response header is always version 0, because a client that sends it knows nothing of the broker yet.
 */

import { ErrorCode } from '../wire/errorCode.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../wire/messages/apiVersions.ts';
import { apis, defineApi } from './registry.ts';

export const API_VERSIONS_KEY = 18;

/** What a client may call itself and its version (KIP-511). */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/;

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
  handle({ clientSoftwareName, clientSoftwareVersion }, { version }) {
    if (version >= 3 && ![clientSoftwareName, clientSoftwareVersion].every((word) => SOFTWARE.test(word))) {
      return { errorCode: ErrorCode.INVALID_REQUEST, apiKeys: [] };
    }
    return { errorCode: ErrorCode.NONE, apiKeys: advertisedVersions() };
  },
});
