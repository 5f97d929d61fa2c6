import { describe, expect, it } from 'vitest';
import { parseJaasConfig } from '../../../src/main/profiles/import/jaasConfig';

const optionsOf = (text: string) => {
  const config = parseJaasConfig(text);
  if (config.kind === 'wrong') throw new Error(config.message);
  return { module: config.module, ...Object.fromEntries(config.options) };
};
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';

describe('sasl.jaas.config', () => {
  it('names a login module and its options', () => {
    expect(optionsOf(`${PLAIN} username="alice" password="a b";`)).toEqual({
      module: 'PlainLoginModule',
      username: 'alice',
      password: 'a b',
    });
    expect(optionsOf("ScramLoginModule Required\n username = 'alice'\n\tpassword=s3cret ;")).toEqual({
      module: 'ScramLoginModule',
      username: 'alice',
      password: 's3cret',
    });
    expect(optionsOf('x.OAuthBearerLoginModule required;')).toEqual({ module: 'OAuthBearerLoginModule' });
  });

  it.each([
    ['"a;b=c"', 'a;b=c'],
    ['"it\'s"', "it's"],
    ['\'say "hi"\'', 'say "hi"'],
    ['"a\\"b\\\\c\\$"', 'a"b\\c$'],
    ['"\\101\\7\\n\\tz"', 'A\x07\n\tz'],
    ['"a//b/*c*/"', 'a//b/*c*/'],
    ['pa$$-w0rd!@é', 'pa$$-w0rd!@é'],
    ['""', ''],
  ])('has the value %s as %j', (written, value) => {
    expect(optionsOf(`${PLAIN} password=${written};`)).toMatchObject({ password: value });
  });

  it('has comments as Java has them', () => {
    expect(optionsOf(`/* a; */ ${PLAIN} // b;\n username="u" /* "c */ password="p"; // end`)).toMatchObject({
      username: 'u',
      password: 'p',
    });
  });

  it.each([
    ['', /no login module/],
    [';', /no login module/],
    ['PlainLoginModule', /no login module/],
    ['PlainLoginModule username="a";', /no "required"/],
    [`${PLAIN} username="a"`, /no ";"/],
    [`${PLAIN} username="a;`, /quotation mark/],
    [`${PLAIN} username="a\n";`, /quotation mark/],
    [`${PLAIN} username;`, /name="value"/],
    [`${PLAIN} username=;`, /name="value"/],
    [`${PLAIN} username="a" "b";`, /name="value"/],
    [`${PLAIN} password=ab/cd;`, /no ";"/],
    [`${PLAIN} username="a"; ${PLAIN} username="b";`, /more than one/],
  ])('is told to be wrong: %j', (text, words) => {
    expect(parseJaasConfig(text)).toMatchObject({ kind: 'wrong', message: expect.stringMatching(words) });
  });

  it('never says the password in what is wrong', () => {
    const config = parseJaasConfig(`${PLAIN} username="alice" password="hunter2" more`);
    expect(JSON.stringify(config)).not.toMatch(/hunter2|alice/);
  });
});
