import { array, boolean, int16, int32, int64, message, string } from '../schema.ts';

export const apiVersionsRequest = message('ApiVersionsRequest', 3, {
  clientSoftwareName: string({ from: 3, default: '' }),
  clientSoftwareVersion: string({ from: 3, default: '' }),
});

export const apiVersionsResponse = message('ApiVersionsResponse', 3, {
  errorCode: int16(),
  apiKeys: array({ apiKey: int16(), minVersion: int16(), maxVersion: int16() }),
  throttleTimeMs: int32({ from: 1, default: 0 }),
  supportedFeatures: array(
    { name: string(), minVersion: int16(), maxVersion: int16() },
    { from: 3, tag: 0, default: [] },
  ),
  finalizedFeaturesEpoch: int64({ from: 3, tag: 1, default: -1 }),
  finalizedFeatures: array(
    { name: string(), maxVersionLevel: int16(), minVersionLevel: int16() },
    { from: 3, tag: 2, default: [] },
  ),
  zkMigrationReady: boolean({ from: 3, tag: 3, default: false }),
});
