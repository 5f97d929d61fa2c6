/** From what stands in the fleet form to a simulation, or to what is wrong, field by field. */
import type { Area, SimulationSpec } from '../../shared/contract';
import { topicError } from '../inject/composeMessage';
import { readNumber } from '../words/numbers';
import { withinTheWorld } from '../words/places';

/** As typed. */
export interface FleetForm {
  readonly topic: string;
  readonly entities: string;
  readonly rate: string;
  readonly seed: string;
}
export type FleetErrors = Partial<Record<keyof FleetForm | 'area', string>>;
export type FleetRead =
  | { readonly ok: true; readonly spec: SimulationSpec }
  | { readonly ok: false; readonly errors: FleetErrors };

const MOST_ENTITIES = 100_000;
const MOST_RATE = 50_000;
const MOST_SEED = 0xffffffff;

export function readFleet(form: FleetForm, area: Area | null): FleetRead {
  const errors: FleetErrors = {};
  const topic = form.topic.trim();
  const wrongTopic = topicError(topic);
  if (wrongTopic) errors.topic = wrongTopic;
  const entities = readNumber(form.entities);
  if (entities === null || !Number.isInteger(entities)) errors.entities = 'A whole number, such as 100.';
  else if (entities < 1 || entities > MOST_ENTITIES) errors.entities = 'From 1 to 100,000 entities.';
  const rate = readNumber(form.rate);
  if (rate === null) errors.rate = 'A number, such as 60.';
  else if (rate < 0.1 || rate > MOST_RATE) errors.rate = 'From 0.1 to 50,000 messages a second.';
  const seed = readNumber(form.seed);
  if (seed === null || !Number.isInteger(seed) || seed < 0 || seed > MOST_SEED) {
    errors.seed = 'A whole number from 0 to 4,294,967,295.';
  }
  const inside = area && withinTheWorld(area);
  if (!inside) errors.area = 'The map is not there yet: wait for it, then use what it shows.';
  else if (inside.north <= inside.south || inside.east === inside.west)
    errors.area = 'This area is empty. Zoom out a little.';
  if (Object.keys(errors).length > 0 || !inside || entities === null || rate === null || seed === null) {
    return { ok: false, errors };
  }
  return { ok: true, spec: { topic, entities, rate, seed, area: inside } };
}
