/**
 * kafkajs's modules, each run when it is first asked for. Where this runs from its source they are files of the package;
 * the build puts them into what it makes (scripts/setup/bundledKafkajs.ts): 240 files would be looked for and read at
 * each start, in the main process and again in the decoder's thread.
 */
import { createRequire } from 'node:module';
import type * as Kafkajs from 'kafkajs';

const require = createRequire(import.meta.url);

/** The public API. */
export const publicApi = () => require('kafkajs') as typeof Kafkajs;

export const packageDescription = (): unknown => require('kafkajs/package.json');

export const requestQueue = (): unknown => require('kafkajs/src/network/requestQueue');
export const connection = (): unknown => require('kafkajs/src/network/connection');
export const cluster = (): unknown => require('kafkajs/src/cluster');
export const loggers = (): unknown => require('kafkajs/src/loggers');

export const encoder = (): unknown => require('kafkajs/src/protocol/encoder');
export const decoder = (): unknown => require('kafkajs/src/protocol/decoder');
export const apiKeys = (): unknown => require('kafkajs/src/protocol/requests/apiKeys');
export const requests = (): unknown => require('kafkajs/src/protocol/requests');
export const errors = (): unknown => require('kafkajs/src/protocol/error');
export const messageSetDecoder = (): unknown => require('kafkajs/src/protocol/messageSet/decoder');
