import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editAgain } from '../../../src/renderer/entity/editAgain';
import { depthOf, layOut, quoteLargeIntegers } from '../../../src/renderer/entity/jsonText';
import { prettyRecord } from '../../../src/renderer/entity/prettyRecord';
import { composeMessage } from '../../../src/renderer/inject/composeMessage';

const text = (value: string, encoding: 'utf-8' | 'hex' = 'utf-8') => ({
  text: value,
  encoding,
  bytes: value.length,
  cut: false,
});
const record = (value: string | null, key: ReturnType<typeof text> | null = text('me')) => ({
  topic: 'ais',
  partition: 0,
  offset: '7',
  timestamp: 0,
  key,
  value: value === null ? null : text(value),
  headers: [],
});

describe("a record's value", () => {
  it('is laid out as JSON.stringify would, without a digit changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(layOut(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
        expect(layOut(JSON.stringify(value, null, 7))).toBe(JSON.stringify(value, null, 2));
      }),
    );
    expect(prettyRecord('{"id":12345678901234567890,"x":1.0}').text).toBe(
      '{\n  "id": 12345678901234567890,\n  "x": 1.0\n}',
    );
  });

  it('stays as it came when it is no JSON, too deep or too large', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(prettyRecord('{"a": ')).toEqual({ text: '{"a": ', json: false, cut: false });
    expect(prettyRecord(deep)).toEqual({ text: deep, json: false, cut: false });
    const large = prettyRecord(`"${'x'.repeat(900_000)}"`);
    expect([large.text.length, large.cut]).toEqual([200_000, true]);
  });

  it('has a depth that braces inside of quotes do not change', () => {
    expect(depthOf('{"a":[{"b":"]]}}\\"{"}]}')).toBe(3);
  });
});

describe('sending a record again', () => {
  const at = { lat: 59.7, lon: 384.9 };

  it('fills the form with what a person would edit, and leaves out what is filled in afresh', () => {
    const value = '{"message_id":"x","name":"Ada","lat":1,"lng":2,"timestamp":3,"speed":7.2}';
    const form = editAgain(record(value), 'id', at);
    expect(form).toMatchObject({ topic: 'ais', key: 'me', lat: '59.7', lon: '24.9' });
    expect(JSON.parse(form.fields)).toEqual({ name: 'Ada', speed: 7.2 });
    expect(composeMessage(form).ok).toBe(true);
  });

  it("takes a feature's properties, and the entity's id for a key that is no text", () => {
    const feature = '{"type":"Feature","geometry":{"type":"Point","coordinates":[2,1]},"properties":{"mag":4.5}}';
    const form = editAgain(record(feature, text('ff', 'hex')), 'topic/0', at);
    expect(form.key).toBe('topic/0');
    expect(JSON.parse(form.fields)).toEqual({ mag: 4.5 });
    expect(editAgain(record('{"type":"Point","coordinates":[2,1]}'), 'id', at).fields).toBe('');
  });

  it('keeps every digit of large integers, in quotes', () => {
    expect(quoteLargeIntegers('{"a":12345678901234567890,"b":"12345678901234567890","c":0.12345678901234567}')).toBe(
      '{"a":"12345678901234567890","b":"12345678901234567890","c":0.12345678901234567}',
    );
  });

  it('survives whatever the record holds', () => {
    for (const value of [
      null,
      '',
      'x',
      '[1]',
      '['.repeat(100_000),
      '{"__proto__":{"a":1}}',
      '{"type":"Feature","properties":null}',
    ]) {
      expect(editAgain(record(value), 'id', at).fields).toBe('');
    }
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});
