# Types, formats, expressions, notations of keys.

# --- keys that are numbers
SELECT name FROM customers WHERE id = 3
SELECT name FROM customers WHERE id = 0
SELECT name FROM customers WHERE id = -1
SELECT name FROM customers WHERE id = - 1
SELECT name FROM customers WHERE id = -(-1)
SELECT name FROM customers WHERE id = +3
SELECT name FROM customers WHERE id = '3'
SELECT name FROM customers WHERE id = ' 3 '
SELECT name FROM customers WHERE id = '-1'
SELECT name FROM customers WHERE id = '0x3'
SELECT name FROM customers WHERE id = 0x3
SELECT name FROM customers WHERE id = 0b11
SELECT name FROM customers WHERE id = 0o3
SELECT name FROM customers WHERE id = 1_0
SELECT name FROM customers WHERE id = '1_0'
SELECT name FROM customers WHERE id = 003
SELECT name FROM customers WHERE id = 3.0
SELECT name FROM customers WHERE id = 3.5
SELECT name FROM customers WHERE id = 3e0
SELECT name FROM customers WHERE id = '3.0'
SELECT name FROM customers WHERE id = 'three'
SELECT name FROM customers WHERE id = ''
SELECT name FROM customers WHERE id = 9223372036854775807
SELECT name FROM customers WHERE id = 9223372036854775808
SELECT name FROM customers WHERE id = '9223372036854775808'
SELECT name FROM customers WHERE id = -9223372036854775808
SELECT name FROM customers WHERE id = 3::bigint
SELECT name FROM customers WHERE id = 3::int
SELECT name FROM customers WHERE id = 3::smallint
SELECT name FROM customers WHERE id = 3::numeric
SELECT name FROM customers WHERE id = 3.4::int
SELECT name FROM customers WHERE id = 3::text
SELECT name FROM customers WHERE id = '3'::int8
SELECT name FROM customers WHERE id = int8 '3'
SELECT name FROM customers WHERE id = bigint '3'
SELECT name FROM customers WHERE id = cast('3' AS int)
SELECT name FROM customers WHERE id = 70000::smallint
SELECT name FROM customers WHERE id = -1::bigint
SELECT name FROM customers WHERE id = (-1)::bigint
SELECT name FROM customers WHERE id = 1 + 2
SELECT name FROM customers WHERE id + 0 = 3
SELECT name FROM customers WHERE id = NULL
SELECT name FROM customers WHERE id IS NOT DISTINCT FROM 3
SELECT name FROM customers WHERE id = true
SELECT name FROM customers WHERE id = DEFAULT
SELECT name FROM customers WHERE id = $1 -- parameters 3:int8
SELECT name FROM customers WHERE id = $1 -- parameters 3:int4
SELECT name FROM customers WHERE id = $1 -- parameters 3:int2
SELECT name FROM customers WHERE id = $1 -- parameters -1:int2
SELECT name FROM customers WHERE id = $1 -- parameters 3
SELECT name FROM customers WHERE id = $1 -- parameters -1
SELECT name FROM customers WHERE id = $1 -- parameters 3.0:numeric
SELECT name FROM customers WHERE id = $1 -- parameters 3:numeric
SELECT name FROM customers WHERE id = $1 -- parameters 3:text
SELECT name FROM customers WHERE id = $1 -- parameters three
SELECT name FROM customers WHERE id = $1 -- parameters NULL:int8
SELECT name FROM customers WHERE id = $1::int -- parameters 3
SELECT name FROM customers WHERE id = $1::text::bigint -- parameters 3
SELECT name FROM customers WHERE id = $1 + 1 -- parameters 3:int8
SELECT name FROM customers WHERE id = -$1 -- parameters 1:int8
SELECT name FROM customers WHERE id = - $1 -- parameters 1:int4
SELECT name FROM customers WHERE id = $2 AND name <> $1 -- parameters x:text | 3:int8
SELECT name FROM customers WHERE id IN ($1, $2) ORDER BY id -- parameters 1:int8 | 3:int8 -- ordered
SELECT name FROM customers WHERE id IN ($1, $2) ORDER BY id -- parameters 3:int8 | 3:int8 -- ordered
SELECT name FROM customers WHERE id = ANY ($1) ORDER BY id -- parameters {1,3,5} -- ordered
SELECT name FROM customers WHERE id = ANY ($1::bigint[]) ORDER BY id -- parameters {3} -- ordered
SELECT name FROM customers WHERE id = ANY (ARRAY[$1, $2]) ORDER BY id -- parameters 1:int8 | 3:int8 -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1) ORDER BY id -- parameters {1,2,3,4,NULL,1000}:int8_array -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1) ORDER BY id -- parameters {1,-1,0}:int4_array -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1) ORDER BY id -- parameters {1,-1,0}:int2_array -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1) -- parameters {9223372036854775807}:int8_array
= SELECT id, name FROM customers WHERE id = ANY ('{9223372036854775808}')
= SELECT id, name FROM customers WHERE id = ANY ('{1,a}')
= SELECT id, name FROM customers WHERE id = ANY ($1) ORDER BY id -- parameters {1,2.0,3.5}:numeric_array -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1::int8[]) ORDER BY id -- parameters {1,2.4,3.5}:numeric_array -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1::numeric[]) ORDER BY id -- parameters {1,2.0} -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1::text[]::int8[]) ORDER BY id -- parameters {1,2} -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1) -- parameters {1,2}:text_array
= SELECT id, name FROM customers WHERE id = ANY ($1) ORDER BY id -- parameters {{1,2},{3,4}}:unknown -- ordered
= SELECT id, name FROM customers WHERE id = ANY ($1) ORDER BY id -- parameters [0:2]={1,2,3}:unknown -- ordered
= SELECT id, name FROM customers WHERE id = ANY ('{ 1, "2" ,\3}'::bigint[]) ORDER BY id -- ordered
= SELECT id, name FROM customers WHERE id = ANY ('{0x1}')
= SELECT id, name FROM customers WHERE id = ANY (ARRAY['1', '2']::int8[]) ORDER BY id -- ordered
= SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id = ANY ($1) ORDER BY c.id, o.id -- parameters {1,2,3}:int8_array -- ordered
= SELECT sum(amount), count(*) FROM orders WHERE customer = ANY ($1) -- parameters {1,2,3,5}:int8_array
= SELECT id FROM customers WHERE id = ANY ($1) ORDER BY id LIMIT 2 OFFSET 1 -- parameters {1,2,3,5}:int8_array -- ordered
= UPDATE orders SET amount = amount + 1 WHERE customer = ANY ($1) AND id = ANY ($2) RETURNING customer, id, amount -- parameters {1,2,3}:int8_array | {1,2}:int4_array
SELECT name FROM customers WHERE id BETWEEN $1 AND $2 ORDER BY id -- parameters 1:int8 | 3:int8 -- ordered
SELECT name FROM customers WHERE id = 3 OR id = 3
SELECT name FROM customers WHERE id = 3 AND id = 3
SELECT name FROM customers WHERE id = 3 AND id = 4
SELECT name FROM customers WHERE id IN (3, 4) AND id IN (4, 5)
SELECT name FROM customers WHERE id IN (1, 2, 3) AND vip ORDER BY id -- ordered
SELECT name FROM customers WHERE 3 IN (id, 4)
SELECT value FROM kv WHERE key = $1 -- parameters k1:text
SELECT value FROM kv WHERE key = $1 -- parameters k1
SELECT value FROM kv WHERE key = $1 -- parameters 1:int4
SELECT value FROM kv WHERE key = $1::text -- parameters 1
SELECT value FROM kv WHERE key = $1 -- parameters o'k:text
SELECT value FROM kv WHERE key = $1 -- parameters back\slash:text

