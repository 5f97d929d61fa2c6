/** Errors of the cluster in the app's own words: what went wrong, what to do, and whether trying again may help. */

import { formatServer, parseServer } from './serverAddress';

export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  constructor(
    readonly code: string,
    message: string,
    /** What the person can do. */
    readonly action: string,
    /** True when the same call may succeed later without anybody's doing. */
    readonly retriable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface Known {
  readonly message: string;
  readonly action: string;
  readonly retriable: boolean;
}

/** Kafka's protocol error types (kafka.apache.org/protocol#protocol_error_codes) that deserve words of their own. */
const BY_TYPE: Readonly<Record<string, Known>> = {
  UNKNOWN_TOPIC_OR_PARTITION: {
    message: 'The topic does not exist on this cluster.',
    action: 'Create the topic, or take the layer off the map.',
    retriable: true,
  },
  NOT_LEADER_FOR_PARTITION: {
    message: 'Another broker is taking over its lead.',
    action: 'Wait a moment.',
    retriable: true,
  },
  LEADER_NOT_AVAILABLE: {
    message: 'It has no leader at the moment.',
    action: 'Wait until its broker is back, or the cluster has chosen another one.',
    retriable: true,
  },
  UNKNOWN_TOPIC_ID: {
    message: 'The broker does not know the topic; it may have been deleted.',
    action: 'Create the topic, or take the layer off the map.',
    retriable: true,
  },
  TOPIC_ALREADY_EXISTS: {
    message: 'A topic of that name exists already.',
    action: 'Choose another name, or use the topic that is there.',
    retriable: false,
  },
  INVALID_TOPIC_EXCEPTION: {
    message: 'Kafka does not accept that topic name.',
    action: 'Use letters, digits, ".", "_" and "-", at most 249 characters.',
    retriable: false,
  },
  TOPIC_AUTHORIZATION_FAILED: {
    message: 'The cluster does not allow this user to use the topic.',
    action: 'Ask the owner of the cluster for access to the topic.',
    retriable: false,
  },
  GROUP_AUTHORIZATION_FAILED: {
    message: 'The cluster does not allow this user to use the consumer group.',
    action: 'Ask the owner of the cluster for access to the group.',
    retriable: false,
  },
  CLUSTER_AUTHORIZATION_FAILED: {
    message: 'The cluster does not allow this user to do that.',
    action: 'Ask the owner of the cluster for the right to do it.',
    retriable: false,
  },
  TOPIC_DELETION_DISABLED: {
    message: 'This cluster does not allow topics to be deleted.',
    action: 'Set delete.topic.enable=true on the cluster, or leave the topic.',
    retriable: false,
  },
  INVALID_REPLICATION_FACTOR: {
    message: 'The cluster has too few brokers for its replication factor.',
    action: "Start more brokers, or lower the cluster's default replication factor.",
    retriable: false,
  },
  MESSAGE_TOO_LARGE: {
    message: 'The record is larger than the cluster accepts.',
    action: 'Send less, or raise max.message.bytes of the topic.',
    retriable: false,
  },
  RECORD_LIST_TOO_LARGE: {
    message: 'The records are larger than the cluster accepts.',
    action: 'Send fewer at once.',
    retriable: false,
  },
  KAFKA_STORAGE_ERROR: {
    message: 'The broker cannot write to its disk.',
    action: 'Make room on the disk; what was acknowledged is safe.',
    retriable: true,
  },
  OFFSET_OUT_OF_RANGE: {
    message: 'Kafka no longer holds a record at that offset.',
    action: 'It was deleted by retention, or the topic was made anew. Read from the beginning to see what there is.',
    retriable: false,
  },
  NOT_ENOUGH_REPLICAS: {
    message: 'Too few replicas are in step to accept the record.',
    action: 'Wait until the brokers are back.',
    retriable: true,
  },
};

const CONNECTION_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens at that address',
  ECONNRESET: 'The broker closed the connection',
  ENOTFOUND: 'The host name is not known',
  EAI_AGAIN: 'The host name could not be looked up',
  EHOSTUNREACH: 'The host cannot be reached',
  ENETUNREACH: 'The network cannot be reached',
  ETIMEDOUT: 'The broker does not answer',
  EPIPE: 'The broker closed the connection',
  ERR_BUFFER_OUT_OF_BOUNDS: 'The broker gave an answer that breaks off',
  NOT_KAFKA: 'What listens there does not answer as Kafka does',
};

