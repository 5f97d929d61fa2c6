import { describe, expect, it } from 'vitest';
import { type ClientSettings, readClientProperties } from '../../../src/main/profiles/import/clientProperties';
import { parseProperties } from '../../../src/main/profiles/import/properties';

function read(text: string): ClientSettings {
  const settings = readClientProperties(parseProperties(text));
  if (settings === null) throw new Error('no setting of a Kafka client');
  return settings;
}
/** "setting: message" of each finding. */
const told = ({ findings }: ClientSettings) => findings.map(({ setting, message }) => `${setting}: ${message}`);

const JAAS = 'sasl.jaas.config=org.apache.kafka.common.security';
const SASL = 'bootstrap.servers=a:1\nsecurity.protocol=SASL_PLAINTEXT';

describe('a client.properties file', () => {
  it('is a cluster in the clear where it says no more than its servers', () => {
    expect(read('bootstrap.servers=kafka-1:9092, kafka-2:9092 ,\nclient.id=me')).toEqual({
      bootstrap: ['kafka-1:9092', 'kafka-2:9092'],
      clientId: 'me',
      tls: null,
      sasl: null,
      password: undefined,
      clientSecret: undefined,
      findings: [],
      notNeeded: [],
    });
  });

  it.each([
    ['PLAINTEXT', false, false],
    ['SSL', true, false],
    ['SASL_PLAINTEXT', false, true],
    ['SASL_SSL', true, true],
    ['sasl_ssl', true, true],
  ])('is encrypted and signed in to by security.protocol: %s', (protocol, encrypted, signsIn) => {
    const { tls, sasl, findings } = read(
      `security.protocol=${protocol}\nsasl.mechanism=PLAIN\nsasl.username=u\nssl.ca.location=ca.pem`,
    );
    expect([tls !== null, sasl !== null]).toEqual([encrypted, signsIn]);
    // What then has no effect is told.
    expect(findings.length).toBe(encrypted && signsIn ? 0 : 1);
  });

  it('tells settings of TLS and SASL that have no effect without security.protocol', () => {
    const settings = read(`sasl.mechanism=PLAIN\n${JAAS}.plain.PlainLoginModule required username="a" password="b";`);
    expect(settings.sasl).toBeNull();
    expect(told(settings)).toEqual([
      'sasl.mechanism, sasl.jaas.config: Have no effect with the security.protocol of this file.',
    ]);
    expect(told(read('security.protocol=TLS'))).toEqual([
      'security.protocol: Is none of PLAINTEXT, SSL, SASL_PLAINTEXT and SASL_SSL.',
    ]);
  });

  it.each([
    ['PLAIN', 'plain.PlainLoginModule'],
    ['SCRAM-SHA-256', 'scram.ScramLoginModule'],
    ['SCRAM-SHA-512', 'scram.ScramLoginModule'],
  ])('signs in with %s', (mechanism, loginModule) => {
    const settings = read(`${SASL}\nsasl.mechanism=${mechanism}
${JAAS}.${loginModule} required \\
    username="alice" \\
    password="s=cr;t";`);
    expect(settings).toMatchObject({ sasl: { mechanism, username: 'alice' }, password: 's=cr;t', findings: [] });
  });

  it("signs in with librdkafka's names", () => {
    const settings = read(`metadata.broker.list=a:1
security.protocol=sasl_plaintext\nsasl.mechanisms=scram-sha-256\nsasl.username=alice\nsasl.password=secret`);
    expect(settings).toMatchObject({
      bootstrap: ['a:1'],
      sasl: { mechanism: 'SCRAM-SHA-256', username: 'alice' },
      password: 'secret',
      findings: [],
    });
  });

  it('signs in with a token, by the login module of older versions', () => {
    const settings = read(`${SASL}\nsasl.mechanism=OAUTHBEARER
sasl.oauthbearer.token.endpoint.url=https://login.example.org/token
sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerLoginCallbackHandler
${JAAS}.oauthbearer.OAuthBearerLoginModule required clientId="me" clientSecret="mine" scope="read write";`);
    expect(settings).toMatchObject({
      sasl: {
        mechanism: 'OAUTHBEARER',
        tokenEndpoint: 'https://login.example.org/token',
        clientId: 'me',
        scope: 'read write',
      },
      clientSecret: 'mine',
      findings: [],
      notNeeded: ['sasl.login.callback.handler.class'],
    });
  });

  it.each([
    ['Kafka 4.1', 'client.credentials.client.id', 'client.credentials.client.secret', ''],
    ['librdkafka', 'client.id', 'client.secret', 'sasl.oauthbearer.method=oidc'],
  ])(
    'signs in with a token, by the names of %s, which come before those of the login module',
    (_, id, secret, more) => {
      const settings = read(`${SASL}\nsasl.mechanism=OAUTHBEARER\n${more}
sasl.oauthbearer.token.endpoint.url=http://localhost/token
sasl.oauthbearer.${id}=me\nsasl.oauthbearer.${secret}=mine\nsasl.oauthbearer.scope=all
${JAAS}.oauthbearer.OAuthBearerLoginModule required clientId="old" clientSecret="old" scope="old";`);
      expect(settings).toMatchObject({
        sasl: { tokenEndpoint: 'http://localhost/token', clientId: 'me', scope: 'all' },
        clientSecret: 'mine',
        findings: [],
      });
    },
  );

  it('has tokens of other kinds told', () => {
    const settings = read(`${SASL}\nsasl.mechanism=OAUTHBEARER
sasl.oauthbearer.token.endpoint.url=file:///run/token
sasl.oauthbearer.jwt.retriever.class=org.apache.kafka.common.security.oauthbearer.JwtBearerJwtRetriever
sasl.oauthbearer.extensions=logicalCluster=lkc-1
sasl.login.callback.handler.class=io.strimzi.kafka.oauth.client.JaasClientOauthLoginCallbackHandler
${JAAS}.oauthbearer.OAuthBearerLoginModule required oauth.client.id="me" unsecuredLoginStringClaim_sub="x";`);
    expect(settings.sasl).toMatchObject({ tokenEndpoint: '', clientId: '' });
    expect(told(settings)).toEqual([
      'sasl.jaas.config: Has options that cannot be used here: oauth.client.id, unsecuredLoginStringClaim_sub.',
      'sasl.oauthbearer.token.endpoint.url: Is no address that starts with https:// or http://.',
      'sasl.oauthbearer.jwt.retriever.class: Cannot be used here: a token is got with client id and client secret only.',
      'sasl.oauthbearer.extensions: Is left out: nothing can be sent along with the token.',
      'sasl.login.callback.handler.class: Names a part of Java, which cannot be loaded here.',
    ]);
  });

  it.each([
    ['GSSAPI', 'Is Kerberos (GSSAPI), which is not among the ways to sign in here.'],
    ['AWS_MSK_IAM', "Is AWS's IAM, which is not among the ways to sign in here."],
    ['EXTERNAL', 'Is none of the ways to sign in here.'],
  ])('has a mechanism told that cannot be used: %s', (mechanism, message) => {
    const settings = read(
      `${SASL}\nsasl.mechanism=${mechanism}\n${JAAS}.x.Y required;\nsasl.kerberos.service.name=kafka`,
    );
    expect(settings.sasl).toBeNull();
    expect(told(settings)).toEqual([
      `sasl.mechanism: ${message}`,
      'sasl.jaas.config, sasl.kerberos.service.name: Belong to the sign-in that cannot be used here.',
    ]);
  });

  it('has a mechanism told that is not there', () => {
    expect(told(read(SASL))).toEqual([
      "sasl.mechanism: Is not there, and Kafka's default, Kerberos (GSSAPI), cannot be used here.",
    ]);
  });

  it('has a login module told that is broken, or of another mechanism', () => {
    expect(told(read(`${SASL}\nsasl.mechanism=PLAIN\n${JAAS}.PlainLoginModule required\n  username="a"`))).toEqual([
      'sasl.jaas.config: Is not whole: there is no ";" at its end.',
      'username: Is not known here.',
    ]);
    const other = read(`${SASL}\nsasl.mechanism=SCRAM-SHA-512\n${JAAS}.PlainLoginModule required username="a";`);
    expect(other.sasl).toEqual({ mechanism: 'SCRAM-SHA-512', username: 'a' });
    expect(told(other)).toEqual(['sasl.jaas.config: Names a login module other than ScramLoginModule.']);
  });

  it('has PEM in itself, or in files that it names', () => {
    const { tls, findings } = read(`security.protocol=SSL
ssl.truststore.type=PEM\nssl.truststore.certificates=-----BEGIN CERTIFICATE-----\\\nMII
ssl.keystore.type=PEM\nssl.keystore.certificate.chain=CHAIN\nssl.keystore.key=KEY\nssl.key.password=pass`);
    expect(tls).toEqual({
      ca: { kind: 'text', setting: { name: 'ssl.truststore.certificates', value: '-----BEGIN CERTIFICATE-----MII' } },
      certificate: { kind: 'text', setting: { name: 'ssl.keystore.certificate.chain', value: 'CHAIN' } },
      key: { kind: 'text', setting: { name: 'ssl.keystore.key', value: 'KEY' } },
      keyPassphrase: 'pass',
      checkHostname: true,
    });
    expect(findings).toEqual([]);
    const stores = read('security.protocol=SSL\nssl.truststore.location=t\nssl.keystore.location=k').tls;
    expect(stores?.ca).toEqual({ kind: 'file', setting: { name: 'ssl.truststore.location', value: 't' } });
    // One file with both.
    const keystore = { kind: 'file', setting: { name: 'ssl.keystore.location', value: 'k' } };
    expect([stores?.certificate, stores?.key]).toEqual([keystore, keystore]);
    const rd = read(
      'security.protocol=ssl\nssl.ca.location=c\nssl.certificate.location=d\nssl.key.location=e\nssl.key.password=p',
    ).tls;
    expect([rd?.ca, rd?.certificate, rd?.key].map((source) => source?.setting.value)).toEqual(['c', 'd', 'e']);
    expect(rd?.keyPassphrase).toBe('p');
    expect(read('security.protocol=ssl\nssl.ca.location=probe')).toMatchObject({ tls: { ca: null }, findings: [] });
  });

  it.each([
    ['', true],
    ['ssl.endpoint.identification.algorithm=', false],
    ['ssl.endpoint.identification.algorithm', false],
    ['ssl.endpoint.identification.algorithm=none', false],
    ['ssl.endpoint.identification.algorithm=HTTPS', true],
    ['ssl.endpoint.identification.algorithm=x', true],
  ])('checks the host name unless it says not to: %j', (line, checkHostname) => {
    expect(read(`security.protocol=SSL\n${line}`).tls).toMatchObject({ checkHostname });
  });

  it.each([
    'ssl.cipher.suites=TLS_AES_128_GCM_SHA256',
    'ssl.enabled.protocols=TLSv1.1,TLSv1.2',
    'ssl.engine.factory.class=com.example.Factory',
    'ssl.crl.location=crl.pem',
    'enable.ssl.certificate.verification=false',
    'ssl.endpoint.identification.algorithm=LDAPS',
    'security.providers=com.example.Provider',
  ])('has what cannot be taken over told: %s', (line) => {
    const settings = read(`security.protocol=SSL\n${line}`);
    expect(settings.findings).toEqual([
      {
        setting: line.split('=')[0],
        message: expect.stringMatching(/^[A-Z].*\.$/),
        action: expect.stringMatching(/./),
      },
    ]);
    expect(settings.notNeeded).toEqual([]);
  });

  it('says nothing where such a setting changes nothing', () => {
    const settings = read(`security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.username=u\nssl.protocol=TLSv1.3
ssl.enabled.protocols=TLSv1.2, TLSv1.3\nssl.cipher.suites=\nenable.ssl.certificate.verification=true
sasl.oauthbearer.extensions=a=b\nsasl.kerberos.service.name=kafka`);
    expect(settings.findings).toEqual([]);
    expect(settings.notNeeded).toEqual([
      'ssl.protocol',
      'ssl.enabled.protocols',
      'ssl.cipher.suites',
      'enable.ssl.certificate.verification',
      'sasl.oauthbearer.extensions',
      'sasl.kerberos.service.name',
    ]);
  });

  it('has variables told, and takes them for no value', () => {
    const settings = read(`bootstrap.servers=\${env:SERVERS}\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN
${JAAS}.plain.PlainLoginModule required username="alice" password="\${file:/run/secrets:pw}";
ssl.truststore.location=\${CA}\nconfig.providers=env\nconfig.providers.env.class=x`);
    expect(settings).toMatchObject({
      bootstrap: [],
      sasl: { username: 'alice' },
      password: undefined,
      tls: { ca: null },
    });
    const variable = `Is a variable (\${…}), which is filled in only where the file is used.`;
    expect(told(settings)).toEqual([
      `bootstrap.servers: ${variable}`,
      `ssl.truststore.location: ${variable}`,
      `sasl.jaas.config, password: ${variable}`,
    ]);
    expect(settings.notNeeded).toEqual(['config.providers', 'config.providers.env.class']);
    const whole = read(`${SASL}\nsasl.mechanism=PLAIN\nsasl.jaas.config=\${file:/run/kafka:jaas}`);
    expect(told(whole)).toEqual([`sasl.jaas.config: ${variable}`]);
  });

  it('lists what has no use here in one line, and what is not known in another', () => {
    const settings = read(`bootstrap.servers=a:1\nacks=all\nbatch.size=1\ngroup.id=g\nkey.serializer=x
value.deserializer.specific.avro.reader=true\nschema.registry.url=http://x\nsasl.jaas.confg=y\nfoo.bar=z`);
    expect(settings.notNeeded).toEqual([
      'acks',
      'batch.size',
      'group.id',
      'key.serializer',
      'value.deserializer.specific.avro.reader',
      'schema.registry.url',
    ]);
    expect(told(settings)).toEqual(['sasl.jaas.confg, foo.bar: Are not known here.']);
  });

  it('says what is there twice, in two ways, or in pieces', () => {
    expect(told(read('client.id=a\nclient.id=b'))).toEqual([
      'client.id: Is there more than once; the last one counts.',
    ]);
    expect(read('client.id=a\nclient.id=b').clientId).toBe('b');
    const twice = read(`${SASL}\nsasl.mechanism=PLAIN\nsasl.mechanisms=SCRAM-SHA-256\nsasl.username=u`);
    expect(twice.sasl?.mechanism).toBe('PLAIN');
    expect(told(twice)).toEqual(['sasl.mechanisms: Says otherwise than sasl.mechanism, which counts.']);
    const both = read('security.protocol=SSL\nssl.truststore.certificates=x\nssl.truststore.location=y');
    expect(told(both)).toEqual([
      'ssl.truststore.location: Is left out, for ssl.truststore.certificates holds the same.',
    ]);
  });

  it('shows no piece of a value that strayed into the place of a name', () => {
    const settings = read(`security.protocol=SSL\nssl.keystore.key=-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC7\nabcdefgh/ij+kl==\n-----END PRIVATE KEY-----`);
    expect(told(settings)).toContain('Lines 3, 4, 5: No name of a setting is at the beginning.');
    expect(JSON.stringify([settings.findings, settings.notNeeded])).not.toMatch(/MII|abcdef|END/);
  });

  it('is none where nothing in it is a setting of a Kafka client', () => {
    for (const text of ['', '# nothing', 'a=b', '{"json": true}', 'server.port=80']) {
      expect(readClientProperties(parseProperties(text))).toBeNull();
    }
  });

  it('loses no setting without a word', () => {
    const text = `bootstrap.servers=a:1\nclient.id=c\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN
sasl.username=u\nsasl.password=p\nssl.truststore.location=t\nssl.truststore.type=JKS\nssl.truststore.password=x
ssl.keystore.password=y\nssl.cipher.suites=z\nacks=1\nsomething.else=2\nhttps.ca.location=q`;
    const settings = read(text);
    const taken = [
      'bootstrap.servers',
      'client.id',
      'security.protocol',
      'sasl.mechanism',
      'sasl.username',
      'sasl.password',
      'ssl.truststore.location',
      'ssl.truststore.type',
    ];
    const named = settings.findings.flatMap(({ setting }) => setting.split(', '));
    expect([...taken, ...named, ...settings.notNeeded].sort()).toEqual(
      parseProperties(text)
        .map(({ key }) => key)
        .sort(),
    );
  });
});
