/**
 * The names that Kafka's clients have for their settings: those of Java's producer, consumer and admin client (Kafka 4.3),
 * and those of librdkafka (CONFIGURATION.md) where they differ.
 */

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const TLS_SETTINGS = names(`
  ssl.truststore.type ssl.truststore.location ssl.truststore.certificates ssl.truststore.password
  ssl.keystore.type ssl.keystore.location ssl.keystore.certificate.chain ssl.keystore.key ssl.keystore.password
  ssl.key.password ssl.endpoint.identification.algorithm ssl.protocol ssl.enabled.protocols ssl.cipher.suites
  ssl.provider ssl.engine.factory.class ssl.keymanager.algorithm ssl.trustmanager.algorithm
  ssl.secure.random.implementation
  ssl.ca.location ssl.ca.pem ssl.ca.certificate.stores ssl.certificate.location ssl.certificate.pem ssl.key.location
  ssl.key.pem ssl.crl.location ssl.curves.list ssl.sigalgs.list ssl.providers ssl.engine.location ssl.engine.id
  enable.ssl.certificate.verification`);

export const SASL_SETTINGS = names(`
  sasl.mechanism sasl.mechanisms sasl.jaas.config sasl.username sasl.password sasl.login.class
  sasl.login.callback.handler.class sasl.client.callback.handler.class sasl.login.connect.timeout.ms
  sasl.login.read.timeout.ms sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds
  sasl.login.refresh.window.factor sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms
  sasl.login.retry.backoff.ms sasl.kerberos.keytab sasl.kerberos.kinit.cmd sasl.kerberos.min.time.before.relogin
  sasl.kerberos.principal sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter
  sasl.kerberos.ticket.renew.window.factor
  sasl.oauthbearer.token.endpoint.url sasl.oauthbearer.client.credentials.client.id
  sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.scope sasl.oauthbearer.client.id
  sasl.oauthbearer.client.secret sasl.oauthbearer.method sasl.oauthbearer.grant.type sasl.oauthbearer.config
  sasl.oauthbearer.extensions sasl.oauthbearer.metadata.authentication.type sasl.oauthbearer.header.urlencode
  sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.clock.skew.seconds
  sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer sasl.oauthbearer.jwks.endpoint.url
  sasl.oauthbearer.jwks.endpoint.refresh.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
  sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.scope.claim.name
  sasl.oauthbearer.sub.claim.name sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud
  sasl.oauthbearer.assertion.claim.exp.seconds sasl.oauthbearer.assertion.claim.iss
  sasl.oauthbearer.assertion.claim.jti.include sasl.oauthbearer.assertion.claim.nbf.seconds
  sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file sasl.oauthbearer.assertion.private.key.file
  sasl.oauthbearer.assertion.private.key.passphrase sasl.oauthbearer.assertion.private.key.pem
  sasl.oauthbearer.assertion.template.file sasl.oauthbearer.assertion.jwt.template.file
  enable.sasl.oauthbearer.unsecure.jwt https.ca.location https.ca.pem`);

const OTHERS = names(`
  acks allow.auto.create.topics auto.commit.interval.ms auto.offset.reset batch.size bootstrap.controllers buffer.memory
  check.crcs security.providers
  client.dns.lookup client.rack compression.gzip.level compression.lz4.level compression.type compression.zstd.level
  config.providers connections.max.idle.ms default.api.timeout.ms delivery.timeout.ms enable.auto.commit
  enable.idempotence enable.metrics.push exclude.internal.topics fetch.max.bytes fetch.max.wait.ms fetch.min.bytes
  group.id group.instance.id group.protocol group.remote.assignor heartbeat.interval.ms interceptor.classes
  internal.throw.on.fetch.stable.offset.unsupported isolation.level key.deserializer key.serializer linger.ms
  max.block.ms max.in.flight.requests.per.connection max.partition.fetch.bytes max.poll.interval.ms max.poll.records
  max.request.size metadata.max.age.ms metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms
  metadata.recovery.strategy metric.reporters metrics.num.samples metrics.recording.level metrics.sample.window.ms
  auto.include.jmx.reporter partition.assignment.strategy partitioner.adaptive.partitioning.enable
  partitioner.availability.timeout.ms partitioner.class partitioner.ignore.keys receive.buffer.bytes
  reconnect.backoff.max.ms reconnect.backoff.ms request.timeout.ms retries retry.backoff.max.ms retry.backoff.ms
  send.buffer.bytes session.timeout.ms share.acknowledgement.mode share.acquire.mode
  socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms transaction.timeout.ms
  transaction.two.phase.commit.enable transactional.id value.deserializer value.serializer
  api.version.fallback.ms api.version.request api.version.request.timeout.ms auto.commit.enable batch.num.messages
  broker.address.family broker.address.ttl broker.version.fallback builtin.features compression.codec
  compression.level consume.callback.max.messages coordinator.query.interval.ms debug delivery.report.only.error
  enable.auto.offset.store enable.gapless.guarantee enable.partition.eof enable.random.seed enabled_events
  fetch.error.backoff.ms fetch.message.max.bytes fetch.queue.backoff.ms fetch.wait.max.ms group.protocol.type
  internal.termination.signal log.connection.close log.queue log.thread.name log_level max.in.flight
  message.copy.max.bytes message.max.bytes message.send.max.retries message.timeout.ms offset.store.method
  offset.store.path offset.store.sync.interval.ms partitioner plugin.library.paths produce.offset.report
  queue.buffering.backpressure.threshold queue.buffering.max.kbytes queue.buffering.max.messages
  queue.buffering.max.ms queued.max.messages.kbytes queued.min.messages queuing.strategy receive.message.max.bytes
  reconnect.backoff.jitter.ms request.required.acks socket.blocking.max.ms socket.keepalive.enable socket.max.fails
  socket.nagle.disable socket.receive.buffer.bytes socket.send.buffer.bytes socket.timeout.ms statistics.interval.ms
  sticky.partitioning.linger.ms topic.blacklist topic.metadata.propagation.max.ms
  topic.metadata.refresh.fast.cnt topic.metadata.refresh.fast.interval.ms topic.metadata.refresh.interval.ms
  topic.metadata.refresh.sparse`);

/** Of a schema registry, of providers of variables and of serializers, whose names their makers choose. */
const FAMILIES = /^(?:schema\.registry|basic\.auth|bearer\.auth|config\.providers|(?:key|value)\.(?:de)?serializer)\./;

/** Known, and without a meaning for an app that reads by offset and sends in its own way. */
export const hasNoUseHere = (name: string): boolean => OTHERS.has(name) || FAMILIES.test(name);
