/**
 * Profiles: how the clusters that a person works with are reached, and the test of a connection. Part of the contract
 * between the page and the main process. Secrets go one way only, from the page to the main process.
 */
import { z } from 'zod';

/** What of a profile is kept in secret. The page never sees more than these names. */
export const secretName = z.enum(['password', 'clientSecret', 'key', 'keyPassphrase']);
export type SecretName = z.infer<typeof secretName>;

export const saslMechanism = z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']);
export type SaslMechanism = z.infer<typeof saslMechanism>;

/** Certificates in PEM are public; the private key is a secret. */
const pem = z.string().max(1_000_000, 'A certificate file has at most 1 MB.');

export const profileTls = z.object({
  /** Authorities to trust, PEM; null: those of the system. */
  ca: pem.nullable(),
  /** The client's certificate (chain), PEM; its key is the secret `key`. */
  certificate: pem.nullable(),
  /** Whether the certificate has to name the host. Off only for tests. */
  checkHostname: z.boolean(),
});

export const profileSasl = z.discriminatedUnion('mechanism', [
  z.object({
    mechanism: saslMechanism.exclude(['OAUTHBEARER']),
    username: z.string().min(1, 'Give a user name.').max(1_000),
  }),
  z.object({
    mechanism: z.literal('OAUTHBEARER'),
    /** Where a token is got with client credentials (RFC 6749, 4.4). */
    tokenEndpoint: z
      .url({ protocol: /^https?$/, error: 'Give an address that starts with https:// (or http://).' })
      .max(2_000),
    clientId: z.string().min(1, 'Give the client id.').max(1_000),
    scope: z.string().max(1_000).nullable(),
  }),
]);

/** An IPv6 address, with the zone of a link-local one (RFC 4007). */
const ipv6 = z.ipv6();
const isIpv6 = (text: string): boolean => ipv6.safeParse(text.replace(/%[a-zA-Z0-9._-]{1,30}$/, '')).success;

/** A host as a bootstrap server has it: a name, an IPv4 address, or an IPv6 address in brackets. */
export const isHost = (text: string): boolean =>
  text.startsWith('[') && text.endsWith(']') ? isIpv6(text.slice(1, -1)) : /^[a-zA-Z0-9._-]+$/.test(text);

/** `host:port`, IPv6 in brackets. */
export const bootstrapServer = z
  .string()
  .max(300)
  .refine((text) => !isIpv6(text), 'Write an IPv6 address in brackets: [::1]:9092.')
  .refine(
    (text) => /:\d{1,5}$/.test(text) && isHost(text.slice(0, text.lastIndexOf(':'))),
    'Write each server as host:port.',
  )
  .refine((text) => {
    const port = Number(text.slice(text.lastIndexOf(':') + 1));
    return port >= 1 && port <= 65_535;
  }, 'A port is between 1 and 65535.');

/** What the person configures of a cluster, without its secrets. */
export const profileFields = z.object({
  name: z.string().trim().min(1, 'Give the profile a name.').max(100, 'A name has at most 100 characters.'),
  bootstrap: z
    .array(bootstrapServer)
    .min(1, 'Give at least one bootstrap server.')
    .max(50, 'At most 50 bootstrap servers.'),
  clientId: z
    .string()
    .min(1, 'Give a client id.')
    .max(200, 'A client id has at most 200 characters.')
    .regex(/^[\x21-\x7e]+$/, 'A client id holds printable ASCII characters, no spaces.'),
  readOnly: z.boolean(),
  tls: profileTls.nullable(),
  sasl: profileSasl.nullable(),
});
export type ProfileFields = z.infer<typeof profileFields>;

/** A secret as the person typed it. */
const typedSecret = z.object({ kind: z.literal('typed'), text: z.string().min(1).max(100_000) });
/** One that came from a file: the main process holds it under the token, and the page has never seen it. */
const heldSecret = z.object({ kind: z.literal('held'), token: z.string().min(1).max(100) });
const newSecret = z.discriminatedUnion('kind', [typedSecret, heldSecret]);
export type NewSecret = z.infer<typeof newSecret>;

/** On their way to the main process. A private key is never typed. */
export const newSecrets = z
  .object({ password: newSecret, clientSecret: newSecret, key: heldSecret, keyPassphrase: newSecret })
  .partial();
export type NewSecrets = z.infer<typeof newSecrets>;

export const profileDraft = z.object({
  /** null: a new profile. */
  id: z.string().max(100).nullable(),
  fields: profileFields,
  /** A name that is absent leaves the secret as it is; null forgets it. */
  secrets: z
    .object({
      password: newSecret.nullable(),
      clientSecret: newSecret.nullable(),
      key: heldSecret.nullable(),
      keyPassphrase: newSecret.nullable(),
    })
    .partial(),
  /** Whether secrets are written to disk, encrypted, or forgotten when the app ends. */
  keepSecrets: z.boolean(),
});
export type ProfileDraft = z.infer<typeof profileDraft>;

