import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dashboard, Panel } from '@grafana/schema';
import { query } from '../prometheus.ts';
import type { Line, Span } from '../prometheus.ts';
import { drawDashboard } from './draw.ts';

/** Where the data is, when, and where the pictures go. */
export interface Wanted {
  readonly address: string;
  readonly span: Span;
  readonly folder: string;
}

/** Writes `dashboard-NAME.svg` of a dashboard with what a Prometheus answers to its queries. */
export async function writePicture(
  name: string,
  dashboard: Dashboard,
  { address, span, folder }: Wanted,
): Promise<void> {
  const answers = new Map<Panel, readonly (readonly Line[])[]>();
  for (const panel of dashboard.panels ?? []) {
    const lines: (readonly Line[])[] = [];
    for (const { expr } of ('targets' in panel && panel.targets) || []) {
      lines.push(await query(address, String(expr), span));
    }
    answers.set(panel, lines);
  }
  await mkdir(folder, { recursive: true });
  const svg = drawDashboard(dashboard, (panel) => answers.get(panel) ?? [], span);
  await writeFile(join(folder, `dashboard-${name}.svg`), svg);
}
