/** A round initial in a colour of its own; for eyes only, the name always stands beside it. */
export function Portrait({ of: name }: { readonly of: string }) {
  const [initial = '?'] = name.trim();
  return (
    <span className="portrait" aria-hidden="true" style={{ '--hue': hueOf(name) }}>
      {initial.toUpperCase()}
    </span>
  );
}

/** The same name has the same colour everywhere. */
function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return sum;
}
