import { useTrackToggle } from '@livekit/components-react';
import { Track } from 'livekit-client';
import { useEffect, useRef, useState } from 'react';
import type { SubmitEvent } from 'react';
import { Microphone, MicrophoneOff, Send } from './icons.tsx';

/** What one can do: open or close the microphone, write. */
export function Controls({
  partner,
  deaf,
  send,
}: {
  readonly partner: string;
  /** The character only reads. */
  readonly deaf: boolean;
  readonly send: (text: string) => Promise<unknown>;
}) {
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // On a phone this would push a keyboard over the talk.
    if (matchMedia('(pointer: fine)').matches) input.current?.focus();
  }, []);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const said = text.trim();
    if (said === '') return;
    setText('');
    setFailed(false);
    try {
      await send(said);
    } catch {
      // Nothing is lost: the words come back, in front of what was typed since.
      setText((since) => [said, since].filter(Boolean).join(' '));
      setFailed(true);
    }
  }

  return (
    <footer className="controls">
      <MicrophoneButton partner={partner} deaf={deaf} />
      <form onSubmit={(event) => void submit(event)}>
        <input
          ref={input}
          aria-label={`Write to ${partner}`}
          placeholder={`Write to ${partner}`}
          autoComplete="off"
          enterKeyHint="send"
          maxLength={2_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="round" aria-label="Send" disabled={text.trim() === ''}>
          <Send />
        </button>
      </form>
      {failed && (
        <p className="error" role="alert">
          This was not sent. Try again in a moment.
        </p>
      )}
    </footer>
  );
}

function MicrophoneButton({ partner, deaf }: { readonly partner: string; readonly deaf: boolean }) {
  const { enabled, pending, toggle } = useTrackToggle({ source: Track.Source.Microphone });
  const label = enabled ? 'Turn the microphone off' : 'Turn the microphone on';
  const useless = deaf && !enabled;
  return (
    <button
      type="button"
      className="round"
      aria-pressed={enabled}
      aria-label={label}
      title={useless ? `${partner} only reads here` : label}
      disabled={pending || useless}
      // Its failure is told by the room.
      onClick={() => void toggle()?.catch(() => undefined)}
    >
      {enabled ? <Microphone /> : <MicrophoneOff />}
    </button>
  );
}
