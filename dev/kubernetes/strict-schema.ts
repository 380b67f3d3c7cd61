/** A JSON schema, as far as it matters here: a tree of objects. */
export type Schema = { readonly [Key in string]?: unknown };

/**
 * The schema of a custom resource as JSON schema that takes no unknown field: an API server drops those
 * without a word, so a misspelt one would never work and never be noticed.
 */
export function strictSchemaOf(schema: Schema): Schema {
  return convert(schema) as Schema;
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const { description: _description, ...schema } = value as Schema;
  if (schema['x-kubernetes-int-or-string'] === true) {
    return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  }
  const converted = Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !key.startsWith('x-kubernetes-'))
      .map(([key, one]) => [key, key === 'properties' ? convertEach(one as Schema) : convert(one)]),
  );
  return isClosed(schema) ? { ...converted, additionalProperties: false } : converted;
}

/** Names of fields are no keywords: one of them may be called `description`. */
function convertEach(properties: Schema): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, convert(one)]));
}

function isClosed(schema: Schema): boolean {
  return (
    schema['properties'] !== undefined &&
    schema['additionalProperties'] === undefined &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true
  );
}
