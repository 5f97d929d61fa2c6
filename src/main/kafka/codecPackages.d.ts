/** Types of two codec packages that bring none. */

declare module 'lz4js' {
  interface Lz4 {
    /** Bytes that the frame may need when decompressed. */
    decompressBound(source: Uint8Array): number;
    decompress(source: Uint8Array, maxSize?: number): Uint8Array;
    compress(source: Uint8Array): Uint8Array;
  }
  const lz4: Lz4;
  export default lz4;
}

declare module 'snappyjs' {
  interface Snappy {
    /** Throws when the data says that it holds more than `maxLength` bytes. */
    uncompress(source: Uint8Array, maxLength?: number): Uint8Array;
    compress(source: Uint8Array): Uint8Array;
  }
  const snappy: Snappy;
  export default snappy;
}
