import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import type { Copy, Instruction, PropertyInstruction } from 'dockerfile-ast';

/** One stage of a Dockerfile: its instructions in order, after its FROM. */
export interface Stage {
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

/** An instruction, as far as running it as plain commands needs it. */
export type Step =
  | { readonly kind: 'run'; readonly command: string }
  | {
      readonly kind: 'copy';
      readonly from: string | undefined;
      readonly sources: readonly string[];
      readonly target: string;
    }
  | Settings<'env'>
  | Settings<'arg'>
  | Settings<'label'>
  | { readonly kind: 'workdir' | 'user' | 'expose'; readonly value: string }
  | { readonly kind: 'entrypoint' | 'healthcheck'; readonly command: readonly string[] };

interface Settings<Kind> {
  readonly kind: Kind;
  readonly values: Readonly<Record<string, string>>;
}

/** A Dockerfile as read. */
export interface ParsedDockerfile {
  /** The image that every stage begins with. */
  readonly base: string;
  readonly stages: readonly Stage[];
}

/**
 * Reads a Dockerfile whose stages all begin with one image, named by its first ARG.
 * @throws on an instruction that {@link Step} does not know: better than to leave it out of a test.
 */
export function readDockerfile(path: string): ParsedDockerfile {
  const parsed = DockerfileParser.parse(readFileSync(path, 'utf8'));
  const [base] = parsed.getInitialARGs();
  const stages: { name: string | undefined; steps: Step[] }[] = [];
  for (const instruction of parsed.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const [, , name] = words(instruction);
      stages.push({ name, steps: [] });
    } else stages.at(-1)?.steps.push(toStep(instruction));
  }
  return { base: base?.getProperty()?.getValue() ?? '', stages };
}

function toStep(instruction: Instruction): Step {
  const keyword = instruction.getKeyword();
  const read = Object.hasOwn(READERS, keyword) ? READERS[keyword] : undefined;
  if (read === undefined) throw new Error(`the test of the image does not know ${keyword} yet`);
  return read(instruction);
}

const READERS: Readonly<Record<string, (instruction: Instruction) => Step>> = {
  RUN: (one) => ({ kind: 'run', command: one.getRawArgumentsContent() ?? '' }),
  COPY: (one) => toCopy(one as Copy),
  ENV: (one) => ({ kind: 'env', values: propertiesOf(one as PropertyInstruction) }),
  ARG: (one) => ({ kind: 'arg', values: propertiesOf(one as PropertyInstruction) }),
  LABEL: (one) => ({ kind: 'label', values: propertiesOf(one as PropertyInstruction) }),
  WORKDIR: (one) => ({ kind: 'workdir', value: words(one).join(' ') }),
  USER: (one) => ({ kind: 'user', value: words(one).join(' ') }),
  EXPOSE: (one) => ({ kind: 'expose', value: words(one).join(' ') }),
  ENTRYPOINT: (one) => ({ kind: 'entrypoint', command: jsonOf(one) }),
  HEALTHCHECK: (one) => ({ kind: 'healthcheck', command: jsonOf(one) }),
};

function toCopy(instruction: Copy): Step {
  const paths = words(instruction);
  return {
    kind: 'copy',
    from: instruction.getFromFlag()?.getValue() ?? undefined,
    sources: paths.slice(0, -1),
    target: paths.at(-1) ?? '',
  };
}

function words(instruction: Instruction): readonly string[] {
  return instruction.getArguments().map((argument) => argument.getValue());
}

function propertiesOf(instruction: PropertyInstruction): Readonly<Record<string, string>> {
  return Object.fromEntries(
    instruction.getProperties().map((one) => [one.getName(), one.getValue() ?? '']),
  );
}

/** The exec form, which may stand behind flags and CMD. */
function jsonOf(instruction: Instruction): readonly string[] {
  const content = instruction.getArgumentsContent() ?? '';
  return JSON.parse(content.slice(content.indexOf('['))) as readonly string[];
}
