# Tables with a text key, and names that hide. See CompareCase for the signs used in these files: below "# ---" each line is a case of one
# statement; below "# ===" each block of lines is a case of several statements of one session. A line that begins with "= " must be answered as
# by one PostgreSQL, word by word; any other may instead be refused. Behind a statement "-- ordered" says that the order of its rows is determined,
# "-- parameters 5:int8 | NULL:text" gives the values of $1, $2, and "-- data ..." what COPY FROM STDIN gets. The sign ⏎ is a line feed, ⇥ a tab.
# The key column of kv holds k0 to k11, o'k, k", back\slash, NULL (four letters), 1, 10 and the empty text.

# --- one key, in every notation
= SELECT key, value FROM kv WHERE key = 'k1'
= SELECT * FROM kv WHERE key = 'k5'
= SELECT * FROM kv WHERE 'k2' = key
= SELECT * FROM public.kv WHERE public.kv.key = 'k3'
= SELECT * FROM "kv" WHERE "key" = 'k4'
= SELECT * FROM KV WHERE KEY = 'k4'
= SELECT kv.* FROM "public"."kv" WHERE kv."key" = 'k4'
= SELECT k.value FROM kv k WHERE k.key = 'k6'
= SELECT k.value FROM kv AS k WHERE key = 'k6'
= SELECT * FROM kv WHERE key = E'k\061'
= SELECT * FROM kv WHERE key = E'k\x31'
= SELECT * FROM kv WHERE key = U&'k\0031'
= SELECT * FROM kv WHERE key = $$k1$$
= SELECT * FROM kv WHERE key = $tag$k1$tag$
= SELECT * FROM kv WHERE key = 'o''k'
= SELECT * FROM kv WHERE key = 'k"'
= SELECT * FROM kv WHERE key = 'back\slash'
= SELECT * FROM kv WHERE key = E'back\\slash'
= SELECT * FROM kv WHERE key = 'NULL'
= SELECT * FROM kv WHERE key = ''
= SELECT * FROM kv WHERE key = 'k'⏎'1'
= SELECT * FROM kv WHERE key = 'no such key'
= SELECT * FROM kv WHERE (key) = ('k1')
= SELECT * FROM kv WHERE ((key = 'k1'))
= SELECT * FROM kv WHERE key = 'k1'::text
= SELECT * FROM kv WHERE key = CAST('k1' AS text)
= SELECT * FROM kv WHERE key='k1'and value='v1'
= SELECT * FROM kv WHERE key = 'k1' AND value = 'something else'
= SELECT * FROM kv WHERE value LIKE 'v%' AND key = 'k7'
= SELECT * FROM kv WHERE key = 'k1' AND (value = 'v1' OR key = 'k2')
= SELECT/* comment */*FROM/* /* nested */ comment */kv/**/WHERE/**/key='k1'
= SELECT * FROM kv -- comment 'with quote⏎WHERE key = 'k1' -- end
= SELECT * FROM kv WHERE key = 'k1' --comment;⏎
= SELECT * FROM kv WHERE key = 'k1';
= ;;SELECT * FROM kv WHERE key = 'k1';;
= TABLE notes
SELECT * FROM kv WHERE key = text 'k1'
SELECT * FROM kv WHERE key = N'k1'
SELECT * FROM kv WHERE key OPERATOR(pg_catalog.=) 'k1'
SELECT * FROM kv WHERE key IN ('k1')
= SELECT * FROM kv WHERE key = ANY (ARRAY['k1'])
= SELECT * FROM kv WHERE key = ANY ('{k1}')
SELECT * FROM kv WHERE key IS NOT DISTINCT FROM 'k1'
SELECT * FROM kv WHERE (key = 'k1') IS TRUE
SELECT * FROM kv WHERE ROW(key) = ROW('k1')
SELECT * FROM kv WHERE (key, value) = ('k1', 'v1')
SELECT * FROM kv WHERE key BETWEEN 'k1' AND 'k1'
SELECT * FROM kv WHERE key >= 'k1' AND key <= 'k1'
SELECT * FROM kv WHERE key = 'k1' COLLATE "C"
SELECT * FROM kv WHERE key COLLATE "C" = 'k1'
SELECT * FROM ONLY kv WHERE key = 'k1'
SELECT * FROM kv * WHERE key = 'k1'

