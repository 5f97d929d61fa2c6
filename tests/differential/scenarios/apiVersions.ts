import { about } from '../scenario.ts';

/** What is served differs; the form of the answer does not. */
const only = ({ errorCode }: Readonly<Record<string, unknown>>) => ({ errorCode });

export const apiVersionsScenarios = about('ApiVersions', {
  'a client says who it is': (t) =>
    t.ask({ clientSoftwareName: 'geo-stream.test', clientSoftwareVersion: '1.0' }, { only }),
  'a name of nothing': { from: 3, run: (t) => t.ask({ clientSoftwareName: '', clientSoftwareVersion: '1' }, { only }) },
  'a name with signs that are not allowed': {
    from: 3,
    run: (t) => t.ask({ clientSoftwareName: 'a b', clientSoftwareVersion: '-1.0' }, { only }),
  },
  'an unknown version is answered in version 0': {
    from: 4,
    run: (t) => t.call('ApiVersions', { clientSoftwareName: 'a', clientSoftwareVersion: '1' }, { version: 90, only }),
  },
});