/** What is wrong with the certificates, by the code of Node's TLS, and what cures it. */
const UNTRUSTED = 'Choose the certificate of the authority that signed it as CA in the profile.';
const TLS_CODES: Readonly<Record<string, readonly [string, string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['The certificate of the broker is self-signed, and not trusted.', UNTRUSTED],
  SELF_SIGNED_CERT_IN_CHAIN: ['The authority that signed the certificate of the broker is not trusted.', UNTRUSTED],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['The authority that signed the certificate of the broker is not known.', UNTRUSTED],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'The authority that signed the certificate of the broker is not known.',
    UNTRUSTED,
  ],
  CERT_SIGNATURE_FAILURE: ['The certificate of the broker was signed by another authority of that name.', UNTRUSTED],
  CERT_HAS_EXPIRED: ['The certificate of the broker has expired.', 'Have the broker given a new one.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'The certificate of the broker is made out to another host.',
    'Use a host name that is in the certificate, or, for tests only, switch the check of the host name off.',
  ],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [
    'The broker asks for a client certificate.',
    'Choose a client certificate and its key in the profile.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'The listener does not speak TLS.',
    'Set the encryption of the profile to none, or use the TLS port.',
  ],
  EPROTO: ['The listener does not speak TLS as expected.', 'Check that the port is that of a TLS listener.'],
};

function causeChain(error: unknown): Record<string, unknown>[] {
  const chain: Record<string, unknown>[] = [];
  let at: unknown = error;
  while (typeof at === 'object' && at !== null && chain.length < 8) {
    const fields = at as Record<string, unknown>;
    chain.push(fields);
    const inner: unknown = Array.isArray(fields.errors) && fields.errors.length > 0 ? fields.errors[0] : undefined;
    at = fields.cause ?? fields.originalError ?? inner;
  }
  return chain;
}

/** Whatever a Kafka client threw, as a KafkaError. */
export function toKafkaError(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  const chain = causeChain(error);
  // One of our own, thrown within kafkajs (no token could be got), comes back wrapped.
  for (const cause of chain) if (cause instanceof KafkaError) return cause;
  const message = error instanceof Error ? error.message : String(error);
  for (const { type } of chain) {
    const known = typeof type === 'string' ? BY_TYPE[type] : undefined;
    if (known) return new KafkaError(String(type), known.message, known.action, known.retriable, { cause: error });
  }
  for (const fields of chain) {
    const code = typeof fields.code === 'string' ? fields.code : '';
    const words = CONNECTION_CODES[code];
    if (words !== undefined) {
      const broker = chain.map((f) => f.broker).find((b) => typeof b === 'string');
      return new KafkaError(
        code,
        typeof broker === 'string' ? `${words} (${formatServer(parseServer(broker))}).` : `${words}.`,
        'Check that Kafka runs there, and that the profile (or KAFKA_URI and KAFKA_PORT) names it.',
        true,
        { cause: error },
      );
    }
  }
  const named = (name: string) => chain.some((fields) => fields.name === name);
  if (named('KafkaJSConnectionClosedError')) {
    return new KafkaError(
      'CONNECTION_CLOSED',
      'The other side closed the connection.',
      'Check that Kafka listens there, and that the profile has the encryption and the sign-in that it asks for.',
      true,
      { cause: error },
    );
  }
  const tls = chain.map(({ code }) => TLS_CODES[String(code)]).find((known) => known !== undefined);
  if (tls) return new KafkaError('TLS', tls[0], tls[1], false, { cause: error });
  if (named('KafkaJSSASLAuthenticationError')) {
    return new KafkaError(
      'SASL_AUTHENTICATION_FAILED',
      'The cluster refuses the sign-in.',
      'Check the mechanism, the user name and the password (or the token) in the profile.',
      false,
    );
  }
  if (named('KafkaJSGroupCoordinatorNotFound')) {
    return new KafkaError(
      'COORDINATOR_NOT_AVAILABLE',
      "The cluster's group coordinator is not available.",
      'Wait a little; the cluster is choosing one.',
      true,
      { cause: error },
    );
  }
  if (named('KafkaJSRequestTimeoutError')) {
    return new KafkaError(
      'TIMEOUT',
      'The broker did not answer in time.',
      'Check that Kafka listens there, and that the broker is not overloaded.',
      true,
      {
        cause: error,
      },
    );
  }
  if (named('KafkaJSConnectionError')) {
    return new KafkaError('CONNECTION', message, 'Check the address, and that the broker runs.', true, {
      cause: error,
    });
  }
  if (named('KafkaJSNotImplemented') || named('CodecError')) {
    return new KafkaError('UNSUPPORTED_CODEC', message, 'Produce the topic with gzip, or without compression.', false, {
      cause: error,
    });
  }
  const retriable = chain.some((fields) => fields.retriable === true);
  return new KafkaError('CLUSTER', message, 'Try again; if it stays, look at the log of the broker.', retriable, {
    cause: error,
  });
}

/** The protocol's type of a failed call, such as OFFSET_OUT_OF_RANGE; undefined for other errors. */
export function protocolErrorType(error: unknown): string | undefined {
  for (const { type } of causeChain(error)) if (typeof type === 'string') return type;
  return undefined;
}
