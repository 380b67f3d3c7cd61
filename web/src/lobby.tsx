import { useEffect, useState } from 'react';
import type { ListedCharacter } from '../../src/gateway/api.ts';
import { CharacterChoice } from './character-choice.tsx';
import { listCharacters, openSession } from './gateway.ts';
import { Keyboard, Microphone } from './icons.tsx';
import type { OpenTalk } from './talk-room.tsx';

/** Where a talk begins: who with, under which name, by voice or by keyboard. */
export function Lobby({
  notice,
  onOpened,
}: {
  /** Why the last talk ended, where that was not the guest's own wish. */
  readonly notice: string | undefined;
  readonly onOpened: (talk: OpenTalk) => void;
}) {
  const { characters, error: listError, retry } = useCharacters();
  const [chosenId, setChosenId] = useState<string>();
  const [name, setName] = useState(() => localStorage.getItem(NAME_KEY) ?? '');
  const [opening, setOpening] = useState(false);
  const [error, setError] = useState<string>();
  const chosen = characters?.find(({ id }) => id === chosenId) ?? characters?.[0];

  async function open(microphone: boolean): Promise<void> {
    if (chosen === undefined || opening) return;
    setOpening(true);
    setError(undefined);
    localStorage.setItem(NAME_KEY, name);
    try {
      const session = await openSession({
        characterId: chosen.id,
        ...(name.trim() !== '' && { name: name.trim() }),
        // Whoever only types leaves it to the character how it answers.
        ...(microphone && { mode: 'voice' }),
      });
      onOpened({ session, character: chosen, microphone });
    } catch (failure) {
      setError((failure as Error).message);
      setOpening(false);
    }
  }

  return (
    <main className="lobby">
      <h1>Who would you like to talk with?</h1>
      {notice !== undefined && <output className="notice">{notice}</output>}
      <form
        aria-busy={opening}
        onSubmit={(event) => {
          event.preventDefault();
          void open(true);
        }}
      >
        {characters === undefined ? (
          <ListState error={listError} retry={retry} />
        ) : (
          <CharacterChoice characters={characters} chosen={chosen} onChoose={setChosenId} />
        )}
        <label className="field">
          <span>Your name</span>
          <input
            autoComplete="name"
            maxLength={64}
            placeholder="Guest"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <div className="ways">
          <button type="submit" className="primary" disabled={chosen === undefined || opening}>
            <Microphone />
            {opening ? 'Opening…' : 'Talk'}
          </button>
          <button
            type="button"
            disabled={chosen === undefined || opening}
            onClick={() => void open(false)}
          >
            <Keyboard />
            Type
          </button>
        </div>
        {error !== undefined && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
      </form>
    </main>
  );
}

const NAME_KEY = 'troupe.name';

function ListState({
  error,
  retry,
}: {
  readonly error: string | undefined;
  readonly retry: () => void;
}) {
  if (error === undefined) return <p className="waiting">Looking who is there…</p>;
  return (
    <p className="error" role="alert">
      {error}{' '}
      <button type="button" className="plain" onClick={retry}>
        Try again
      </button>
    </p>
  );
}

function useCharacters() {
  const [characters, setCharacters] = useState<readonly ListedCharacter[]>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    const left = new AbortController();
    listCharacters(left.signal).then(setCharacters, (failure: Error) => {
      if (!left.signal.aborted) setError(failure.message);
    });
    return () => left.abort();
  }, []);
  const retry = (): void => {
    setError(undefined);
    listCharacters().then(setCharacters, (failure: Error) => setError(failure.message));
  };
  return { characters, error, retry };
}
