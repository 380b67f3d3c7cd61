import { z } from 'zod';

/** How one environment variable is read: from its text, or `undefined` when unset. */
export type EnvShape<T> = z.ZodType<T, string | undefined>;

/** Any text. */
export function text(): z.ZodType<string, string> {
  return z.string();
}

/** Texts separated by commas; empty ones are left out. */
export function list(): z.ZodType<string[], string> {
  return z.string().transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );
}

/** One or more secrets, separated by commas, too long to be guessed. */
export function keys(min: number): z.ZodType<string[], string> {
  return list()
    .refine((all) => all.length > 0, 'is a list without a key')
    .refine(
      (all) => all.every((key) => key.length >= min),
      `is a list with a key shorter than ${min} characters`,
    )
    .refine((all) => !all.some((key) => /\s/.test(key)), 'is a list with a space in a key');
}

/** `true` or `false` in any case. */
export function flag(fallback: boolean): EnvShape<boolean> {
  return z
    .string()
    .toLowerCase()
    .pipe(
      z.enum(['true', 'false'], 'is neither true nor false').transform((said) => said === 'true'),
    )
    .default(fallback);
}

/** A whole number within bounds. */
export function whole(fallback: number, min: number, max: number): EnvShape<number> {
  return z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `is below ${min}`).max(max, `is above ${max}`))
    .default(fallback);
}

/** A number between 0 and 1. */
export function share(fallback: number): EnvShape<number> {
  return z
    .string()
    .regex(/^(?:0|1|0?\.\d+|1\.0+)$/, 'is not a number between 0 and 1')
    .transform(Number)
    .default(fallback);
}

/** One of a few words in any case; the first is the default. */
export function oneOf<const T extends string>(values: readonly [T, ...T[]]): EnvShape<T> {
  const choice: z.ZodType<T, string> = z.enum(values, `is none of ${values.join(', ')}`);
  return z.string().toLowerCase().pipe(choice).default(values[0]);
}

/** An address with one of these schemes. */
export function url(...schemes: string[]): z.ZodType<string, string> {
  const starts = schemes.map((scheme) => `${scheme}://`);
  const isOne = (value: string): boolean =>
    URL.canParse(value) && starts.some((start) => value.startsWith(start));
  return z.string().refine(isOne, `is no address with ${starts.join(' or ')}`);
}
