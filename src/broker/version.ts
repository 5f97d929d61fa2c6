/** As in package.json, which is not there where the broker is built into one file; a test holds the two together. */
export const BROKER_VERSION = '0.1.0';
