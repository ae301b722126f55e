# ORDER BY, LIMIT, OFFSET, FETCH, DISTINCT.

# --- ORDER BY
SELECT id, name FROM customers ORDER BY id -- ordered
SELECT id, name FROM customers ORDER BY id DESC -- ordered
SELECT id, name FROM customers ORDER BY name, id -- ordered
SELECT id, name FROM customers ORDER BY name DESC, id DESC -- ordered
SELECT id, country FROM customers ORDER BY country, id -- ordered
SELECT id, country FROM customers ORDER BY country NULLS FIRST, id -- ordered
SELECT id, country FROM customers ORDER BY country DESC, id -- ordered
SELECT id, country FROM customers ORDER BY country DESC NULLS LAST, id -- ordered
SELECT name FROM customers ORDER BY id -- ordered
SELECT name FROM customers ORDER BY country, vip DESC, id -- ordered
SELECT id, born FROM customers ORDER BY born, id -- ordered
SELECT id, born FROM customers ORDER BY born DESC NULLS LAST, id -- ordered
SELECT customer, id, amount FROM orders ORDER BY amount, customer, id -- ordered
SELECT customer, id, amount FROM orders ORDER BY amount DESC, customer DESC, id -- ordered
SELECT customer, id FROM orders ORDER BY placed NULLS FIRST, customer, id -- ordered
SELECT customer, id, note FROM orders ORDER BY note, customer, id -- ordered
SELECT customer, id, note FROM orders ORDER BY note COLLATE "C" DESC NULLS LAST, customer, id -- ordered
SELECT customer, id, note FROM orders ORDER BY lower(note), customer, id -- ordered
SELECT customer, id FROM orders ORDER BY -id, -customer -- ordered
SELECT customer, id FROM orders ORDER BY id % 2, customer, id -- ordered
SELECT customer, id FROM orders ORDER BY 2, 1 -- ordered
SELECT customer AS c, id AS i FROM orders ORDER BY i, c -- ordered
SELECT -id AS id, name FROM customers ORDER BY id -- ordered
SELECT -id AS id, name FROM customers ORDER BY customers.id -- ordered
SELECT -id AS id, name FROM customers WHERE id < 50 ORDER BY abs(id), id -- ordered
SELECT id AS name, name AS id FROM customers ORDER BY name -- ordered
SELECT id, vip FROM customers ORDER BY vip, id -- ordered
SELECT id FROM customers ORDER BY id USING > -- ordered
SELECT id FROM customers ORDER BY (country, id) -- ordered
SELECT id FROM customers ORDER BY country IS NULL, country, id -- ordered
SELECT id FROM customers ORDER BY CASE WHEN vip THEN 0 ELSE 1 END, id -- ordered
SELECT id FROM customers ORDER BY length(name), name, id -- ordered
SELECT id::text FROM customers ORDER BY 1 -- ordered
SELECT id::text AS id FROM customers ORDER BY id -- ordered
SELECT id::text FROM customers ORDER BY id -- ordered
SELECT key FROM kv ORDER BY key -- ordered
SELECT key FROM kv ORDER BY key DESC -- ordered
SELECT key FROM kv ORDER BY key COLLATE "C" -- ordered
SELECT key FROM kv ORDER BY value, key -- ordered
SELECT key, value FROM kv ORDER BY length(key), key -- ordered
SELECT id FROM customers WHERE id = 1 ORDER BY nothing
SELECT id FROM customers ORDER BY 2
SELECT id FROM customers ORDER BY 'x', id -- ordered
SELECT * FROM customers ORDER BY 1 -- ordered
SELECT *, id + 1 AS next FROM customers WHERE id < 50 ORDER BY next DESC -- ordered
SELECT customers FROM customers ORDER BY id -- ordered
SELECT orders.* FROM orders ORDER BY orders.customer, orders.id -- ordered
SELECT o FROM orders o ORDER BY o -- ordered
TABLE countries ORDER BY code -- ordered
TABLE customers ORDER BY id LIMIT 2 -- ordered
SELECT id, amount FROM orders WHERE customer = 3 ORDER BY amount DESC NULLS LAST, id -- ordered
SELECT id FROM customers WHERE id IN (9, 1, 5) ORDER BY id DESC -- ordered
SELECT id FROM customers WHERE id IN (9, 1, 5) ORDER BY name, id -- ordered

