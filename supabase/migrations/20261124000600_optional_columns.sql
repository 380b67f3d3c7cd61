-- Optional columns of the user's own tables; a null means the default.

alter table public.sessions
  -- Whether replies also go out as classic chat lines; default true.
  add column if not exists chat_lines boolean default true;

alter table public.characters
  -- BCP 47; default en. auto: what people say is heard in whichever language the provider finds; fixed
  -- lines and voice are English.
  add column if not exists language text,
  -- The model's name at the LLM provider; default: the configured one.
  add column if not exists model text,
  -- Said once after the joined line.
  add column if not exists greeting text,
  -- When it answers among several people: {"rule": "auto|always|named", "names": [], "phrases": []}.
  add column if not exists addressing jsonb;
