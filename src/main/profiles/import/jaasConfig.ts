/**
 * The value of sasl.jaas.config: `LoginModule controlFlag option="value" …;`, split into words as Kafka's JaasConfig does
 * it, with Java's StreamTokenizer: quotes of both kinds and C's escapes in them, "/" begins a comment.
 */

export type JaasConfig =
  | {
      readonly kind: 'module' /** Its class without the package. */;
      readonly module: string;
      readonly options: Options;
    }
  | { readonly kind: 'wrong'; readonly message: string; readonly action: string };
type Options = ReadonlyMap<string, string>;

type Token = { readonly kind: 'mark'; readonly text: '=' | ';' } | { readonly kind: 'word'; readonly text: string };

const TOKEN =
  /[\0- ]+|\/\*[\s\S]*?(?:\*\/|$)|\/[^\r\n]*|([;=])|"((?:\\[\s\S]|[^"\\\r\n])*)"|'((?:\\[\s\S]|[^'\\\r\n])*)'|([^\0- ;=/"']+)/y;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const unescaped = (text: string): string =>
  text.replace(/\\(?:([0-3][0-7]{2}|[0-7]{1,2})|([\s\S]))/g, (_, octal: string | undefined, character: string) =>
    octal === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(Number.parseInt(octal, 8)),
  );

/** null when a quote has no end. */
function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const [, mark, doubly, singly, bare] = match;
    const quoted = doubly ?? singly;
    if (mark === '=' || mark === ';') tokens.push({ kind: 'mark', text: mark });
    else if (quoted !== undefined) tokens.push({ kind: 'word', text: unescaped(quoted) });
    else if (bare !== undefined) tokens.push({ kind: 'word', text: bare });
  }
  return tokens;
}

const wrong = (message: string, action: string): JaasConfig => ({ kind: 'wrong', message, action });

const WHOLE =
  'It ends in ";", and each line of it but the last one ends in a backslash. Correct it, or type the sign-in.';

export function parseJaasConfig(text: string): JaasConfig {
  const tokens = tokensOf(text);
  if (tokens === null) return wrong('Has a quotation mark without its other half.', WHOLE);
  const [loginModule, flag, ...rest] = tokens;
  if (loginModule?.kind !== 'word' || flag?.kind !== 'word') return wrong('Names no login module.', WHOLE);
  if (!/^(?:required|requisite|sufficient|optional)$/i.test(flag.text)) {
    return wrong('Has no "required" behind the login module.', 'Correct it, or type the sign-in into the form.');
  }
  const end = rest.findIndex(({ kind, text: mark }) => kind === 'mark' && mark === ';');
  if (end < 0) return wrong('Is not whole: there is no ";" at its end.', WHOLE);
  if (end < rest.length - 1) {
    return wrong('Names more than one login module.', 'Keep the one that belongs to the mechanism.');
  }
  const options = new Map<string, string>();
  for (let at = 0; at < end; at += 3) {
    const [name, equals, value] = rest.slice(at, at + 3);
    if (name?.kind !== 'word' || equals?.text !== '=' || equals.kind !== 'mark' || value?.kind !== 'word') {
      return wrong('Has an option that is not written as name="value".', 'Put each value into quotation marks.');
    }
    options.set(name.text, value.text);
  }
  return { kind: 'module', module: loginModule.text.split('.').at(-1) ?? '', options };
}
