import { runNpm } from './npm.ts';

/** What is read here of a bill of materials (CycloneDX 1.5, JSON). */
interface Bill {
  readonly components: readonly Component[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The bill of materials of what production installs, on any platform, as npm makes it of the lock
 * file. npm's own `--omit dev` (11.19) also leaves out what a development package needs as well, such
 * as fastify; so all is listed, and what npm marks as development's alone is taken out.
 */
function withoutDevelopment(bill: Bill): Bill {
  const components = bill.components.filter((one) => !isDevelopment(one));
  const out = new Set(bill.components.filter(isDevelopment).map((one) => one['bom-ref']));
  const dependencies = bill.dependencies
    .filter(({ ref }) => !out.has(ref))
    .map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((one) => !out.has(one)),
    }));
  return { ...bill, components, dependencies };
}

function isDevelopment({ properties = [] }: Component): boolean {
  return properties.some(({ name, value }) => name === DEVELOPMENT && value === 'true');
}

const DEVELOPMENT = 'cdx:npm:package:development';

const printed = await runNpm([
  'sbom',
  '--package-lock-only',
  '--sbom-format=cyclonedx',
  '--sbom-type=application',
]);
console.log(JSON.stringify(withoutDevelopment(JSON.parse(printed) as Bill), undefined, 2));
