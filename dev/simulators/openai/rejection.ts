/** What a refusal says, in OpenAI's terms; a dialect turns it into its own body. */
export interface RejectionDetails {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with an HTTP error. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly details: RejectionDetails;

  constructor(details: RejectionDetails) {
    super(details.message);
    this.details = details;
  }
}

/** A 400 about one parameter. */
export function invalid(message: string, param?: string, code?: string): Rejection {
  return new Rejection({
    status: 400,
    message,
    ...(param === undefined ? {} : { param }),
    ...(code === undefined ? {} : { code }),
  });
}