# --- keys in an array
= SELECT * FROM kv WHERE key = ANY ('{k1,k2,k3,k4}') ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('{ k1 , "k2",k\3,\k4 }'::text[]) ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY (CAST('{k1,k1,NULL}' AS varchar[]))
= SELECT * FROM kv WHERE key = ANY ('{"NULL"}')
= SELECT * FROM kv WHERE key = ANY ('{NULL}')
= SELECT * FROM kv WHERE key = ANY ('{}')
= SELECT * FROM kv WHERE key = ANY ('{""}')
= SELECT * FROM kv WHERE key = SOME ('{o''k,"k\"","back\\slash"}') ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY (E'{o\'k,"k\\"","back\\\\slash"}') ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ($${k1,k5}$$) ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('{{k1,k2},{k3,k4}}') ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('[5:7]={k1,k2,k3}') ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('{k1,}')
= SELECT * FROM kv WHERE key = ANY ('k1')
= SELECT * FROM kv WHERE key = ANY ('{k1')
= SELECT * FROM kv WHERE key = ANY ('{k11,k10}'::varchar(2)[]) ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('{"k1 ",k2}'::bpchar[]) ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('{k1,k2}'::name[]) ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('{1,10}'::int[])
= SELECT * FROM kv WHERE key = ANY ('{1,10}'::int[]::text[]) ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ('{01,010}'::int[]::text[]) ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY (NULL)
= SELECT count(*) FROM kv WHERE key = ANY ('{}')
= SELECT * FROM kv WHERE key = ANY ($1) ORDER BY key -- parameters {k1,k2,k3,k4,k5,k6}:text_array -- ordered
= SELECT * FROM kv WHERE key = ANY ($1) ORDER BY key -- parameters {k1,k2,k3,k4,k5,k6} -- ordered
= SELECT * FROM kv WHERE key = ANY ($1) -- parameters {k1}:text_array
= SELECT * FROM kv WHERE key = ANY ($1) -- parameters {"NULL",NULL}:text_array
= SELECT * FROM kv WHERE key = ANY ($1) -- parameters {NULL}
= SELECT * FROM kv WHERE key = ANY ($1) -- parameters {}:text_array
= SELECT * FROM kv WHERE key = ANY ($1) -- parameters NULL:text_array
= SELECT * FROM kv WHERE key = ANY ($1) ORDER BY key -- parameters {"k\"","back\\slash",o'k,"",x}:text_array -- ordered
= SELECT * FROM kv WHERE key = ANY ($1::varchar[]) ORDER BY key -- parameters {k1,k9} -- ordered
= SELECT * FROM kv WHERE key = ANY ($1::text[]) ORDER BY key -- parameters {1,10}:int8_array -- ordered
= SELECT * FROM kv WHERE key = ANY ($1) -- parameters {1,10}:int8_array
= SELECT * FROM kv WHERE key = ANY ($1) AND value = ANY ($2) ORDER BY key -- parameters {k1,k2,k3}:text_array | {v1,v3}:text_array -- ordered
= SELECT * FROM kv WHERE key = ANY ($1) OR value = 'v7' ORDER BY key -- parameters {k1}:text_array -- ordered
= SELECT * FROM kv WHERE NOT key = ANY ($1) ORDER BY key COLLATE "C" -- parameters {k1,k2}:text_array
= SELECT a.key, b.value FROM kv a JOIN kv b ON b.key = a.key WHERE a.key = ANY ($1) ORDER BY a.key -- parameters {k3,k4,k5}:text_array -- ordered
= UPDATE kv SET value = value || '!' WHERE key = ANY ($1) -- parameters {k1,k2,k3,nobody,NULL}:text_array
= UPDATE kv SET value = value || '!' WHERE key = ANY ('{k1,k2,k3}') RETURNING *
= DELETE FROM kv WHERE key = ANY ($1) RETURNING key -- parameters {k5,k6,k7,k8}:text_array
= DELETE FROM kv WHERE key = ANY ($1) -- parameters {}:text_array
= WITH few AS (SELECT * FROM kv WHERE key = ANY ($1)) SELECT count(*), max(key) FROM few -- parameters {k1,k2,k3}:text_array

# === keys in an array, in a session
= SET array_nulls = off
= SELECT * FROM kv WHERE key = ANY ('{NULL,k1}') ORDER BY key -- ordered
= SELECT * FROM kv WHERE key = ANY ($1) -- parameters {NULL}
= UPDATE kv SET value = 'found' WHERE key = ANY ('{NULL}') RETURNING *

= PREPARE several (text[]) AS SELECT key, value FROM kv WHERE key = ANY ($1) ORDER BY key
= EXECUTE several ('{k1,k2,k3}') -- ordered
= EXECUTE several ('{k4}')
= EXECUTE several (NULL)
= EXECUTE several ('{}')

= BEGIN
= SELECT count(*) FROM kv WHERE key = ANY ('{k1,k2,k3}')
= DELETE FROM kv WHERE key = ANY ('{k1,k2}')
= SELECT count(*) FROM kv WHERE key = ANY ($1) -- parameters {k1,k2,k3}:text_array
= ROLLBACK

= BEGIN
= DECLARE several CURSOR FOR SELECT key FROM kv WHERE key = ANY ('{k1,k2,k3}') ORDER BY key
= FETCH ALL FROM several -- ordered
= COMMIT

# --- a key that is not what it seems
SELECT * FROM kv WHERE key = 'k11'::varchar(2)
SELECT * FROM kv WHERE key = CAST('k11' AS varchar(2))
SELECT * FROM kv WHERE key = 'k1 '::char(3)
SELECT * FROM kv WHERE key = 'k1'::char(2)
SELECT * FROM kv WHERE key = 'k1'::name
SELECT * FROM kv WHERE key = 'k1'::short
SELECT * FROM kv WHERE key = 'k1'::bytea
SELECT * FROM kv WHERE key = 1
SELECT * FROM kv WHERE key = 1::text
SELECT * FROM kv WHERE key = 01::text
SELECT * FROM kv WHERE key = 1.0::text
SELECT * FROM kv WHERE key = 1e0::text
SELECT * FROM kv WHERE key = 0x1::text
SELECT * FROM kv WHERE key = 1_0::text
SELECT * FROM kv WHERE key = -1::text
SELECT * FROM kv WHERE key = '1'::int
SELECT * FROM kv WHERE key = B'1'
SELECT * FROM kv WHERE key = X'1F'
SELECT * FROM kv WHERE key = true
SELECT * FROM kv WHERE key = NULL
SELECT * FROM kv WHERE key IS NULL
SELECT * FROM kv WHERE key = lower('K1')
SELECT * FROM kv WHERE key = 'k' || '1'
SELECT * FROM kv WHERE key = 'k1' || ''
SELECT * FROM kv WHERE key = concat('k', 1)
SELECT * FROM kv WHERE key = (SELECT 'k1')
SELECT * FROM kv WHERE key = (VALUES ('k1'))
SELECT * FROM kv WHERE key = (SELECT kv_key FROM notes WHERE n = 1)
SELECT * FROM kv WHERE key = current_user
SELECT * FROM kv WHERE key = CASE WHEN true THEN 'k2' ELSE 'k1' END
SELECT * FROM kv WHERE key = COALESCE(NULL, 'k1')
SELECT * FROM kv WHERE lower(key) = 'k1' ORDER BY 1 -- ordered
SELECT * FROM kv WHERE key || '' = 'k1'
SELECT * FROM kv WHERE key::varchar(2) = 'k1' ORDER BY key -- ordered
SELECT * FROM kv WHERE key = value ORDER BY key -- ordered
SELECT * FROM kv WHERE value = 'v1'
SELECT * FROM kv WHERE value = 'k1'
SELECT value AS key FROM kv WHERE key = 'k1'
SELECT * FROM kv k(value, key) WHERE key = 'v1'
SELECT * FROM kv k(value, key) WHERE value = 'k1'
SELECT * FROM kv k(a, b) WHERE a = 'k1'
SELECT * FROM kv k(a) WHERE a = 'k1' AND value = 'v1'
SELECT * FROM kv AS key WHERE key = ROW('k1', 'v1')::kv
SELECT * FROM kv AS key WHERE key.key = 'k1'
SELECT * FROM kv kv(key) WHERE kv.key = 'k1'
SELECT * FROM kv WHERE key = 'k1' LIMIT 0
SELECT * FROM kv WHERE key = U&'k!0031' UESCAPE '!'
SELECT * FROM kv WHERE key = E'k1\'x'
SELECT * FROM kv WHERE key = 'unterminated
SELECT * FROM kv WHERE key = $$unterminated
SELECT * FROM kv WHERE key = /* unterminated
SELECT * FROM kv WHERE key = E'\xff'
SELECT * FROM kv WHERE key = U&'\ZZZZ'
SELECT * FROM kv WHERE key = E'k\u0031'

# --- OR, NOT, IN: the first key found decides nothing
SELECT * FROM kv WHERE key = 'k1' OR key = 'k2' ORDER BY key -- ordered
SELECT * FROM kv WHERE key = 'k1' OR value = 'v5' ORDER BY key -- ordered
SELECT * FROM kv WHERE key = 'k1' OR true ORDER BY key -- ordered
SELECT * FROM kv WHERE key = 'k1' AND value = 'v1' OR key = 'k5' ORDER BY key -- ordered
SELECT * FROM kv WHERE NOT key = 'k1' ORDER BY key -- ordered
SELECT * FROM kv WHERE NOT (key <> 'k1')
SELECT * FROM kv WHERE NOT (NOT key = 'k1')
SELECT * FROM kv WHERE key <> 'k1' ORDER BY key -- ordered
SELECT * FROM kv WHERE key != 'k1' ORDER BY key -- ordered
SELECT * FROM kv WHERE key IN ('k1', 'k2', 'k3') ORDER BY key -- ordered
SELECT * FROM kv WHERE key NOT IN ('k1', 'k2') ORDER BY key -- ordered
SELECT * FROM kv WHERE key IN ('k1', NULL) ORDER BY key -- ordered
SELECT * FROM kv WHERE key IN (SELECT kv_key FROM notes) ORDER BY key -- ordered
SELECT * FROM kv WHERE key = ANY (ARRAY['k1', 'k2', 'k9']) ORDER BY key -- ordered
SELECT * FROM kv WHERE key = ANY ('{k1,k2,k3}') ORDER BY key -- ordered
SELECT * FROM kv WHERE key = ALL (ARRAY['k1', 'k1'])
SELECT * FROM kv WHERE key = SOME (ARRAY['k1', 'k3']) ORDER BY key -- ordered
SELECT * FROM kv WHERE (key = 'k1') = false ORDER BY key -- ordered
SELECT * FROM kv WHERE (key = 'k1') IS FALSE ORDER BY key -- ordered
SELECT * FROM kv WHERE (key = 'k1') IS NOT TRUE ORDER BY key -- ordered
SELECT * FROM kv WHERE key = 'k1' IS NULL ORDER BY key -- ordered
SELECT * FROM kv WHERE CASE WHEN key = 'k1' THEN false ELSE true END ORDER BY key -- ordered
SELECT * FROM kv WHERE COALESCE(key = 'k1', true) ORDER BY key -- ordered
SELECT * FROM kv WHERE key = 'k1' AND key = 'k2'
SELECT * FROM kv WHERE key = 'k1' AND key IN ('k1', 'k2')
SELECT * FROM kv WHERE key LIKE 'k1%' ORDER BY key -- ordered
SELECT * FROM kv WHERE key ~ '^k1$'
SELECT key = 'k1' FROM kv ORDER BY key -- ordered
SELECT * FROM kv WHERE true ORDER BY key -- ordered
SELECT * FROM kv ORDER BY key = 'k1', key
SELECT value FROM kv GROUP BY value HAVING min(key) = 'k1'

# --- every row
SELECT * FROM kv ORDER BY key -- ordered
SELECT count(*) FROM kv
SELECT count(*), min(key), max(value) FROM kv
SELECT count(*) FROM kv WHERE key = 'k1'
SELECT value FROM kv ORDER BY key LIMIT 3 -- ordered
SELECT key FROM kv ORDER BY value DESC NULLS LAST, key OFFSET 2
SELECT DISTINCT length(value) FROM kv ORDER BY 1 -- ordered
SELECT length(key), count(*) FROM kv GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 -- ordered
SELECT key, row_number() OVER (ORDER BY key) FROM kv ORDER BY key -- ordered
SELECT key, sum(length(value)) OVER () FROM kv WHERE key = 'k3'
SELECT string_agg(key, ',' ORDER BY key) FROM kv
TABLE kv
SELECT FROM kv
SELECT kv FROM kv WHERE key = 'k1'
SELECT kv.key FROM kv TABLESAMPLE SYSTEM (100) WHERE key = 'k1'

# --- two tables, set operations, subqueries
SELECT value FROM kv WHERE key = 'k1' UNION SELECT value FROM kv WHERE key = 'k2' ORDER BY 1 -- ordered
SELECT value FROM kv WHERE key = 'k1' UNION ALL SELECT value FROM kv WHERE key = 'k1'
SELECT value FROM kv WHERE key = 'k1' UNION ALL SELECT value FROM kv ORDER BY 1 -- ordered
SELECT value FROM kv EXCEPT SELECT value FROM kv WHERE key = 'k1' ORDER BY 1 -- ordered
SELECT value FROM kv INTERSECT SELECT value FROM kv WHERE key = 'k1'
SELECT note FROM notes WHERE n = 1 UNION SELECT value FROM kv WHERE key = 'k4' ORDER BY 1 -- ordered
SELECT EXISTS (SELECT 1 FROM kv WHERE key = 'k1')
SELECT count(*) FROM kv WHERE EXISTS (SELECT 1 FROM kv k WHERE k.key = 'k1')
SELECT (SELECT value FROM kv WHERE key = 'k1')
SELECT (SELECT value FROM kv WHERE key = 'k1'), (SELECT value FROM kv WHERE key = 'k2')
SELECT (SELECT count(*) FROM kv)
SELECT n, (SELECT value FROM kv WHERE key = 'k1') FROM notes ORDER BY n -- ordered
SELECT n, (SELECT value FROM kv WHERE key = kv_key) FROM notes ORDER BY n -- ordered
SELECT * FROM notes WHERE kv_key IN (SELECT key FROM kv) ORDER BY n -- ordered
SELECT * FROM notes WHERE EXISTS (SELECT FROM kv WHERE key = kv_key) ORDER BY n -- ordered
SELECT * FROM notes WHERE NOT EXISTS (SELECT FROM kv WHERE key = kv_key) ORDER BY n -- ordered
SELECT * FROM notes WHERE kv_key = (SELECT max(key) FROM kv)
SELECT * FROM (SELECT * FROM kv) AS all_of_it WHERE key = 'k1'
SELECT * FROM (SELECT * FROM kv WHERE key = 'k1') AS one
SELECT * FROM (SELECT * FROM kv WHERE key = 'k1') AS one, (SELECT * FROM kv WHERE key = 'k2') AS two
SELECT * FROM (SELECT value AS key FROM kv) AS swapped WHERE key = 'v1'
SELECT * FROM kv WHERE key = 'k1' AND value IN (SELECT value FROM kv)
SELECT * FROM kv WHERE key = 'k1' AND (SELECT count(*) FROM kv) > 5
SELECT * FROM kv WHERE key = 'k1' AND (SELECT count(*) FROM notes) = 6
SELECT * FROM kv WHERE key = 'k2' AND EXISTS (SELECT FROM notes WHERE n = 3)
SELECT * FROM kv, notes WHERE kv.key = 'k1' AND n = 1
SELECT * FROM kv, notes WHERE key = kv_key ORDER BY n -- ordered
SELECT * FROM notes JOIN kv ON key = kv_key WHERE n = 2
SELECT * FROM notes LEFT JOIN kv ON key = 'k1' ORDER BY n -- ordered
SELECT * FROM kv LEFT JOIN notes ON key = 'k1' AND n = 1 ORDER BY key -- ordered
SELECT * FROM kv a, kv b WHERE a.key = 'k1' ORDER BY b.key -- ordered
SELECT * FROM kv a, kv b WHERE a.key = 'k1' AND b.key = 'k1'
SELECT * FROM kv a, kv b WHERE a.key = 'k1' AND b.key = 'k2'
SELECT * FROM kv a, kv b WHERE a.key = 'k1' AND a.key = b.key
SELECT * FROM kv a, kv b WHERE a.key = 'k1' AND a.value = b.value
SELECT * FROM kv a JOIN kv b USING (key) WHERE key = 'k1'
SELECT * FROM kv a JOIN kv b USING (key) WHERE a.key = 'k1'
SELECT * FROM kv a NATURAL JOIN kv b WHERE key = 'k1'
SELECT count(*) FROM kv a FULL JOIN kv b USING (key) WHERE b.key = 'k1'
SELECT * FROM kv a LEFT JOIN kv b ON b.key = 'k1' AND a.key = 'k1' ORDER BY a.key -- ordered
SELECT * FROM kv a LEFT JOIN kv b ON a.key = b.value WHERE a.key = 'k1'
SELECT * FROM kv a RIGHT JOIN kv b ON a.key = 'k1' ORDER BY b.key LIMIT 3 -- ordered
SELECT * FROM kv a CROSS JOIN LATERAL (SELECT * FROM kv b WHERE b.key = a.value) AS c WHERE a.key = 'k1'
SELECT * FROM kv, side.kv WHERE public.kv.key = 'k1'
SELECT * FROM kv, side.kv AS other WHERE other.key = 'k1' ORDER BY kv.key -- ordered
SELECT * FROM kv, generate_series(1, 3) AS n WHERE kv.key = 'k1' ORDER BY n -- ordered
SELECT * FROM kv, (VALUES ('k1'), ('k2')) AS wanted(name) WHERE key = name ORDER BY key -- ordered
SELECT * FROM kv, side.other WHERE kv.key = 'k1' AND other.key = 'k1'

# --- names that hide, and names that are not kv
= SELECT * FROM side.kv WHERE key = 'k1'
= SELECT count(*) FROM side.kv
= SELECT * FROM notes AS kv WHERE n = 1
= SELECT kv.n FROM notes kv ORDER BY n -- ordered
= SELECT * FROM "Odd ""name""" WHERE key = 'k2'
WITH kv AS (SELECT 'z' AS key, 'y' AS value) SELECT * FROM kv WHERE key = 'z'
WITH kv AS (SELECT 'k1' AS key, 'not stored' AS value) SELECT * FROM kv WHERE key = 'k1'
WITH kv AS (SELECT * FROM kv WHERE key = 'k1') SELECT * FROM kv
WITH kv AS (SELECT * FROM kv) SELECT * FROM kv WHERE key = 'k1'
WITH RECURSIVE kv(key, n) AS (SELECT 'k1', 1 UNION ALL SELECT key, n + 1 FROM kv WHERE n < 3) SELECT * FROM kv ORDER BY n -- ordered
WITH kv AS (SELECT 'k1' AS key) SELECT public.kv.value FROM public.kv WHERE key = 'k1'
WITH one AS (SELECT * FROM kv WHERE key = 'k1') SELECT * FROM one
WITH everything AS (SELECT * FROM kv) SELECT count(*) FROM everything
WITH one AS (SELECT * FROM kv WHERE key = 'k1'), two AS (SELECT * FROM kv WHERE key = 'k2') SELECT * FROM one, two
WITH x AS (SELECT 'k1' AS key) SELECT * FROM x, kv WHERE x.key = kv.key
SELECT * FROM notes WHERE n IN (WITH kv AS (SELECT 1 AS n) SELECT n FROM kv)
SELECT * FROM kv_view ORDER BY key -- ordered
SELECT * FROM kv_view WHERE key = 'k1'
SELECT count(*) FROM kv_view_of_view
SELECT * FROM side.kv_view
SELECT count(*) FROM kv_copy WHERE false
= SELECT * FROM note_view WHERE n = 3
= SELECT count(*) FROM notes
= SELECT count(*) FROM child_of_notes
SELECT kv_count()
SELECT public.kv_count()
SELECT "kv_count"()
SELECT kv_count_atomic()
SELECT kv_count_quoted()
SELECT kv_value('k1')
SELECT kv_value('k2'), kv_value('k3')
SELECT kv_through_function()
SELECT kv_through_view()
SELECT count(*) FROM kv_rows()
SELECT * FROM kv_rows() WHERE key = 'k1'
SELECT n, kv_count() FROM notes ORDER BY n -- ordered
SELECT value, kv_count() FROM kv WHERE key = 'k1'
SELECT * FROM kv WHERE key = 'k1' AND kv_count() > 10
SELECT kv_aggregate(note) FROM notes
SELECT 10 <#> 1
SELECT 10 OPERATOR(public.<#>) 1
SELECT * FROM notes WHERE n <#> 5 ORDER BY n -- ordered
CALL kv_clear()
= SELECT double(21)
= SELECT double(n) FROM notes WHERE n = 4
INSERT INTO triggering VALUES (1, 'by trigger')
INSERT INTO ruled VALUES (1)
INSERT INTO defaulting (n) VALUES (1) RETURNING rows
INSERT INTO checking VALUES (12)
SELECT * FROM counting
SELECT * FROM counting_on
COPY triggering FROM STDIN
SELECT * FROM ts_stat('SELECT to_tsvector(''simple'', value) FROM kv') ORDER BY word
SELECT query_to_xml('SELECT count(*) FROM kv', true, true, '')
SELECT length(table_to_xml('kv', true, true, '')::text)
SELECT length(schema_to_xml('public', true, true, '')::text)
SELECT length(database_to_xml(true, true, '')::text) > 0
SELECT (xpath('//count/text()', query_to_xml('SELECT count(*) FROM k' || 'v', false, false, '')))[1]

# === search_path
SET search_path = public
= SELECT value FROM kv WHERE key = 'k1'

SET search_path = pg_catalog
SELECT value FROM kv WHERE key = 'k1'

SET search_path = ''
SELECT value FROM kv WHERE key = 'k1'
SELECT value FROM public.kv WHERE key = 'k1'

SELECT set_config('search_path', 'side', false)
SELECT value FROM kv WHERE key = 'k1'

SELECT set_config('search_' || 'path', 'side', false)
SELECT value FROM kv WHERE key = 'k1'

UPDATE pg_settings SET setting = 'side' WHERE name = 'search_path'
SELECT value FROM kv WHERE key = 'k1'

SELECT changing_path()
SHOW search_path
SELECT value FROM kv WHERE key = 'k1'

SELECT changing_path_too()
SHOW search_path
SELECT value FROM kv WHERE key = 'k1'

CREATE TEMP TABLE kv (key text, value text)
INSERT INTO kv VALUES ('k1', 'temporary')
SELECT value FROM kv WHERE key = 'k1'

CREATE TEMP VIEW kv AS SELECT 'k1'::text AS key, 'temporary'::text AS value
SELECT value FROM kv WHERE key = 'k1'

CREATE TABLE pg_temp.kv (key text, value text)
SELECT value FROM kv WHERE key = 'k1'

SELECT 'k1'::text AS key, 'temporary'::text AS value INTO TEMP kv
SELECT value FROM kv WHERE key = 'k1'

CREATE LOCAL TEMPORARY TABLE kv ON COMMIT DROP AS SELECT 'k1'::text AS key
SELECT value FROM kv WHERE key = 'k1'

# --- INSERT
= INSERT INTO kv VALUES ('new', 'v')
= INSERT INTO kv (value, key) VALUES ('v', 'new')
= INSERT INTO kv (key) VALUES ('new')
= INSERT INTO kv AS k VALUES ('new', 'v') RETURNING *, k.key || '!' AS more
= INSERT INTO kv VALUES ('new', upper('v') || random()::int * 0)
= INSERT INTO kv VALUES ('k1', 'twice')
= INSERT INTO kv VALUES ('k1', 'twice') ON CONFLICT DO NOTHING
= INSERT INTO kv VALUES ('k1', 'twice') ON CONFLICT (key) DO NOTHING RETURNING key
= INSERT INTO kv VALUES ('k1', 'new value') ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING *
= INSERT INTO kv VALUES ('new', NULL)
= INSERT INTO kv VALUES ('new', DEFAULT)
INSERT INTO kv VALUES ('k1', 'x') ON CONFLICT (key) DO UPDATE SET key = 'k2'
INSERT INTO kv VALUES ('k1', 'x') ON CONFLICT (key) DO UPDATE SET key = excluded.key || '!'
INSERT INTO kv VALUES ('k1', 'x') ON CONFLICT (key) DO UPDATE SET value = (SELECT max(value) FROM kv)
INSERT INTO kv VALUES ('a', '1'), ('b', '2'), ('c', '3'), ('d', '4')
INSERT INTO kv VALUES ('a', '1'), ('b', '2'), ('c', '3'), ('k1', 'twice')
INSERT INTO kv VALUES ('same', '1'), ('same', '2')
INSERT INTO kv VALUES (NULL, 'v')
INSERT INTO kv VALUES (DEFAULT, 'v')
INSERT INTO kv (value) VALUES ('v')
INSERT INTO kv DEFAULT VALUES
INSERT INTO kv VALUES (1, 2)
INSERT INTO kv VALUES (007, 'integer')
INSERT INTO kv VALUES (1.50, 'numeric')
INSERT INTO kv VALUES (true, 'boolean')
INSERT INTO kv VALUES (1::text, 'cast')
INSERT INTO kv VALUES ('new'::varchar(2), 'cast')
INSERT INTO kv VALUES ('new '::char(4), 'cast')
INSERT INTO kv VALUES (lower('NEW'), 'v')
INSERT INTO kv VALUES ('n' || 'ew', 'v')
INSERT INTO kv VALUES (nextval('numbers'), 'v')
INSERT INTO kv VALUES (gen_random_uuid() IS NULL, 'v')
INSERT INTO kv VALUES (current_user, 'v')
INSERT INTO kv VALUES ((SELECT 'new'), 'v')
INSERT INTO kv SELECT 'new', 'v'
INSERT INTO kv SELECT kv_key || '!', note FROM notes
INSERT INTO kv SELECT key || '!', value FROM kv
INSERT INTO kv SELECT key || '!', value FROM kv WHERE key = 'k1'
INSERT INTO kv (SELECT 'new', 'v' UNION SELECT 'newer', 'v')
INSERT INTO kv TABLE kv
INSERT INTO kv VALUES ('new', (SELECT max(value) FROM kv))
INSERT INTO kv VALUES ('new', (SELECT value FROM kv WHERE key = 'k2'))
INSERT INTO kv VALUES ('new', (SELECT note FROM notes WHERE n = 1))
INSERT INTO kv VALUES ('new', kv_count())
INSERT INTO kv VALUES ('new')
INSERT INTO kv VALUES ('new', 'v', 'too many')
INSERT INTO kv (key, nothing) VALUES ('new', 'v')
INSERT INTO kv (key, key) VALUES ('new', 'v')
INSERT INTO kv (key) VALUES ('new', 'v')
INSERT INTO kv OVERRIDING SYSTEM VALUE VALUES ('new', 'v')
INSERT INTO kv VALUES ('new', 'v') RETURNING (SELECT count(*) FROM kv)
INSERT INTO kv_view VALUES ('new', 'v')
INSERT INTO kv VALUES (E'new\n', 'v')
INSERT INTO kv VALUES ('new' COLLATE "C", 'v')
= INSERT INTO notes VALUES (100, 'new', 'k1') RETURNING n
= INSERT INTO notes VALUES (1, 'twice', 'k1')
= INSERT INTO notes SELECT n + 100, note, kv_key FROM notes
INSERT INTO notes SELECT 200, value, key FROM kv WHERE key = 'k1'
INSERT INTO notes SELECT 200 + length(key), value, key FROM kv WHERE key IN ('k1', 'k10')
INSERT INTO notes (n, note) VALUES (201, (SELECT value FROM kv WHERE key = 'k1'))

# --- UPDATE and DELETE
= UPDATE kv SET value = 'changed' WHERE key = 'k1'
= UPDATE kv SET value = 'changed' WHERE key = 'no such key'
= UPDATE kv SET value = value || key WHERE key = 'k1' RETURNING *
= UPDATE kv AS k SET value = NULL WHERE k.key = 'k5' RETURNING k.value IS NULL
= UPDATE kv SET (value) = ROW('row') WHERE key = 'k1'
= DELETE FROM kv WHERE key = 'k1'
= DELETE FROM kv WHERE key = 'k1' AND value = 'something else'
= DELETE FROM public.kv k WHERE k.key = 'k2' RETURNING k.*
UPDATE kv SET value = 'everywhere'
UPDATE kv SET value = 'x' WHERE key = 'k1' OR key = 'k2'
UPDATE kv SET value = 'x' WHERE key IN ('k1', 'k2', 'k3')
= UPDATE kv SET key = 'moved' WHERE key = 'k1'
= UPDATE kv SET key = 'k1' WHERE key = 'k1'
= UPDATE kv SET key = key || '!' WHERE key = 'k1'
= UPDATE kv SET (key, value) = ('moved', 'x') WHERE key = 'k1'
UPDATE kv SET (value, key) = (SELECT 'x', 'moved') WHERE key = 'k1'
= UPDATE kv SET "key" = 'moved' WHERE key = 'k1'
= UPDATE kv SET KEY = 'k2' WHERE key = 'k1'
UPDATE kv SET value = 'x' FROM notes WHERE key = 'k1' AND n = 1
UPDATE kv SET value = note FROM notes WHERE key = kv_key
UPDATE kv SET value = other.value FROM kv AS other WHERE kv.key = 'k1' AND other.key = 'k2'
UPDATE kv SET value = (SELECT max(value) FROM kv) WHERE key = 'k1'
UPDATE kv SET value = (SELECT note FROM notes WHERE n = 1) WHERE key = 'k1'
UPDATE kv SET value = kv_count() WHERE key = 'k1'
UPDATE ONLY kv SET value = 'x' WHERE key = 'k1'
UPDATE kv_view SET value = 'x' WHERE key = 'k1'
UPDATE kv SET nothing = 1 WHERE key = 'k1'
UPDATE kv SET value = 'x' WHERE CURRENT OF c
DELETE FROM kv
DELETE FROM kv WHERE value = 'v1'
DELETE FROM kv WHERE key IN ('k1', 'k2')
DELETE FROM kv WHERE NOT key = 'k1'
DELETE FROM kv USING notes WHERE key = kv_key
DELETE FROM kv USING notes WHERE key = 'k1' AND n = 1
DELETE FROM kv USING kv AS other WHERE kv.key = 'k1' AND other.key = kv.key
DELETE FROM kv USING kv AS other WHERE kv.key = 'k1' AND other.value = 'v2'
DELETE FROM notes USING kv WHERE key = kv_key
DELETE FROM kv WHERE key = 'k1' RETURNING (SELECT count(*) FROM kv)
TRUNCATE kv
TRUNCATE notes, kv
= TRUNCATE notes CASCADE
= UPDATE notes SET note = 'changed' WHERE n > 3 RETURNING n
= DELETE FROM notes WHERE kv_key = 'k1'
UPDATE notes SET note = (SELECT value FROM kv WHERE key = kv_key)
MERGE INTO kv USING (VALUES ('k1', 'merged'), ('new', 'merged')) AS s(k, v) ON key = k WHEN MATCHED THEN UPDATE SET value = v WHEN NOT MATCHED THEN INSERT VALUES (k, v)
MERGE INTO kv USING (SELECT 'k1' AS k) AS s ON key = 'k1' WHEN MATCHED THEN DELETE
MERGE INTO notes USING kv ON key = kv_key WHEN MATCHED THEN DELETE
WITH gone AS (DELETE FROM kv WHERE key = 'k1' RETURNING *) SELECT * FROM gone
WITH gone AS (DELETE FROM kv WHERE key = 'k1' RETURNING *) INSERT INTO kv SELECT key || '!', value FROM gone
WITH gone AS (DELETE FROM kv RETURNING *) SELECT count(*) FROM gone
WITH n AS (INSERT INTO kv VALUES ('new', 'v') RETURNING key) SELECT * FROM n
WITH n AS (INSERT INTO kv VALUES ('new', 'v'), ('newer', 'v') RETURNING key) SELECT count(*) FROM n
WITH n AS (INSERT INTO kv VALUES ('new', 'v')) DELETE FROM kv WHERE key = 'k5'
WITH u AS (UPDATE kv SET value = 'x' WHERE key = 'k1' RETURNING *) UPDATE notes SET note = u.value FROM u WHERE n = 1
WITH kv AS (SELECT 'k1' AS key) DELETE FROM kv WHERE key = 'k2'
WITH kv AS (SELECT 'k1' AS key) UPDATE kv SET value = 'x' WHERE key = 'k2' RETURNING *

# --- several statements in one text
= SELECT value FROM kv WHERE key = 'k1'; SELECT value FROM kv WHERE key = 'k1'
= INSERT INTO kv VALUES ('new', '1'); UPDATE kv SET value = '2' WHERE key = 'new'; SELECT * FROM kv WHERE key = 'new'
= INSERT INTO kv VALUES ('new', '1'); SELECT 1/0
= INSERT INTO notes VALUES (300); SELECT count(*) FROM notes
SELECT value FROM kv WHERE key = 'k1'; SELECT value FROM kv WHERE key = 'k2'; SELECT value FROM kv WHERE key = 'k3'
DELETE FROM kv WHERE key = 'k1'; DELETE FROM kv WHERE key = 'k2'; DELETE FROM kv WHERE key = 'k3'
DELETE FROM kv WHERE key = 'k1'; SELECT count(*) FROM kv
DELETE FROM kv WHERE key = 'k1'; DELETE FROM notes
DELETE FROM kv WHERE key = 'k1'; SYNTAX ERROR
DELETE FROM kv WHERE key = 'k1'; SELECT * FROM no_such_table
BEGIN; DELETE FROM kv WHERE key = 'k1'; COMMIT; SELECT count(*) FROM kv WHERE key = 'k1'
BEGIN; DELETE FROM kv WHERE key = 'k1'; ROLLBACK; DELETE FROM kv WHERE key = 'k2'
DELETE FROM kv WHERE key = 'k1'; ROLLBACK; SELECT 1
DELETE FROM kv WHERE key = 'k1'; COMMIT; SELECT 1/0
BEGIN; BEGIN; COMMIT; COMMIT

# === transactions
= BEGIN
= SELECT value FROM kv WHERE key = 'k1'
= UPDATE kv SET value = 'in transaction' WHERE key = 'k1'
= SELECT value FROM kv WHERE key = 'k1'
= ROLLBACK
= SELECT value FROM kv WHERE key = 'k1'

= START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE
= INSERT INTO kv VALUES ('new', 'x')
= COMMIT WORK
= SELECT * FROM kv WHERE key = 'new'

= BEGIN READ ONLY
= DELETE FROM kv WHERE key = 'k1'
= SELECT 1
= COMMIT
= SELECT value FROM kv WHERE key = 'k1'

BEGIN
= UPDATE kv SET value = 'one' WHERE key = 'k1'
UPDATE kv SET value = 'two' WHERE key = 'k2'
UPDATE kv SET value = 'three' WHERE key = 'k3'
COMMIT

BEGIN
UPDATE kv SET value = 'one' WHERE key = 'k1'
SELECT count(*) FROM kv
COMMIT

BEGIN
SELECT 1/0
SELECT value FROM kv WHERE key = 'k1'
= COMMIT
= SELECT value FROM kv WHERE key = 'k1'

BEGIN
UPDATE kv SET value = 'kept' WHERE key = 'k1'
SAVEPOINT s
UPDATE kv SET value = 'lost' WHERE key = 'k1'
= ROLLBACK TO s
RELEASE SAVEPOINT s
= COMMIT
= SELECT value FROM kv WHERE key = 'k1'

BEGIN
SAVEPOINT s
SELECT * FROM kv WHERE key = 1
ROLLBACK TO SAVEPOINT s
SELECT value FROM kv WHERE key = 'k1'
ROLLBACK TO SAVEPOINT nothing
= COMMIT

= COMMIT
= ROLLBACK
= SAVEPOINT s
= RELEASE s
= ROLLBACK TO s
= SET TRANSACTION READ ONLY
= COMMIT AND CHAIN
= BEGIN
= BEGIN
= COMMIT
PREPARE TRANSACTION 'x'
COMMIT PREPARED 'x'
ROLLBACK PREPARED 'x'

BEGIN
UPDATE kv SET value = 'x' WHERE key = 'k1'
COMMIT AND CHAIN
UPDATE kv SET value = 'y' WHERE key = 'k1'
ROLLBACK
= SELECT value FROM kv WHERE key = 'k1'

BEGIN ISOLATION LEVEL SERIALIZABLE
SHOW transaction_isolation
SELECT value FROM kv WHERE key = 'k3'
SHOW transaction_isolation
END

BEGIN
SELECT value FROM kv WHERE key = 'k3' FOR UPDATE
SELECT value FROM kv WHERE key = 'k3' FOR SHARE OF kv NOWAIT
SELECT value FROM kv WHERE key = 'k3' FOR NO KEY UPDATE SKIP LOCKED
LOCK TABLE kv
ABORT

# === session state
= SET work_mem = '5MB'
= SHOW work_mem
= SELECT current_setting('work_mem')
= RESET work_mem
= SHOW work_mem
= SET app.name TO 'x'
= SHOW app.name
= SET nonsense = 1
= SHOW nonsense
= SET LOCAL work_mem = '5MB'
= SET TIME ZONE 'Europe/Rome'
= SHOW TimeZone
= SELECT '2026-11-22 12:00+00'::timestamptz
= RESET ALL
= SET DateStyle = 'German'
= SELECT '2026-11-22'::date
= SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY
= INSERT INTO kv VALUES ('new', 'v')
= SET default_transaction_read_only = off
= INSERT INTO kv VALUES ('new', 'v')
SET client_encoding = 'LATIN1'
SET standard_conforming_strings = off
SELECT 'back\\slash'
SET ROLE nobody
SET ROLE postgres
SELECT current_user, session_user
RESET ROLE
SET SESSION AUTHORIZATION DEFAULT
DISCARD ALL
SELECT pg_advisory_lock(1)
LISTEN channel
NOTIFY channel
UNLISTEN *
SELECT set_config('work_mem', '6MB', false)
SHOW work_mem
SELECT set_config('work_mem', '6MB', true)

PREPARE p (text) AS SELECT value FROM kv WHERE key = $1
EXECUTE p ('k1')
EXECUTE p ('k2')
DEALLOCATE p

PREPARE p AS SELECT count(*) FROM kv
EXECUTE p

DEALLOCATE ALL
DEALLOCATE nothing

BEGIN
DECLARE c CURSOR FOR SELECT * FROM kv ORDER BY key -- ordered
FETCH ALL FROM c
CLOSE c
COMMIT

BEGIN
DECLARE c CURSOR FOR SELECT value FROM kv WHERE key = 'k1'
FETCH 2 FROM c
COMMIT

BEGIN
DECLARE c CURSOR FOR SELECT n FROM notes ORDER BY n -- ordered
FETCH 2 FROM c
MOVE 1 IN c
FETCH BACKWARD 1 FROM c
COMMIT

# === DDL and utility statements
CREATE VIEW new_view AS SELECT * FROM kv
SELECT count(*) FROM new_view
DROP VIEW IF EXISTS new_view

BEGIN
CREATE VIEW new_view AS SELECT * FROM kv
SELECT count(*) FROM new_view
ROLLBACK

CREATE FUNCTION new_function() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM kv'
SELECT new_function()
DROP FUNCTION IF EXISTS new_function()

CREATE FUNCTION new_function() RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE n bigint; BEGIN EXECUTE 'SELECT count(*) FROM k' || 'v' INTO n; RETURN n; END $$
DROP FUNCTION IF EXISTS new_function()

ALTER VIEW kv_view RENAME TO renamed_view
SELECT count(*) FROM renamed_view
ALTER VIEW IF EXISTS renamed_view RENAME TO kv_view

ALTER FUNCTION kv_count() RENAME TO renamed_function
SELECT renamed_function()
ALTER FUNCTION renamed_function() RENAME TO kv_count

BEGIN
ALTER TABLE notes RENAME TO renamed
SELECT count(*) FROM renamed
ROLLBACK

BEGIN
CREATE TABLE new_table AS SELECT * FROM kv WHERE key = 'k1'
SELECT * FROM new_table
ROLLBACK

BEGIN
CREATE TABLE new_table AS SELECT * FROM kv
SELECT count(*) FROM new_table
ROLLBACK

BEGIN
CREATE TABLE new_table (LIKE kv INCLUDING ALL)
INSERT INTO new_table VALUES ('a', 'b')
SELECT * FROM new_table
ROLLBACK

BEGIN
CREATE TABLE new_table () INHERITS (kv)
INSERT INTO new_table VALUES ('a', 'b')
SELECT * FROM kv WHERE key = 'a'
ROLLBACK

BEGIN
CREATE TABLE new_table (key text REFERENCES kv)
INSERT INTO new_table VALUES ('k1'), ('k2'), ('k3')
ROLLBACK

BEGIN
CREATE TRIGGER new_trigger AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION kv_on_note()
INSERT INTO notes VALUES (400, 'x', 'y')
SELECT count(*) FROM kv WHERE key = 'note 400'
ROLLBACK

BEGIN
CREATE RULE new_rule AS ON INSERT TO notes DO ALSO DELETE FROM kv
INSERT INTO notes VALUES (401, 'x', 'y')
SELECT value FROM kv WHERE key = 'k1'
ROLLBACK

SELECT value INTO new_table FROM kv WHERE key = 'k1'
DROP TABLE IF EXISTS new_table

# --- more of them, one by one
ANALYZE kv
VACUUM kv
REINDEX TABLE kv
DO $$ BEGIN DELETE FROM kv; END $$
DO 'BEGIN PERFORM kv_count(); END'
DO $$ BEGIN PERFORM 1; END $$
DO LANGUAGE plpgsql $body$ BEGIN EXECUTE 'DELETE FROM k' || 'v'; END $body$
EXPLAIN (COSTS OFF) SELECT * FROM notes WHERE n = 1
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT * FROM kv WHERE key = 'k1'
EXPLAIN ANALYZE DELETE FROM kv
COPY kv TO STDOUT
COPY kv (key) TO STDOUT
COPY (SELECT * FROM kv ORDER BY key) TO STDOUT
COPY (SELECT count(*) FROM kv) TO STDOUT
COPY (SELECT * FROM kv WHERE key = 'k1') TO STDOUT
COPY (DELETE FROM kv WHERE key = 'k1' RETURNING *) TO STDOUT
COPY (SELECT note FROM notes ORDER BY n) TO STDOUT (FORMAT csv)
COPY kv FROM STDIN
COPY kv TO '/tmp/somewhere/else'
COPY kv FROM PROGRAM 'echo'
CHECKPOINT

# === and some that are undone
BEGIN
CREATE INDEX ON kv (value)
SELECT count(*) FROM kv
ROLLBACK

BEGIN
ALTER TABLE kv ADD COLUMN more int
SELECT count(*) FROM kv
ROLLBACK

BEGIN
ALTER TABLE kv RENAME TO other
SELECT count(*) FROM kv
ROLLBACK

BEGIN
ALTER TABLE kv SET SCHEMA side
SELECT count(*) FROM kv
ROLLBACK

BEGIN
ALTER TABLE kv DROP CONSTRAINT kv_pkey
SELECT count(*) FROM kv
ROLLBACK

BEGIN
DROP TABLE kv
SELECT count(*) FROM kv
ROLLBACK

BEGIN
DROP TABLE kv, notes
SELECT count(*) FROM kv
ROLLBACK

BEGIN
DROP SCHEMA public CASCADE
SELECT count(*) FROM kv
ROLLBACK

BEGIN
DROP OWNED BY postgres
SELECT count(*) FROM kv
ROLLBACK

BEGIN
COMMENT ON TABLE kv IS 'x'
SELECT count(*) FROM kv
ROLLBACK

BEGIN
GRANT SELECT ON kv TO PUBLIC
SELECT count(*) FROM kv
ROLLBACK

BEGIN
REVOKE SELECT ON kv FROM PUBLIC
SELECT count(*) FROM kv
ROLLBACK

BEGIN
CLUSTER kv USING kv_pkey
SELECT count(*) FROM kv
ROLLBACK

BEGIN
REFRESH MATERIALIZED VIEW kv_copy
SELECT count(*) FROM kv
ROLLBACK

BEGIN
LOCK kv IN SHARE MODE
SELECT count(*) FROM kv
ROLLBACK

BEGIN
IMPORT FOREIGN SCHEMA x FROM SERVER y INTO z
SELECT count(*) FROM kv
ROLLBACK

BEGIN
SECURITY LABEL ON TABLE kv IS 'x'
SELECT count(*) FROM kv
ROLLBACK

BEGIN
CREATE STATISTICS s ON key, value FROM kv
SELECT count(*) FROM kv
ROLLBACK

BEGIN
CREATE POLICY p ON kv USING (true)
SELECT count(*) FROM kv
ROLLBACK

BEGIN
CREATE PUBLICATION p FOR TABLE kv
SELECT count(*) FROM kv
ROLLBACK

BEGIN
CREATE MATERIALIZED VIEW new_view AS SELECT * FROM kv
SELECT count(*) FROM kv
ROLLBACK

# === sequences
BEGIN
CREATE TABLE new_table (id serial PRIMARY KEY, v text)
INSERT INTO new_table (v) VALUES ('a'), ('b') RETURNING id
SELECT currval('new_table_id_seq')
SELECT lastval()
ROLLBACK

# --- what lives on the home shard, and what needs no table
= SELECT 1
= SELECT 1 AS one, 'two' AS two, NULL AS three, ARRAY[1, 2], ROW(1, 'a')
= SELECT
= SELECT 1/0
= SELECT * FROM no_such_table
= SELECT no_such_column FROM notes
= SELECT no_such_function(1)
= SELEC 1
= SELECT 'unterminated
SELECT * FROM kv WHERE
= SELECT value FROM kv WHERE key = 'k1' AND nothing = 1
= SELECT nothing FROM kv WHERE key = 'k1'
= SELECT value + 1 FROM kv WHERE key = 'k1'
= VALUES (1, 'a'), (2, 'b')
= SELECT * FROM generate_series(1, 3) AS n
= SELECT nextval('numbers'), nextval('numbers')
= SELECT count(*) FROM notes, "Odd ""name"""
= SELECT relname FROM pg_class WHERE relname = 'kv' AND relnamespace = 'public'::regnamespace
= SELECT attname FROM pg_attribute WHERE attrelid = 'kv'::regclass AND attnum > 0 ORDER BY attnum -- ordered
= SELECT table_name FROM information_schema.tables WHERE table_name = 'notes'
= SELECT 'kv'::regclass
SELECT 'happy'::mood::text, 'x'::short
= SELECT current_database(), current_schema()
= SELECT note FROM notes WHERE note = 'kv'
= SELECT 'SELECT * FROM kv' AS text
= SELECT n AS kv FROM notes ORDER BY kv LIMIT 1
= SELECT notes.kv_key AS key FROM notes WHERE n = 1
= SELECT count(*) FROM pg_settings WHERE name = 'work_mem'
= -- only a comment
= /* only a comment */
= ;
= SELECT $1
= SELECT pg_typeof('k1'), pg_typeof(1)
= SELECT pg_backend_pid() > 0
= SELECT to_regclass('kv'), to_regclass('nothing')
= SELECT 'a' 'b'
= SELECT 'a'⏎'b'
= SELECT U&"\006e" FROM notes WHERE n = 1
SELECT reltuples IS NULL, relkind FROM pg_class WHERE relname = 'notes'
SELECT obj_description('kv'::regclass)
