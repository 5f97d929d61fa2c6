import { describe, expect, it } from 'vitest';
import { composeMessage } from '../../../src/main/produce/message';
import { recordText } from '../../../src/main/records';

describe('a whole record', () => {
  it('is text where it is UTF-8, hex where it is not', () => {
    expect(recordText(Buffer.from('{"é":1}'))).toEqual({ text: '{"é":1}', encoding: 'utf-8', bytes: 8, cut: false });
    expect(recordText(Buffer.from([0xff, 0x00]))).toEqual({ text: 'ff00', encoding: 'hex', bytes: 2, cut: false });
  });

  it('is cut where it is long, between two characters', () => {
    const shown = recordText(Buffer.from(`a${'é'.repeat(600_000)}`));
    expect(shown).toMatchObject({ cut: true, bytes: 1_200_001 });
    expect(shown.text).not.toContain('\uFFFD');
  });
});

describe('a message from the form', () => {
  const now = new Date('2026-01-02T03:04:05.678Z');
  const compose = (key: string | null, fields: Record<string, unknown>) =>
    composeMessage({ topic: 't', key, lat: 59.8, lon: 24.9, fields }, now, () => 'id-1');

  it('is {name, lat, lon} with message_id and timestamp filled in', () => {
    const { key, value } = compose('me', {})!;
    expect(key).toBe('me');
    expect(JSON.parse(value)).toEqual({
      name: 'me',
      lat: 59.8,
      lon: 24.9,
      message_id: 'id-1',
      timestamp: '2026-01-02T03:04:05.678Z',
    });
  });

  it("keeps the person's fields, and takes the key from the name", () => {
    const { key, value } = compose(null, { name: 'Anna', speed: 4.2, timestamp: 'mine', lat: 0 })!;
    expect(key).toBe('Anna');
    expect(JSON.parse(value)).toMatchObject({ name: 'Anna', speed: 4.2, timestamp: 'mine', lat: 59.8 });
  });

  it('needs a key or a name', () => {
    expect(compose(null, {})).toBeNull();
    expect(compose('', { name: '' })).toBeNull();
  });
});
