/** Settings that mean something, and that this app has no counterpart for: what is so instead, and what to do. */

interface Unusable {
  /** Values that change nothing. */
  readonly harmless?: RegExp;
  readonly message: string;
  readonly action: string;
}

const TLS_OF_THE_APP: Unusable = {
  message: 'Is not taken over: TLS 1.2 and 1.3 are used, with the usual ciphers.',
  action: 'Nothing, unless Test connection fails at TLS.',
};
const JAVA: Unusable = {
  message: 'Names a part of Java, which cannot be loaded here.',
  action: 'Ask the owner of the cluster whether it can be done without.',
};
const TOKEN_BY_CREDENTIALS: Unusable = {
  message: 'Cannot be used here: a token is got with client id and client secret only.',
  action: 'Ask the owner of the cluster for a client id and a client secret.',
};

const UNUSABLE: Readonly<Record<string, Unusable>> = {
  'bootstrap.controllers': {
    message: 'Names controllers; records are kept by brokers.',
    action: 'Give the brokers as bootstrap servers.',
  },
  'ssl.protocol': { ...TLS_OF_THE_APP, harmless: /^TLS(?:v1\.[23])?$/ },
  'ssl.enabled.protocols': { ...TLS_OF_THE_APP, harmless: /^TLSv1\.[23](?:\s*,\s*TLSv1\.[23])*$/ },
  'ssl.cipher.suites': TLS_OF_THE_APP,
  'ssl.curves.list': TLS_OF_THE_APP,
  'ssl.sigalgs.list': TLS_OF_THE_APP,
  'ssl.provider': JAVA,
  'ssl.engine.factory.class': JAVA,
  'security.providers': JAVA,
  'ssl.providers': TLS_OF_THE_APP,
  'ssl.engine.location': TLS_OF_THE_APP,
  'ssl.crl.location': {
    message: 'Is left out: lists of revoked certificates are not looked at.',
    action: 'Do not rely on them here.',
  },
  'ssl.ca.certificate.stores': {
    message: "Is left out: without a CA the system's authorities are trusted.",
    action: 'Choose the CA in the form, if it is another one.',
  },
  'enable.ssl.certificate.verification': {
    harmless: /^true$/i,
    message: 'Is left out: the certificate of the broker is always checked.',
    action: 'Choose the CA that signed it in the form.',
  },
  'https.ca.location': {
    message: 'Is left out: the token endpoint is trusted by the CA of the profile, and by those of the system.',
    action: 'Add its certificate to the file with the CA.',
  },
  'https.ca.pem': {
    message: 'Is left out: the token endpoint is trusted by the CA of the profile, and by those of the system.',
    action: 'Add its certificate to the file with the CA.',
  },
  'sasl.login.class': JAVA,
  'sasl.client.callback.handler.class': JAVA,
  'sasl.login.callback.handler.class': { ...JAVA, harmless: /\.OAuthBearerLoginCallbackHandler$/ },
  'sasl.oauthbearer.jwt.retriever.class': {
    ...TOKEN_BY_CREDENTIALS,
    harmless: /\.(?:Default|ClientCredentials)JwtRetriever$/,
  },
  'sasl.oauthbearer.grant.type': { ...TOKEN_BY_CREDENTIALS, harmless: /^client_credentials$/ },
  'sasl.oauthbearer.method': { ...TOKEN_BY_CREDENTIALS, harmless: /^oidc$/i },
  'sasl.oauthbearer.metadata.authentication.type': { ...TOKEN_BY_CREDENTIALS, harmless: /^none$/i },
  'enable.sasl.oauthbearer.unsecure.jwt': { ...TOKEN_BY_CREDENTIALS, harmless: /^false$/i },
  'sasl.oauthbearer.config': TOKEN_BY_CREDENTIALS,
  'sasl.oauthbearer.assertion.file': TOKEN_BY_CREDENTIALS,
  'sasl.oauthbearer.assertion.private.key.file': TOKEN_BY_CREDENTIALS,
  'sasl.oauthbearer.assertion.private.key.pem': TOKEN_BY_CREDENTIALS,
  'sasl.oauthbearer.extensions': {
    message: 'Is left out: nothing can be sent along with the token.',
    action: 'Ask the owner of the cluster whether it can be done without.',
  },
};

/** undefined when the setting, as it is, changes nothing. @param value trimmed */
export function unusable(name: string, value: string): Unusable | undefined {
  const known = Object.hasOwn(UNUSABLE, name) ? UNUSABLE[name] : undefined;
  return value === '' || known?.harmless?.test(value) ? undefined : known;
}