# --- types in and out
SELECT * FROM orders WHERE customer = 1 ORDER BY id -- ordered
SELECT * FROM orders ORDER BY customer, id -- ordered
SELECT * FROM customers ORDER BY id -- ordered
SELECT amount::text, amount::int, amount::float8, amount * 3, amount / 3 FROM orders ORDER BY customer, id -- ordered
SELECT placed::date, placed::text, extract(epoch FROM placed), placed AT TIME ZONE 'Asia/Tokyo' FROM orders ORDER BY customer, id -- ordered
SELECT id::smallint FROM customers WHERE id < 100 ORDER BY id -- ordered
SELECT id::smallint FROM customers WHERE id = 9223372036854775807
SELECT id::int FROM customers ORDER BY id
SELECT name::varchar(2), name::char(10), name::name, name::bytea FROM customers ORDER BY id -- ordered
SELECT to_json(c), to_jsonb(c) FROM customers c ORDER BY id -- ordered
SELECT c, (c).name FROM customers c ORDER BY id -- ordered
SELECT ARRAY[id, -id], ARRAY[name, country] FROM customers WHERE id < 9 ORDER BY id -- ordered
SELECT born, born + 1, born - date '2000-01-01', age(born, date '2000-01-01'), to_char(born, 'YYYY"W"IW') FROM customers ORDER BY id -- ordered
SELECT vip, NOT vip, vip::int, vip::text, vip AND NULL FROM customers ORDER BY id -- ordered
SELECT md5(name), length(name), octet_length(note), reverse(note) FROM customers JOIN orders ON customer = customers.id ORDER BY customer, orders.id -- ordered
SELECT id, name || country, concat(name, country), coalesce(country, name), nullif(country, 'DE') FROM customers ORDER BY id -- ordered
SELECT 1 / (id - 3) FROM customers
SELECT 1 / (id - 3) FROM customers WHERE id = 3
SELECT sqrt(-id) FROM customers WHERE id = 1
SELECT name::int FROM customers
SELECT name + 1 FROM customers
SELECT nothing FROM orders
SELECT nothing(id) FROM orders
SELECT * FROM orders, nothing
SELECT o.nothing FROM orders o
SELECT customers.name FROM customers c
SELECT id FROM customers, orders
SELECT $1 FROM customers WHERE id = 1 -- parameters x:text
SELECT $1::int + id FROM customers ORDER BY id -- parameters 1:int4
SELECT $1::text, $2::bool, $3::numeric, $4::date, $5::timestamptz -- parameters x:text | t:bool | 1.50:numeric | 2026-11-26:date | 2026-11-26 10:00+00:timestamptz
SELECT gen_random_uuid() IS NOT NULL, random() < 2, now() IS NOT NULL FROM customers WHERE id = 1
SELECT '{"a": [1, 2, {"b": null}]}'::jsonb -> 'a' ->> 0, '[1,5)'::int4range, '1 day'::interval, 'a b'::tsvector
SELECT 1.10 + 2.2, 7 / 2, 7 % -3, -7 / 2, 2 ^ 10, 5 & 3, 'a' < 'B', 1e10, 1::float4 / 3
SELECT DATE '2026-02-28' + INTERVAL '1 day', EXTRACT(dow FROM DATE '2026-11-26'), POSITION('b' IN 'abc'), SUBSTRING('abc' FROM 2), TRIM(BOTH 'x' FROM 'xax'), OVERLAY('abc' PLACING 'z' FROM 2)
