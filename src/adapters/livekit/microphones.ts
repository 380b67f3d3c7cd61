import { RemoteAudioTrack, RoomEvent, TrackSource } from '@livekit/rtc-node';
import type { RemoteParticipant, RemoteTrackPublication, Room } from '@livekit/rtc-node';
import type { MicrophoneListener, RoomSound } from '../../ports/room-sound.ts';
import { setForwarding } from './forwarding.ts';
import { readFrames } from './microphone-frames.ts';
import type { Path } from './path.ts';
import { toPerson } from './people.ts';

/** A microphone that is there, subscribed or not. */
interface Published {
  readonly owner: RemoteParticipant;
  readonly publication: RemoteTrackPublication;
}

/** One that we listen to. */
interface Open {
  readonly listener: MicrophoneListener;
  readonly frames: Disposable;
  muted: boolean;
}

/** After each of these it is looked anew which microphones there are, and how they are. */
const CHANGES = [
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.ParticipantDisconnected,
  // Says who is a bot.
  RoomEvent.ParticipantAttributesChanged,
] as const;

/**
 * Makes a link's `hear`. What is there decides, not the events: those of a full reconnect come in
 * an order of their own, and a subscription that is asked for before its end is lost.
 */
export function makeHear(
  room: Room,
  path: Path,
  onError: (error: unknown) => void,
): RoomSound['hear'] {
  let hearings = 0;
  /** Those that nobody wanted any more. */
  const paused = new WeakSet<RemoteTrackPublication>();
  // The SDK leaves that to the garbage collector, which has no idea of its size.
  room.on(RoomEvent.TrackUnsubscribed, (track) => void track.close());
  room.on(RoomEvent.TrackSubscriptionFailed, (_id, _owner, reason) =>
    onError(new Error(`a microphone was not subscribed: ${reason}`)),
  );

  function pause({ publication }: Published): void {
    paused.add(publication);
    setForwarding(publication, false);
  }

  return (open) => {
    const opened = new Map<RemoteAudioTrack, Open>();
    const asked = new Set<RemoteTrackPublication>();
    let isHearing = true;
    hearings += 1;
    for (const event of CHANGES) room.on(event, look);
    const watching = path.watch(look);
    look();

    function look(): void {
      const there = isHearing && path.isUp() ? microphonesIn(room) : [];
      const tracks = new Set(there.map(({ publication }) => publication.track));
      for (const track of opened.keys()) if (!tracks.has(track)) close(track);
      if (!path.isUp()) asked.clear();
      for (const one of there) follow(one);
    }

    function follow({ owner, publication }: Published): void {
      const { track } = publication;
      if (!(track instanceof RemoteAudioTrack)) return subscribe(publication);
      if (paused.delete(publication)) setForwarding(publication, true);
      const one = opened.get(track) ?? start(track, publication, owner);
      const muted = publication.muted === true;
      if (one.muted === muted) return;
      one.muted = muted;
      guard(() => (muted ? one.listener.muted() : one.listener.unmuted()));
    }

    function subscribe(publication: RemoteTrackPublication): void {
      if (asked.has(publication)) return;
      asked.add(publication);
      publication.setSubscribed(true);
    }

    function start(
      track: RemoteAudioTrack,
      { sid: trackId = '', muted = false }: RemoteTrackPublication,
      owner: RemoteParticipant,
    ): Open {
      const listener = open({ trackId, person: toPerson(owner), muted });
      const frames = readFrames(track, (pcm) => guard(() => listener.frame(pcm)));
      const one = { listener, frames, muted };
      opened.set(track, one);
      return one;
    }

    function close(track: RemoteAudioTrack): void {
      const one = opened.get(track);
      opened.delete(track);
      one?.frames[Symbol.dispose]();
      guard(() => one?.listener.closed());
    }

    /** An ear's defect is no reason to end the others'. */
    function guard(run: () => void): void {
      try {
        run();
      } catch (error) {
        onError(error);
      }
    }

    return {
      [Symbol.dispose]() {
        if (!isHearing) return;
        isHearing = false;
        hearings -= 1;
        for (const event of CHANGES) room.off(event, look);
        watching[Symbol.dispose]();
        look();
        if (hearings > 0 || path.state() === 'gone') return;
        microphonesIn(room).forEach(pause);
      },
    };
  };
}

function microphonesIn(room: Room): Published[] {
  return [...room.remoteParticipants.values()]
    .filter((owner) => toPerson(owner).kind === 'human')
    .flatMap((owner) =>
      [...owner.trackPublications.values()]
        .filter(({ source }) => source === TrackSource.SOURCE_MICROPHONE)
        .map((publication) => ({ owner, publication })),
    );
}
