-- The table of the key-value API, on every shard when it is made.
CREATE TABLE kv (key text PRIMARY KEY, value text);
