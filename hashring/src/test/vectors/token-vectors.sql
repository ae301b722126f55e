-- Golden vectors for TokenVectorsTest: values and their hashes, both made by a real PostgreSQL server and by nothing else.
--
--   psql -XqAt -F ' ' -f token-vectors.sql | gzip -9n > ../resources/io/pgring/hashring/token-vectors.txt.gz
--
-- Made with PostgreSQL 15 on x86-64, a UTF8 database. One line per value: type, value, token (unsigned 32 bits).
-- A text is written as the hexadecimal digits of its UTF-8 bytes after an x, so that the empty text has a value too.
SET client_encoding = 'UTF8';
SELECT setseed(0.42) \g /dev/null

-- Every length from 0 to 320 bytes, in ASCII.
CREATE TEMP TABLE texts (value text);
INSERT INTO texts
SELECT coalesce((SELECT string_agg(chr(97 + floor(random() * 26)::int), '') FROM generate_series(1, length)), '')
FROM generate_series(0, 320) AS length, generate_series(1, 3) AS turn;

-- Short keys as applications make them.
INSERT INTO texts SELECT 'user_' || n FROM generate_series(1, 4000) AS n;
INSERT INTO texts SELECT 'tenant-' || floor(random() * 1e9)::bigint || ':' || n FROM generate_series(1, 1000) AS n;

-- Scripts: 1, 2, 3 and 4 bytes per code point, each alone and mixed, up to 80 code points.
INSERT INTO texts
SELECT (SELECT string_agg(chr(base + 0 * i + floor(random() * 24)::int), '') FROM generate_series(1, 1 + n % 80) AS i)
FROM (VALUES (33), (192), (1072), (3634), (20013), (44032), (65072), (128512), (131072), (1114080)) AS script (base),
     generate_series(1, 260) AS n;
INSERT INTO texts
SELECT (SELECT string_agg(chr((ARRAY[32, 127, 128, 2047, 2048, 8364, 55295, 57344, 65533, 65536, 119070, 1114109])[1 + floor(random() * 12)::int]), '')
        FROM generate_series(1, 1 + n % 40))
FROM generate_series(1, 2000) AS n;

-- Control characters, quotes, blanks at the end (which count: this is not char(n)), and long texts.
INSERT INTO texts SELECT chr(n) FROM generate_series(1, 255) AS n;
INSERT INTO texts SELECT 'key' || repeat(' ', n) FROM generate_series(1, 40) AS n;
INSERT INTO texts VALUES ('''; DROP TABLE kv; --'), (E'a\tb\nc\\d'), ('"'), ('e' || chr(769)), ('é');
INSERT INTO texts SELECT repeat(piece, n) FROM (VALUES ('pgring'), ('größe'), ('鍵'), ('🔑')) AS long (piece),
                                             (VALUES (1000), (1001), (4097), (8192)) AS times (n);

SELECT 'text', 'x' || encode(convert_to(value, 'UTF8'), 'hex'), hashtext(value)::bigint & 4294967295
FROM (SELECT DISTINCT value FROM texts) AS v ORDER BY octet_length(value), value COLLATE "C";

-- Integers: each width hashed by its own function; extremes, powers of two and their neighbours, small and random values.
CREATE TEMP TABLE powers AS
SELECT (sign * power)::numeric + step AS value
FROM (SELECT 2::numeric ^ e AS power FROM generate_series(0, 63) AS e) AS p,
     (VALUES (-1), (1)) AS s (sign), (VALUES (-1), (0), (1)) AS n (step);

SELECT 'int2', value, hashint2(value)::bigint & 4294967295
FROM (SELECT value::int2 FROM powers WHERE value BETWEEN -32768 AND 32767
      UNION SELECT ((n::bigint * 40503) % 65536 - 32768)::int2 FROM generate_series(1, 10000) AS n) AS v ORDER BY value;

SELECT 'int4', value, hashint4(value)::bigint & 4294967295
FROM (SELECT value::int4 FROM powers WHERE value BETWEEN -2147483648 AND 2147483647
      UNION SELECT n FROM generate_series(-1000, 1000) AS n
      UNION SELECT floor(random() * 4294967296 - 2147483648)::int4 FROM generate_series(1, 10000) AS n) AS v ORDER BY value;

SELECT 'int8', value, hashint8(value)::bigint & 4294967295
FROM (SELECT value::int8 FROM powers WHERE value BETWEEN -9223372036854775808 AND 9223372036854775807
      UNION SELECT n FROM generate_series(-1000, 1000) AS n
      UNION SELECT floor(random() * 4294967296 - 2147483648)::int8 FROM generate_series(1, 1000) AS n
      UNION SELECT (floor(random() * 4294967296)::int8 - 2147483648) * 4294967296 + floor(random() * 4294967296)::int8
            FROM generate_series(1, 10000) AS n) AS v ORDER BY value;

-- uuid: from md5, and the ends.
SELECT 'uuid', value, uuid_hash(value)::bigint & 4294967295
FROM (SELECT md5('pgring' || n)::uuid AS value FROM generate_series(1, 10500) AS n
      UNION VALUES ('00000000-0000-0000-0000-000000000000'::uuid), ('ffffffff-ffff-ffff-ffff-ffffffffffff'),
                   ('80000000-0000-0000-7fff-ffffffffffff'), ('00000000-0000-0000-0000-000000000001')) AS v ORDER BY value;
