-- What every server has for the driver programs; the proxy's configuration says which of these are sharded.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE spot AS (x integer, y integer);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);

CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text);
CREATE TABLE typed (
  id bigint PRIMARY KEY,
  small smallint,
  whole integer,
  ratio double precision,
  amount numeric(20, 4),
  flag boolean,
  word varchar(40),
  body bytea,
  day date,
  moment timestamptz,
  span interval,
  uid uuid,
  doc jsonb,
  tags text[],
  numbers integer[],
  feeling mood,
  place spot,
  count positive
);
CREATE TABLE devices (id uuid PRIMARY KEY, name text);
CREATE TABLE countries (code text PRIMARY KEY, name text);
CREATE TABLE notes (id serial PRIMARY KEY, note text);
