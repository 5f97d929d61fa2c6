import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeMessage, previewMessage, topicError } from '../../../src/renderer/inject/composeMessage';
import { outgoing, topicName } from '../../../src/shared/contract';

const form = { topic: 'geostream', key: 'me', lat: '59.7', lon: '24.9', fields: '' };
const errors = (change: Partial<typeof form>) => {
  const composed = composeMessage({ ...form, ...change });
  return composed.ok ? {} : composed.errors;
};

describe('the message that the form makes', () => {
  it('holds topic, key, coordinates and fields, as the contract takes them', () => {
    const composed = composeMessage({ ...form, topic: ' geostream ', fields: 'speed = 7.2' });
    expect(composed).toEqual({
      ok: true,
      outgoing: { topic: 'geostream', key: 'me', lat: 59.7, lon: 24.9, fields: { speed: 7.2 } },
    });
    if (composed.ok) expect(outgoing.parse(composed.outgoing)).toEqual(composed.outgoing);
  });

  it('takes the name among the fields for a missing key', () => {
    expect(composeMessage({ ...form, key: ' ', fields: 'name = Ada' })).toMatchObject({ outgoing: { key: 'Ada' } });
    expect(composeMessage({ ...form, key: '', fields: 'name = 7' })).toMatchObject({ outgoing: { key: '7' } });
  });

  it('asks at the Key field when neither is given', () => {
    expect(errors({ key: '' })).toEqual({ key: 'Give a key, or a name among the message fields: name = …' });
    expect(errors({ key: '', fields: '{"name": [1]}' })).toHaveProperty('key');
  });

  it('names every field that is wrong at once', () => {
    expect(Object.keys(errors({ topic: 'a b', lat: '91', lon: '', fields: '{' })).sort()).toEqual([
      'fields',
      'lat',
      'lon',
      'topic',
    ]);
  });

  it('has no name that is too long for the map', () => {
    const words = 'The map shows names of up to 512 characters.';
    expect(errors({ key: 'k'.repeat(512) })).toEqual({});
    expect(errors({ key: 'k'.repeat(513) })).toEqual({ key: words });
    expect(errors({ key: '', fields: `name = ${'n'.repeat(513)}` })).toEqual({ fields: words });
  });

  it('is previewed as far as anyone reads', () => {
    const fields = { text: 'x'.repeat(100_000) };
    const preview = previewMessage({ topic: 't', key: 'me', lat: 1, lon: 2, fields });
    expect([preview.length, preview.at(-1)]).toEqual([4_001, '…']);
  });

  it('is previewed with what sending fills in, unless the fields give it', () => {
    const preview = JSON.parse(
      previewMessage({ topic: 't', key: 'me', lat: 1, lon: 2, fields: { name: 'Ada', timestamp: 5 } }),
    );
    expect(preview).toEqual({ message_id: 'filled in on sending', name: 'Ada', lat: 1, lon: 2, timestamp: 5 });
  });
});

describe("the form's rule for topic names", () => {
  it("is the contract's", () => {
    const character = fc.constantFrom('a', 'Z', '0', '.', '_', '-', ' ', '/', 'é', '\n');
    const names = fc.oneof(
      fc.string({ unit: character, maxLength: 5 }),
      fc.string({ unit: character, minLength: 248 }),
    );
    fc.assert(
      fc.property(names, (name) => {
        expect(topicError(name) === null).toBe(topicName.safeParse(name).success);
      }),
    );
  });
});
