import { array, arrayOf, boolean, int8, int16, int32, message, string } from '../schema.ts';

export const describeConfigsRequest = message('DescribeConfigsRequest', 4, {
  resources: array({
    /** 2 a topic, 4 a broker. */
    resourceType: int8(),
    resourceName: string(),
    /** Null asks for all. */
    configurationKeys: arrayOf(string(), { nullableFrom: 0 }),
  }),
  includeSynonyms: boolean({ from: 1, default: false }),
  includeDocumentation: boolean({ from: 3, default: false }),
});

export const describeConfigsResponse = message('DescribeConfigsResponse', 4, {
  throttleTimeMs: int32({ default: 0 }),
  results: array({
    errorCode: int16(),
    errorMessage: string({ nullableFrom: 0 }),
    resourceType: int8(),
    resourceName: string(),
    configs: array({
      name: string(),
      value: string({ nullableFrom: 0 }),
      readOnly: boolean(),
      configSource: int8({ from: 1, default: -1 }),
      isSensitive: boolean(),
      synonyms: array({ name: string(), value: string({ nullableFrom: 0 }), source: int8() }, { from: 1, default: [] }),
      configType: int8({ from: 3, default: 0 }),
      documentation: string({ from: 3, nullableFrom: 3, default: null }),
    }),
  }),
});