# --- LIMIT, OFFSET, FETCH
SELECT id FROM customers ORDER BY id LIMIT 3 -- ordered
SELECT id FROM customers ORDER BY id LIMIT 0
SELECT id FROM customers ORDER BY id LIMIT ALL -- ordered
SELECT id FROM customers ORDER BY id LIMIT NULL -- ordered
SELECT id FROM customers ORDER BY id OFFSET 10 -- ordered
SELECT id FROM customers ORDER BY id OFFSET 1000
SELECT id FROM customers ORDER BY id LIMIT 3 OFFSET 2 -- ordered
SELECT id FROM customers ORDER BY id OFFSET 2 LIMIT 3 -- ordered
SELECT id FROM customers ORDER BY id LIMIT 1 + 1 -- ordered
SELECT id FROM customers ORDER BY id LIMIT (SELECT 2) -- ordered
SELECT id FROM customers ORDER BY id LIMIT (SELECT count(*) FROM countries) -- ordered
SELECT id FROM customers ORDER BY id LIMIT '2' -- ordered
SELECT id FROM customers ORDER BY id LIMIT 2.5 -- ordered
SELECT id FROM customers ORDER BY id LIMIT -1
SELECT id FROM customers ORDER BY id OFFSET -1
SELECT id FROM customers ORDER BY id LIMIT id
SELECT id FROM customers ORDER BY id LIMIT $1 -- parameters 2:int8 -- ordered
SELECT id FROM customers ORDER BY id LIMIT $1 OFFSET $2 -- parameters 2:int8 | 3:int8 -- ordered
SELECT id FROM customers ORDER BY id LIMIT $1 OFFSET $2 -- parameters 2 | 3 -- ordered
SELECT id FROM customers ORDER BY id LIMIT $1 -- parameters NULL:int8 -- ordered
SELECT id FROM customers WHERE id = 1 LIMIT $1 -- parameters 0:int8
SELECT id FROM customers ORDER BY id LIMIT 9223372036854775807 OFFSET 9223372036854775807
SELECT id FROM customers ORDER BY id LIMIT 99999999999999999999
SELECT id FROM customers ORDER BY id FETCH FIRST 2 ROWS ONLY -- ordered
SELECT id FROM customers ORDER BY id FETCH NEXT ROW ONLY -- ordered
SELECT id FROM customers ORDER BY id OFFSET 1 ROW FETCH FIRST (1 + 1) ROWS ONLY -- ordered
SELECT country FROM customers ORDER BY country FETCH FIRST 2 ROWS WITH TIES -- ordered
SELECT country FROM customers FETCH FIRST 2 ROWS WITH TIES
SELECT customer, id FROM orders ORDER BY amount DESC NULLS LAST, customer, id LIMIT 5 -- ordered
SELECT name FROM customers ORDER BY born DESC NULLS LAST, id LIMIT 3 -- ordered
SELECT count(*) FROM (SELECT FROM customers LIMIT 5) x
SELECT count(*) FROM (SELECT FROM customers LIMIT 500) x
SELECT count(*) FROM (SELECT FROM orders OFFSET 5) x
SELECT id FROM customers WHERE id IN (1, 2, 3) ORDER BY id LIMIT 2 -- ordered
SELECT id FROM orders WHERE customer = 1 ORDER BY id LIMIT 2 -- ordered

