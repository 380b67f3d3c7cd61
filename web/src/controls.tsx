import { useTrackToggle } from '@livekit/components-react';
import { Track } from 'livekit-client';
import { useEffect, useRef, useState } from 'react';
import type { SubmitEvent } from 'react';
import { Microphone, MicrophoneOff, Send } from './icons.tsx';

/** What one can do: open or close the microphone, write. */
export function Controls({
  partner,
  send,
}: {
  readonly partner: string;
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
      <MicrophoneButton />
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

function MicrophoneButton() {
  const { enabled, pending, toggle } = useTrackToggle({ source: Track.Source.Microphone });
  const label = enabled ? 'Turn the microphone off' : 'Turn the microphone on';
  return (
    <button
      type="button"
      className="round"
      aria-pressed={enabled}
      aria-label={label}
      title={label}
      disabled={pending}
      // Its failure is told by the room.
      onClick={() => void toggle()?.catch(() => undefined)}
    >
      {enabled ? <Microphone /> : <MicrophoneOff />}
    </button>
  );
}
