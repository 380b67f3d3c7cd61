import type { SqsOptions } from './client.ts';

/** A line for a shell that asks the AWS CLI to set attributes of a queue; values as SQS has them. */
export function setAttributesLine(
  options: SqsOptions,
  url: string,
  attributes: Readonly<Record<string, string>>,
): string {
  return awsLine(options, `set-queue-attributes --queue-url ${url}`, attributes);
}

/** A line for a shell that makes a FIFO queue of this name. */
export function createQueueLine(
  options: SqsOptions,
  name: string,
  attributes: Readonly<Record<string, string>>,
): string {
  return awsLine(options, `create-queue --queue-name ${name}`, {
    FifoQueue: 'true',
    ...attributes,
  });
}

function awsLine(
  { region, endpoint }: SqsOptions,
  command: string,
  attributes: Readonly<Record<string, string>>,
): string {
  const server = endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`;
  return `aws sqs --region ${region}${server} ${command} --attributes '${JSON.stringify(attributes)}'`;
}
