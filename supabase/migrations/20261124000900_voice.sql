alter table public.characters
  -- text or voice, where the message that asks for the bot names none; default: AUDIO_ENABLED.
  add column if not exists talk_mode text,
  -- The id of its voice at its text-to-speech provider; default: that provider's here.
  add column if not exists voice text,
  -- gladia or deepgram, and cartesia or elevenlabs; default: the first one that has a key.
  add column if not exists stt text,
  add column if not exists tts text;

create or replace function public.troupe_schema_version()
returns integer
language sql
stable
security invoker
set search_path = ''
as $$
  select 3
$$;

notify pgrst, 'reload schema';
