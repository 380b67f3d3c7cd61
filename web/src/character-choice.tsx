import type { ListedCharacter } from '../../src/gateway/api.ts';
import { Portrait } from './portrait.tsx';

/** One card a character; radio buttons underneath, so that arrow keys choose. */
export function CharacterChoice({
  characters,
  chosen,
  onChoose,
}: {
  readonly characters: readonly ListedCharacter[];
  readonly chosen: ListedCharacter | undefined;
  readonly onChoose: (id: string) => void;
}) {
  if (characters.length === 0) {
    return <p className="notice">Nobody is here yet: add a row with a prompt to characters.</p>;
  }
  return (
    <fieldset className="cast">
      <legend className="unseen">Character</legend>
      {characters.map((character) => (
        <label key={character.id} className="card">
          <input
            type="radio"
            name="character"
            value={character.id}
            checked={character === chosen}
            onChange={() => onChoose(character.id)}
          />
          <Portrait of={character.name} />
          <span className="card-words">
            <strong>{character.name}</strong>
            {character.description !== undefined && <small>{character.description}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
