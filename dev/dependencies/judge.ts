/** An advisory that is known and lived with, for a while. */
export interface Exception {
  /** `GHSA-…` */
  readonly advisory: string;
  readonly package: string;
  /** Why it does no harm here, or what is waited for. */
  readonly reason: string;
  /** The last day on which this counts, `YYYY-MM-DD`. */
  readonly reviewBy: string;
}

/** What was found: an audit fails on any problem. */
export interface Verdict {
  readonly problems: readonly string[];
  /** Whether the registry's advisories were seen at all. */
  readonly answered: boolean;
  readonly notes: readonly string[];
}

interface Advisory {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly severity: string;
}

interface Report {
  readonly auditReportVersion?: number;
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly via: readonly (string | Advisory)[] }>
  >;
}

/**
 * Judges what `npm audit --json` printed. Every advisory needs an exception; an exception ends with
 * its day, also where no advisory can be had, and with what it excepts.
 * @throws Error when the report is neither an audit's nor tells that the registry was not reached.
 */
export function judgeAudit(
  report: Report,
  exceptions: readonly Exception[],
  today: string,
): Verdict {
  const expired = exceptions
    .filter(({ reviewBy }) => !(reviewBy >= today))
    .map((one) => `the exception for ${nameOf(one)} ended on ${one.reviewBy}: review it`);
  if (report.auditReportVersion !== 2) {
    const notes = [`the advisory service could not be asked: ${whyNot(report)}`];
    return { problems: expired, answered: false, notes };
  }
  const found = advisoriesOf(report);
  const excepted = (one: Advisory): boolean => exceptions.some((exception) => isOf(exception, one));
  return {
    answered: true,
    notes: found.filter(excepted).map((one) => `excepted: ${describe(one)}`),
    problems: [
      ...expired,
      ...found.filter((one) => !excepted(one)).map(describe),
      ...exceptions
        .filter((exception) => !found.some((one) => isOf(exception, one)))
        .map((one) => `the exception for ${nameOf(one)} matches nothing any more: remove it`),
    ],
  };
}

function advisoriesOf({ vulnerabilities = {} }: Report): readonly Advisory[] {
  const all = Object.values(vulnerabilities).flatMap(({ via }) => via);
  const advisories = all.filter((one): one is Advisory => typeof one !== 'string');
  return [...new Map(advisories.map((one) => [`${one.name} ${one.url}`, one])).values()];
}

function isOf(exception: Exception, { name, url }: Advisory): boolean {
  return exception.package === name && url.endsWith(`/${exception.advisory}`);
}

function nameOf(exception: Exception): string {
  return `${exception.advisory} (${exception.package})`;
}

function describe({ name, title, url, severity }: Advisory): string {
  return `${severity}: ${name}: ${title} (${url})`;
}

/** npm tells of a request that failed in `message`; a report without one failed of itself. */
function whyNot(report: Report): string {
  if (report.message === undefined) {
    throw new Error(`npm audit failed: ${JSON.stringify(report).slice(0, 500)}`);
  }
  return report.message;
}
