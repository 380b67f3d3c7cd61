import type { Dialect } from './dialect.ts';

/** The body of `GET /models`. */
export function listModels(dialect: Dialect, models: readonly string[]): object {
  return dialect.ownModels
    ? { object: 'list', data: models.map(describe) }
    : { data: models.map((id) => ({ id, name: id, created: CREATED, context_length: 131_072 })) };
}

/** The body of `GET /models/{id}`; throws the dialect's refusal of a model it does not know. */
export function retrieveModel(dialect: Dialect, models: readonly string[], id: string): object {
  if (!models.includes(id)) throw dialect.refusals.unknownModel(id);
  return describe(id);
}

function describe(id: string): object {
  return { id, object: 'model', created: CREATED, owned_by: 'system' };
}

const CREATED = 1_721_692_800;
