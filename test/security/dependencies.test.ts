import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeAudit } from '../../dev/dependencies/judge.ts';
import type { Exception } from '../../dev/dependencies/judge.ts';
import { openHttpServer } from '../../dev/simulators/common/http-server.ts';

interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly dev?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const locked = Object.entries(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, one]) => ({ ...one, name: one.name ?? path.split('node_modules/').at(-1)! }));

interface Run {
  readonly code: number;
  readonly output: string;
}

function run(script: string, args: readonly string[] = [], env = {}): Promise<Run> {
  const path = join('dev/dependencies', script);
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [path, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

/** A registry that knows these advisories, or none at all. */
async function openRegistry(advisories?: object): Promise<Readonly<Record<string, string>>> {
  const server = await openHttpServer(0, (request, response, { pathname }) => {
    request.resume();
    const asked = advisories !== undefined && pathname.endsWith('/advisories/bulk');
    response.writeHead(asked ? 200 : 405, { 'content-type': 'application/json' });
    response.end(JSON.stringify(asked ? advisories : {}));
    return Promise.resolve();
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { npm_config_registry: `http://${server.host}` };
}

async function exceptionsFile(exceptions: readonly Exception[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-audit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'exceptions.json');
  writeFileSync(path, JSON.stringify(exceptions));
  return path;
}

const ADVISORY = {
  id: 1,
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  title: 'Bad day',
  severity: 'low',
  vulnerable_versions: '>=0',
  cwe: [],
  cvss: { score: 1, vectorString: null },
};
const EXCEPTION = {
  advisory: 'GHSA-aaaa-bbbb-cccc',
  package: 'zod',
  reason: 'a test',
  reviewBy: '2999-01-01',
};

describe('what is installed', () => {
  it('is what the lock file says, byte by byte, from the registry that npm is set to', () => {
    expect(locked.length).toBeGreaterThan(200);
    expect(locked.filter(({ integrity }) => integrity?.startsWith('sha512-') !== true)).toEqual([]);
    expect(locked.filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('is pinned to one version each by us', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync('package.json', 'utf8'),
    ) as Record<string, Record<string, string>>;
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
    expect(
      Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)),
    ).toEqual([]);
  });
});

describe('the bill of materials', () => {
  it('lists every package of production, and none of development alone', async () => {
    const { code, output } = await run('sbom.ts');
    expect(code).toBe(0);
    const bill = JSON.parse(output) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly name: string; readonly purl: string }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const listed = new Set(
      bill.components.map(({ purl }) => decodeURIComponent(purl.split('?')[0]!)),
    );
    const purls = (dev: boolean): string[] =>
      locked
        .filter((one) => (one.dev === true) === dev)
        .map(({ name, version }) => `pkg:npm/${name}@${version}`);
    expect(purls(false).filter((purl) => !listed.has(purl))).toEqual([]);
    expect(purls(true).filter((purl) => listed.has(purl) && !purls(false).includes(purl))).toEqual(
      [],
    );
  });
});

describe('the audit', () => {
  it('fails on an advisory, and passes with an exception for it', async () => {
    const env = await openRegistry({ zod: [ADVISORY] });
    const failed = await run('audit.ts', [], env);
    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining('low: zod: Bad day') });
    const path = await exceptionsFile([EXCEPTION]);
    const passed = await run('audit.ts', ['--exceptions', path], env);
    expect(passed).toMatchObject({
      code: 0,
      output: expect.stringContaining('excepted: low: zod'),
    });
  });

  it('says where no advisory can be had, which a release does not take', async () => {
    const env = await openRegistry();
    const passed = await run('audit.ts', [], env);
    expect(passed.output).toMatch(/could not be asked: 405.*NOT DONE/s);
    expect(passed.code).toBe(0);
    expect((await run('audit.ts', ['--must-answer'], env)).code).toBe(1);
  });

  it('ends an exception with its day, whether or not advisories are to be had', () => {
    const known = {
      auditReportVersion: 2,
      vulnerabilities: { zod: { via: [{ ...ADVISORY, name: 'zod' }] } },
    };
    for (const report of [known, { message: 'no answer' }]) {
      expect(judgeAudit(report, [EXCEPTION], '2999-01-01').problems).toEqual([]);
      expect(judgeAudit(report, [EXCEPTION], '2999-01-02').problems).toEqual([
        'the exception for GHSA-aaaa-bbbb-cccc (zod) ended on 2999-01-01: review it',
      ]);
    }
  });

  it('wants an exception gone that matches nothing', () => {
    const clean = { auditReportVersion: 2, vulnerabilities: {} };
    expect(judgeAudit(clean, [EXCEPTION], '2026-01-01').problems).toEqual([
      expect.stringMatching(/matches nothing any more/),
    ]);
    const other = { ...EXCEPTION, package: 'ws' };
    const found = {
      auditReportVersion: 2,
      vulnerabilities: { zod: { via: ['ws', { ...ADVISORY, name: 'zod' }] } },
    };
    expect(judgeAudit(found, [other], '2026-01-01').problems).toHaveLength(2);
  });

  it('throws on a failure of npm itself', () => {
    expect(() => judgeAudit({}, [], '2026-01-01')).toThrow('npm audit failed');
  });

  it('has exceptions with a reason and a day', () => {
    const kept = JSON.parse(
      readFileSync('dev/dependencies/exceptions.json', 'utf8'),
    ) as Exception[];
    for (const one of kept) {
      expect(one.reason.length).toBeGreaterThan(20);
      expect(one.reviewBy).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
    expect(Array.isArray(kept)).toBe(true);
  });
});
