import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { isSecret } from '../../src/config.ts';
import { variables } from '../../src/variables.ts';
import { makeConfigSchemas, OWN } from './config-schema.ts';
import { CHART } from './render.ts';

type Tree = Readonly<Record<string, unknown>>;

const read = async (file: string): Promise<string> => await readFile(`${CHART}/${file}`, 'utf8');
const defaults = parse(await read('values.yaml')) as Tree;

/** Every value by its path; lists and empty objects are values of their own. */
function paths(tree: Tree, above = ''): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const isTree = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isBranch = isTree && Object.keys(value).length > 0 && !FREE.includes(key);
    return isBranch ? paths(value as Tree, `${above}${key}.`) : [`${above}${key}`];
  });
}

/** What Kubernetes or somebody else defines is one value to us. */
const FREE = ['resources', 'labels'];

it('lets every variable of the environment be set, in the place that is right for it', async () => {
  const { properties } = JSON.parse(await read('values.schema.json'));
  const { config, secret } = makeConfigSchemas();
  const how = 'run: npm run chart:schema';
  expect(properties.config, how).toEqual(config);
  expect(properties.secret, how).toEqual(secret);
  const places = Object.keys(variables).map((name) => [
    name,
    Object.hasOwn(properties.config.properties, name),
    Object.hasOwn(properties.secret.properties, name),
    Object.hasOwn(properties.config.properties, `${name}_FILE`),
  ]);
  expect(places).toEqual(
    Object.keys(variables).map((name) => {
      const isOurs = !OWN.includes(name);
      return [name, isOurs && !isSecret(name), isSecret(name), isSecret(name)];
    }),
  );
});

it('explains every value in the chart’s README, and no other', async () => {
  const rows = (await read('README.md')).split('\n').filter((line) => line.startsWith('| `'));
  const explained = rows.map((row) => row.split('`')[1]);
  expect(explained).toEqual(paths(defaults));
  for (const row of rows) expect(row.split('|')[3]?.trim(), row).not.toBe('');
});

it('has a values file that sets every value but what excludes another', async () => {
  const everything = parse(await readFile('test/chart/values/everything.yaml', 'utf8')) as Tree;
  const set = new Set(paths(everything));
  const isSet = (path: string): boolean =>
    [...set].some((one) => one === path || one.startsWith(`${path}.`));
  expect(paths(defaults).filter((path) => !isSet(path))).toEqual([
    'existingSecret',
    'serviceAccount.create',
    'worker.replicas',
    'worker.topologySpread.enabled',
    'autoscaling.enabled',
    'disruptionBudget.enabled',
    'networkPolicy.enabled',
  ]);
});
