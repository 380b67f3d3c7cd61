import { useLayoutEffect, useRef } from 'react';
import type { Line } from './lines.ts';

/** What was said, newest at the bottom; it follows the talk unless somebody has scrolled back. */
export function Transcript({
  lines,
  partner,
}: {
  readonly lines: readonly Line[];
  readonly partner: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  useLayoutEffect(() => {
    const { current } = box;
    if (current !== null && following.current) current.scrollTop = current.scrollHeight;
  });
  return (
    <div
      ref={box}
      className="transcript"
      role="log"
      aria-label="Transcript"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        following.current = scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
      }}
    >
      {lines.length === 0 && <p className="hint">What you and {partner} say appears here.</p>}
      <ol>
        {lines.map((line, at) => (
          <li key={line.id} data-who={line.who} data-interim={line.interim}>
            {lines[at - 1]?.from !== line.from && (
              <span className="name">{line.who === 'me' ? 'You' : line.name}</span>
            )}
            <span className="words" dir="auto">
              {line.text}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

const NEAR_THE_END_PX = 40;
