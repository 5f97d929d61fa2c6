/**
 * Writes a flat asar archive, the container Electron loads its code from: a Chromium pickle that holds a
 * JSON index (sizes in bytes; offsets, as decimal strings, from the end of the index), then the files.
 * Source: the format section of https://github.com/electron/asar.
 */

/**
 * @param {Record<string, string>} files text by name, no folders
 * @returns {Buffer} the archive
 */
export function packAsar(files) {
  const bodies = Object.entries(files).map(([name, text]) => ({ name, body: Buffer.from(text) }));
  let offset = 0;
  const index = {};
  for (const { name, body } of bodies) {
    index[name] = { size: body.length, offset: String(offset) };
    offset += body.length;
  }

  const json = Buffer.from(JSON.stringify({ files: index }));
  const padded = Math.ceil(json.length / 4) * 4;
  // Four little-endian lengths: of the size pickle's payload, of the index pickle, of its payload, of the JSON.
  const head = Buffer.alloc(16 + padded);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(8 + padded, 4);
  head.writeUInt32LE(4 + padded, 8);
  head.writeUInt32LE(json.length, 12);
  json.copy(head, 16);
  return Buffer.concat([head, ...bodies.map(({ body }) => body)]);
}