# --- rows that are locked
= SELECT id FROM customers ORDER BY id LIMIT 1 FOR UPDATE
= SELECT id FROM customers WHERE id = 3 FOR UPDATE
= SELECT c.id FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id = 3 AND o.id = 1 FOR UPDATE OF c
= SELECT id FROM customers ORDER BY id FOR SHARE SKIP LOCKED -- ordered
= SELECT id, name FROM customers FOR UPDATE
= SELECT name FROM customers ORDER BY id FOR NO KEY UPDATE NOWAIT -- ordered
= SELECT name FROM customers ORDER BY id DESC LIMIT 3 OFFSET 2 FOR UPDATE -- ordered
= SELECT name FROM customers ORDER BY id FOR UPDATE LIMIT 3 OFFSET 2 -- ordered
= SELECT name FROM customers ORDER BY id OFFSET 2 FOR KEY SHARE SKIP LOCKED -- ordered
SELECT name FROM customers WHERE vip ORDER BY id LIMIT $1 FOR UPDATE -- parameters 2:int8 -- ordered
= SELECT name FROM customers WHERE id IN (1, 2, 3, 4) ORDER BY id FOR UPDATE -- ordered
= SELECT name FROM customers WHERE id = ANY ($1) ORDER BY id FOR UPDATE -- parameters {1,2,3,4}:int8_array -- ordered
= SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer = c.id ORDER BY c.id, o.id FOR UPDATE OF c FOR SHARE OF o -- ordered
= SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id ORDER BY c.id, o.id FOR UPDATE OF c -- ordered
= SELECT c.id, n.name FROM customers c JOIN countries n ON n.code = c.country ORDER BY c.id FOR UPDATE OF c -- ordered
SELECT id FROM customers FOR UPDATE OF nothing
= SELECT count(*) FROM customers FOR UPDATE
= SELECT DISTINCT id FROM customers FOR UPDATE
= SELECT id FROM customers GROUP BY id FOR UPDATE
SELECT id FROM customers FOR UPDATE OF public.customers
= SELECT name FROM customers c LEFT JOIN orders o ON o.customer = c.id FOR UPDATE
SELECT id FROM customers ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
SELECT id FROM customers ORDER BY id LIMIT 1 FOR UPDATE NOWAIT
SELECT c.id, n.name FROM customers c JOIN countries n ON n.code = c.country ORDER BY c.id FOR UPDATE -- ordered
SELECT c.id, n.name FROM customers c JOIN countries n ON n.code = c.country WHERE c.id = 1 FOR UPDATE
SELECT id FROM customers UNION ALL SELECT id FROM orders FOR UPDATE
SELECT row_number() OVER (ORDER BY id) FROM customers FOR UPDATE
SELECT id FROM customers WHERE id IN (SELECT customer FROM orders) FOR UPDATE

# --- DISTINCT
SELECT DISTINCT country FROM customers ORDER BY country -- ordered
SELECT DISTINCT country FROM customers
SELECT DISTINCT country, vip FROM customers ORDER BY 1, 2 -- ordered
SELECT DISTINCT note FROM orders ORDER BY note DESC -- ordered
SELECT DISTINCT note FROM orders ORDER BY note LIMIT 2 -- ordered
SELECT DISTINCT customer FROM orders ORDER BY 1 -- ordered
SELECT DISTINCT customer, note FROM orders ORDER BY 1, 2 -- ordered
SELECT DISTINCT * FROM customers ORDER BY id -- ordered
SELECT DISTINCT amount IS NULL FROM orders ORDER BY 1 -- ordered
SELECT DISTINCT length(name) AS l FROM customers ORDER BY l DESC -- ordered
SELECT DISTINCT name FROM customers ORDER BY id
SELECT DISTINCT country FROM customers WHERE id = 1
SELECT DISTINCT ON (country) country, id FROM customers ORDER BY country, id -- ordered
SELECT DISTINCT ON (country) country, id FROM customers ORDER BY country NULLS FIRST, id DESC -- ordered
SELECT DISTINCT ON (customer) customer, id, amount FROM orders ORDER BY customer, amount DESC NULLS LAST, id -- ordered
SELECT DISTINCT ON (note) note, customer, id FROM orders ORDER BY note, customer, id LIMIT 3 -- ordered
SELECT DISTINCT ON (country, vip) id FROM customers ORDER BY country, vip, id -- ordered
SELECT DISTINCT ON (country) id FROM customers ORDER BY id
SELECT DISTINCT ON (id) id, name FROM customers WHERE id = 5
SELECT ALL country FROM customers ORDER BY country -- ordered
SELECT count(*) FROM (SELECT DISTINCT note FROM orders) x
SELECT DISTINCT count(*) FROM customers
