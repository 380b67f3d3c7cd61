import { lazy, Suspense, useEffect, useState } from 'react';
import { Lobby } from './lobby.tsx';
import type { OpenTalk } from './talk-room.tsx';

/** Choose somebody, talk, come back. */
export function App() {
  const [talk, setTalk] = useState<OpenTalk>();
  const [notice, setNotice] = useState<string>();
  useEffect(() => void loadTalkRoom(), []);
  if (talk === undefined) return <Lobby notice={notice} onOpened={setTalk} />;
  return (
    <Suspense>
      <TalkRoom
        talk={talk}
        onEnd={(why) => {
          setNotice(why);
          setTalk(undefined);
        }}
      />
    </Suspense>
  );
}

/** Most of the page's weight: it comes while somebody chooses, not before there is a choice. */
const loadTalkRoom = () => import('./talk-room.tsx');
const TalkRoom = lazy(async () => ({ default: (await loadTalkRoom()).TalkRoom }));
