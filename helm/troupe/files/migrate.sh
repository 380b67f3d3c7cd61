# Runs each migration that this database does not have yet, in the order of their names, each in a
# transaction of its own together with its entry. The table is the Supabase CLI's, so that
# `supabase db push` and this script know of each other. Needs DATABASE_URL, and the folder in SQL.
# A lock that live talks hold is waited for 10 s, then the upgrade stops instead of them.
export PGOPTIONS='-c lock_timeout=10s -c client_min_messages=warning'
run() { psql "$DATABASE_URL" --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@"; }

run --command '
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations
    (version text primary key, statements text[], name text);'
known=$(run --tuples-only --no-align --command \
  'select version from supabase_migrations.schema_migrations')
for file in "$SQL"/*.sql; do
  name=$(basename "$file" .sql)
  version=${name%%_*}
  if echo "$known" | grep -qxF "$version"; then
    echo "$name: there already"
    continue
  fi
  run --single-transaction --file "$file" --command \
    "insert into supabase_migrations.schema_migrations (version, name) values ('$version', '${name#*_}')"
  echo "$name: done"
done
