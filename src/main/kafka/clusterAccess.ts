/** How a cluster is reached, secrets included. Lives in the main process only, and is never logged. */

export interface TlsAccess {
  /** Authorities to trust, PEM; null: those of the system. */
  readonly ca: string | null;
  /** The client's certificate (chain) and its private key, PEM; null: the client shows none. */
  readonly certificate: string | null;
  readonly key: string | null;
  readonly keyPassphrase: string | null;
  /** Whether the broker's certificate has to name the host that is connected to. */
  readonly checkHostname: boolean;
}

export type SaslAccess =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'OAUTHBEARER';
      /** Gives tokens for client credentials (RFC 6749, 4.4). */
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | null;
    };

export interface ClusterAccess {
  /** host:port of each bootstrap server. */
  readonly bootstrap: readonly string[];
  readonly clientId: string;
  /** null: in the clear. */
  readonly tls: TlsAccess | null;
  readonly sasl: SaslAccess | null;
}
