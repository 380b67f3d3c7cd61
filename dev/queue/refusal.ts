/** An error answer of SQS. */
export class SqsRefusal extends Error {
  override readonly name = 'SqsRefusal';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** InvalidParameterValue in the words of SQS. */
export function invalidParameter(name: string, value: unknown, reason: string): SqsRefusal {
  return new SqsRefusal(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
