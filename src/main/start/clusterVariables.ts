/** What the environment says of the cluster to use. */

export interface ClusterVariables {
  /** KAFKA_URI and KAFKA_PORT; empty when they are not set. */
  readonly uri: string;
  readonly port: string;
}

export const clusterVariables = (env: Readonly<Record<string, string | undefined>>): ClusterVariables => ({
  uri: env.KAFKA_URI?.trim() ?? '',
  port: env.KAFKA_PORT?.trim() ?? '',
});

/** Whether it names one at all; the built-in broker is used where it does not. */
export const namesCluster = ({ uri, port }: ClusterVariables): boolean => uri !== '' || port !== '';
