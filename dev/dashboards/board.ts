/** A dashboard as we write it; {@link toGrafana} makes Grafana's of it. */
export interface Board {
  /** In Grafana's address, and the file's name. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether one can choose providers at its top. */
  readonly choosesProviders?: boolean;
  readonly rows: readonly Row[];
}

/** Panels under one heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** One picture, or one number. */
export interface Panel {
  readonly title: string;
  /** What it shows, what good looks like, and what to look at when it does not. */
  readonly about: string;
  readonly as: 'graph' | 'number';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Whether its series lie on each other, as parts of a whole. */
  readonly isStacked?: boolean;
  /** Of 24. Default: 8, of a number 4. */
  readonly width?: number;
  /** The alert rule on what it shows: its threshold is drawn, and the panel links to the runbook. */
  readonly alert?: AlertLine;
  /** Alert rules that are looked into here, without a line of their own. */
  readonly alsoFor?: readonly string[];
  /** What it says where there is no series: for what comes seldom. */
  readonly ifEmpty?: string;
  /** The end of the axis, where it has one. */
  readonly max?: number;
}

/** Where an alert rule of the chart strikes. */
export interface AlertLine {
  readonly name: string;
  /** It strikes above, or else below this; in the panel's unit. */
  readonly above?: number;
  readonly below?: number;
}

/** A question to Prometheus, and how its series are called: `{{label}}` stands for a label's value. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** Grafana's names of units; `none` counts things. */
export type Unit = 'none' | 'short' | 's' | 'bytes' | 'percentunit' | 'currencyUSD';
