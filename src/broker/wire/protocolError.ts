/** The bytes of a request break the protocol: the connection they came on is closed, and nothing else is touched. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