export const profile = z.object({
  id: z.string(),
  /** Only `saved` ones can be edited and deleted. */
  origin: z.enum(['built-in', 'environment', 'saved']),
  /** The built-in broker names no servers: its address is found out when it starts. */
  fields: profileFields.extend({ bootstrap: z.array(z.string()) }),
  keepSecrets: z.boolean(),
  /** Secrets that are there, on disk or in memory. */
  has: z.array(secretName),
  /** Secrets that are needed to connect and not there: the person has to be asked. */
  missing: z.array(secretName),
});
export type Profile = z.infer<typeof profile>;

export const profiles = z.object({
  /** Id of the profile in use. */
  active: z.string(),
  list: z.array(profile),
  /** `basic`: the system has no keychain; what is stored could be read by anybody with the file. `none`: nothing can be stored. */
  secretStore: z.enum(['keychain', 'basic', 'none']),
});
export type Profiles = z.infer<typeof profiles>;

/** A PEM file that the person chose. `pem` is null for a private key, which stays in the main process under the token. */
export const chosenPem = z.object({
  token: z.string(),
  fileName: z.string(),
  pem: z.string().nullable(),
  /** "CN=Test CA, until 2027-01-01", or for a key "RSA 2048, encrypted". */
  summary: z.string(),
});
export type ChosenPem = z.infer<typeof chosenPem>;

const importedSasl = z.discriminatedUnion('mechanism', [
  z.object({ mechanism: saslMechanism.exclude(['OAUTHBEARER']), username: z.string() }),
  z.object({
    mechanism: z.literal('OAUTHBEARER'),
    tokenEndpoint: z.string(),
    clientId: z.string(),
    scope: z.string().nullable(),
  }),
]);
export type ImportedSasl = z.infer<typeof importedSasl>;

/** What of a settings file was not understood, cannot be used, or is not as it seems. */
export const importFinding = z.object({
  /** The setting, or several: "ssl.truststore.location". */
  setting: z.string(),
  /** What is so, said of the setting: "Is left out: the certificate of the broker is always checked." */
  message: z.string(),
  /** What can be done; empty for nothing. */
  action: z.string(),
});
export type ImportFinding = z.infer<typeof importFinding>;

/** A client.properties file as the beginning of a profile. What it leaves open, or says wrongly, the form asks for. */
export const importedProfile = z.object({
  fileName: z.string(),
  /** Suggested, after the file's name. */
  name: z.string(),
  bootstrap: z.array(z.string()),
  clientId: z.string().nullable(),
  tls: z.object({ ca: chosenPem.nullable(), certificate: chosenPem.nullable(), checkHostname: z.boolean() }).nullable(),
  sasl: importedSasl.nullable(),
  /** The secrets that were in it, each held in the main process under its token, and what can be said of them. */
  secrets: z.partialRecord(secretName, z.object({ token: z.string(), summary: z.string() })),
  findings: z.array(importFinding),
  /** Names of settings that are understood, and that nothing depends on here. */
  notNeeded: z.array(z.string()),
});
export type ImportedProfile = z.infer<typeof importedProfile>;

export const connectionStep = z.enum(['dns', 'tcp', 'tls', 'sasl', 'versions', 'metadata']);
export type ConnectionStep = z.infer<typeof connectionStep>;

/** One step of a connection test, in the order in which a connection takes them. */
export const testedStep = z.object({
  step: connectionStep,
  outcome: z.enum(['waiting', 'running', 'passed', 'failed', 'not-needed', 'not-reached']),
  /** How long it took, ms; null until it has ended. */
  ms: z.number().nullable(),
  /** What was found ("127.0.0.1", "TLS 1.3, CN=broker", "Apache Kafka 4.0 or newer", "3 brokers, 12 topics"), or what is wrong. */
  message: z.string(),
  /** The likely cure of a failure; empty otherwise. */
  action: z.string(),
});
export type TestedStep = z.infer<typeof testedStep>;

export const connectionTest = z.object({
  /** The bootstrap server that the steps are about: the first that passed them, else the first. */
  server: z.string(),
  steps: z.array(testedStep),
  state: z.enum(['running', 'passed', 'failed', 'cancelled']),
  /** Facts that are no failure: other bootstrap servers that do not answer, a certificate near its end. */
  remarks: z.array(z.string()),
});
export type ConnectionTest = z.infer<typeof connectionTest>;
