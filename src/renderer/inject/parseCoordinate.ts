/**
 * Coordinates as people type or paste them: decimal degrees, with a hemisphere letter, in degrees, minutes and
 * seconds, or both of a pair at once. Nothing is guessed: what could mean two things is refused with what to write.
 */

export type Axis = 'lat' | 'lon';
export type Coordinate =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string };

const axes = {
  lat: { name: 'Latitude', limit: 90, positive: 'N', negative: 'S', example: '59.7' },
  lon: { name: 'Longitude', limit: 180, positive: 'E', negative: 'W', example: '24.9' },
} as const;

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** One notation for what keyboards and web pages write in several ways. */
const plain = (text: string): string =>
  text
    .trim()
    .replace(/[−‒–—]/g, '-')
    .replace(/[′’‘´`]/g, "'")
    .replace(/[″”“]|''/g, '"')
    .replace(/[º˚]/g, '°')
    .replace(/[\u00a0\u2000-\u200a\u202f\t]/g, ' ');

interface Angle {
  readonly degrees: number;
  /** The letter that was given, if any. */
  readonly letter: string | null;
}

/** Degrees of one angle in any notation, without regard to its axis; a message when it is none. */
function readAngle(text: string): Angle | string {
  const letters = text.match(/[a-z]/gi) ?? [];
  const letter = letters[0]?.toUpperCase() ?? null;
  if (letters.length > 1 || (letter !== null && !'NSEW'.includes(letter))) return 'That is not a number.';
  if (/\de[+-]?\d/i.test(text)) return 'Write the number without an exponent.';
  if (letter !== null && !/^[a-z]|[a-z]$/i.test(text)) return 'Write the letter first or last: 59.7 N.';
  const body = text.replace(/[a-z]/gi, '').trim();
  if (number.test(body)) {
    const degrees = Number(body);
    if (letter !== null && degrees < 0) return 'Give either a sign or a letter, not both.';
    return { degrees, letter };
  }
  const parts =
    /^([+-])? ?(\d+(?:\.\d+)?) ?° ?(?:(\d+(?:\.\d+)?) ?' ?(?:(\d+(?:\.\d+)?) ?" ?)?)?$/.exec(body) ??
    /^([+-])?(\d+)[ :](\d+(?:\.\d+)?)(?:[ :](\d+(?:\.\d+)?))?$/.exec(body);
  if (!parts) return 'That is not a number.';
  const [, sign, degrees = '0', minutes = '0', seconds = '0'] = parts;
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return 'Minutes and seconds are below 60.';
  if (letter !== null && sign !== undefined) return 'Give either a sign or a letter, not both.';
  const size = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return { degrees: sign === '-' ? -size : size, letter };
}

/** One coordinate, in degrees. */
export function parseCoordinate(text: string, axis: Axis): Coordinate {
  const { name, limit, positive, negative, example } = axes[axis];
  const refuse = (message: string): Coordinate => ({ ok: false, message });
  const given = plain(text);
  if (given === '') return refuse(`${name} is missing. Click on the map, or write it: ${example}`);
  if (/^[+-]?\d+,\d+$/.test(given)) {
    return refuse(`Write decimals with a point: ${given.replace(',', '.')}`);
  }
  if (/^\d+ \d+(?:\.\d+)?$/.test(given)) {
    return refuse(`That could be a pair, or degrees and minutes. Write it in degrees: ${example}`);
  }
  const angle = readAngle(given);
  if (typeof angle === 'string') return refuse(`${angle} ${name} is written in degrees: ${example}`);
  const { letter } = angle;
  if (letter !== null && letter !== positive && letter !== negative) {
    return refuse(`${name} ends in ${positive} or ${negative}, not in ${letter}.`);
  }
  const value = letter === negative ? -angle.degrees : angle.degrees;
  if (value < -limit || value > limit) return refuse(`${name} is between -${limit} and ${limit}.`);
  return { ok: true, value: value === 0 ? 0 : value };
}

/** The two halves of a pair, as text; null when it is not clearly one. */
function halves(given: string): [string, string] | null {
  const pick = (parts: string[]): [string, string] | null => {
    const [first, second] = parts.map((part) => part.trim());
    return parts.length === 2 && first && second ? [first, second] : null;
  };
  if (/[;/]/.test(given)) return pick(given.split(/[;/]/));
  if (given.includes(',')) {
    // "59,7" may well be one number with a decimal comma.
    return /^[+-]?\d+,\d+$/.test(given) ? null : pick(given.split(','));
  }
  const lettered =
    /^([^NSEW]+[NS])\s*([^NSEW]+[EW])$/i.exec(given) ??
    /^([^NSEW]+[EW])\s*([^NSEW]+[NS])$/i.exec(given) ??
    /^([NS][^NSEW]+)([EW][^NSEW]+)$/i.exec(given) ??
    /^([EW][^NSEW]+)([NS][^NSEW]+)$/i.exec(given);
  if (lettered) return pick([lettered[1] ?? '', lettered[2] ?? '']);
  // Two decimal numbers with a space between: the first cannot be whole degrees before minutes.
  return /^[+-]?\d+\.\d+ +[+-]?\d+(?:\.\d+)?$/.test(given) ? pick(given.split(/ +/)) : null;
}

/** "59.7, 24.9" (latitude first, unless letters say otherwise) pasted into one field; null when it is no pair. */
export function parsePair(text: string): { lat: number; lon: number } | null {
  const both = halves(plain(text).replace(/^[([]|[)\]]$/g, ''));
  if (!both) return null;
  const [first, second] = /[EW]/i.test(both[0]) ? [both[1], both[0]] : both;
  const lat = parseCoordinate(first, 'lat');
  const lon = parseCoordinate(second, 'lon');
  return lat.ok && lon.ok ? { lat: lat.value, lon: lon.value } : null;
}
