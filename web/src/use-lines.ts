import { useParticipants, useTranscriptions } from '@livekit/components-react';
import type { ReceivedChatMessage } from '@livekit/components-react';
import type { Participant } from 'livekit-client';
import { useMemo, useState } from 'react';
import { EMPTY_BOOK, keepBook, toLines } from './lines.ts';
import type { Known, Line } from './lines.ts';
import { nameOf } from './names.ts';

/** Everything that was said and written in the room since we came, oldest first. */
export function useLines(chat: readonly ReceivedChatMessage[]): readonly Line[] {
  const segments = useTranscriptions();
  const people = useParticipants();
  const [book, setBook] = useState(EMPTY_BOOK);
  const kept = keepBook(book, new Map(people.map(toKnown)), segments, chat);
  if (kept !== book) setBook(kept);
  return useMemo(() => toLines(kept, segments, chat), [kept, segments, chat]);
}

function toKnown(person: Participant): readonly [string, Known] {
  const who = person.isLocal ? 'me' : person.isAgent ? 'agent' : 'other';
  return [person.identity, { name: nameOf(person), who }];
}
