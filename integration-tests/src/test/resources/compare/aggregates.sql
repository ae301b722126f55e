# Aggregates, GROUP BY, HAVING, grouping sets.

# --- over everything
SELECT count(*) FROM orders
SELECT count(amount), count(note), count(placed), count(DISTINCT note), count(DISTINCT customer) FROM orders
SELECT sum(amount), avg(amount), min(amount), max(amount) FROM orders
SELECT sum(id), avg(id), min(id), max(id) FROM orders WHERE customer < 100
SELECT sum(id), avg(id) FROM customers WHERE id < 100
SELECT sum(id) FROM customers
SELECT sum(id::int) FROM orders
SELECT sum(id) FROM orders
SELECT sum(id) + 1, -avg(id), count(*) * 2 FROM orders
SELECT avg(amount)::numeric(10,4), round(avg(amount), 3), trunc(sum(amount)) FROM orders
SELECT avg(id::smallint), sum(id::smallint) FROM orders WHERE id < 5
SELECT avg(amount * 1.000), sum(amount * 0.1), avg(1) FROM orders
SELECT avg(amount) FROM orders WHERE amount = 0
SELECT sum(amount), avg(amount), min(note), max(placed), count(*) FROM orders WHERE customer = 1000
SELECT sum(amount), avg(amount), min(note), max(placed), count(*) FROM orders WHERE note = 'no such note'
SELECT sum(amount) FROM orders WHERE false
SELECT sum(NULL::int), avg(NULL::numeric), count(NULL) FROM orders
SELECT count(*) FROM orders WHERE amount IS NULL
SELECT sum(amount) FROM orders WHERE amount IS NULL
SELECT sum(9223372036854775807), sum(9223372036854775807::numeric) FROM orders
SELECT sum((id + 9000000000000000000)::bigint) FROM customers WHERE id BETWEEN 1 AND 9
SELECT count(*) FILTER (WHERE amount > 50), sum(amount) FILTER (WHERE note = 'red') FROM orders
SELECT sum(DISTINCT id), avg(DISTINCT id), count(DISTINCT (id, note)) FROM orders WHERE customer < 100
SELECT min(name), max(name), min(born), max(born), bool_and(vip), bool_or(vip), every(vip) FROM customers
SELECT min(note), max(note) FROM orders
SELECT string_agg(name, ',' ORDER BY id) FROM customers
SELECT string_agg(DISTINCT name, ',' ORDER BY name) FROM customers
SELECT array_agg(id ORDER BY id DESC) FROM customers
SELECT json_agg(id ORDER BY id), jsonb_agg(name ORDER BY id), jsonb_object_agg(id, name) FROM customers WHERE id < 4
SELECT bit_and(id), bit_or(id), bit_xor(id) FROM orders
SELECT stddev(id), variance(id), stddev_pop(amount), var_pop(amount), stddev_samp(amount) FROM orders WHERE customer < 100
SELECT corr(id, customer), regr_count(id, amount), covar_pop(id, id) > 0 FROM orders WHERE customer = 1
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY amount), percentile_cont(0.5) WITHIN GROUP (ORDER BY id), mode() WITHIN GROUP (ORDER BY id) FROM orders WHERE customer = 3
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY amount) FROM orders
SELECT rank(50.00) WITHIN GROUP (ORDER BY amount) FROM orders
SELECT count(*), count(c) FROM customers c
SELECT max(id) - min(id) FROM orders WHERE customer BETWEEN 1 AND 9
SELECT CASE WHEN count(*) > 10 THEN 'many' ELSE 'few' END FROM orders
SELECT any_value(country) FROM customers WHERE country = 'DE'
SELECT sum(amount) FROM orders WHERE customer IN (1, 2, 3)
SELECT sum(amount) FROM orders WHERE customer = 1
SELECT avg(amount) FROM orders WHERE customer IN (1, 2)
SELECT min(customer), max(customer) FROM orders
SELECT sum(amount) IS NULL, count(*) = 0 FROM orders WHERE customer = 4
SELECT 1 FROM orders HAVING count(*) > 5
SELECT 1 FROM orders HAVING count(*) > 5000
SELECT 1 HAVING EXISTS (SELECT FROM orders WHERE customer = 2)
SELECT count(*) FROM orders HAVING false
SELECT count(DISTINCT country), count(DISTINCT coalesce(country, '?')) FROM customers
SELECT sum(amount) AS total, sum(amount) AS total FROM orders
SELECT "max"(amount), pg_catalog.count(*) FROM orders
SELECT extract(year FROM max(born)), max(born) - min(born) FROM customers
SELECT avg(placed - timestamptz '2026-01-01 00:00+00'), sum(interval '1 hour' * id) FROM orders WHERE id < 10
SELECT sum(1000000000000000000::bigint) FROM customers
SELECT sum(2147483647) FROM customers
SELECT sum(amount::float8) > 0, avg(1.5::float8), sum(0.5::float4) FROM orders
SELECT min(1.0), max(1.00) FROM orders
SELECT sum(amount) FROM orders WHERE customer = $1 -- parameters 3:int8
SELECT sum(amount) + $1 FROM orders -- parameters 3.5:numeric
SELECT count(*) FROM orders WHERE amount > $1 AND note = $2 -- parameters 30.00:numeric | red:text
SELECT count(*) FROM orders WHERE customer = ANY ($1) -- parameters {1,2,3}
SELECT count(*) FROM orders WHERE customer = ANY ($1) -- parameters {}
SELECT count(*) FROM orders WHERE customer = ANY ($1) -- parameters NULL
SELECT count(*) FROM orders WHERE customer = $1 -- parameters NULL:int8

# --- GROUP BY
SELECT customer, count(*), sum(amount) FROM orders GROUP BY customer ORDER BY customer -- ordered
SELECT customer, count(*), sum(amount) FROM orders GROUP BY customer
SELECT note, count(*), avg(amount) FROM orders GROUP BY note ORDER BY note NULLS FIRST -- ordered
SELECT note, count(*) FROM orders GROUP BY note ORDER BY count(*) DESC, note -- ordered
SELECT note FROM orders GROUP BY note ORDER BY max(amount) DESC NULLS LAST, note -- ordered
SELECT count(*) FROM orders GROUP BY note ORDER BY 1 -- ordered
SELECT country, count(*) FROM customers GROUP BY country ORDER BY country -- ordered
SELECT country, vip, count(*), min(id) FROM customers GROUP BY country, vip ORDER BY country, vip -- ordered
SELECT country, vip, count(*) FROM customers GROUP BY 2, 1 ORDER BY 1, 2 -- ordered
SELECT upper(note) AS n, sum(id) FROM orders WHERE customer < 50 GROUP BY upper(note) ORDER BY n -- ordered
SELECT length(name) AS l, count(*) FROM customers GROUP BY l ORDER BY l -- ordered
SELECT id % 2, sum(amount) FROM orders GROUP BY id % 2 ORDER BY 1 -- ordered
SELECT customer, id, sum(amount) FROM orders GROUP BY customer, id ORDER BY customer, id -- ordered
SELECT customer, id, note FROM orders GROUP BY customer, id ORDER BY customer, id -- ordered
SELECT c.id, c.name, count(o.id) FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.id ORDER BY c.id -- ordered
SELECT date_trunc('day', placed AT TIME ZONE 'UTC') AS d, count(*) FROM orders GROUP BY d ORDER BY d -- ordered
SELECT customer FROM orders GROUP BY customer ORDER BY customer DESC LIMIT 2 -- ordered
SELECT note, count(*) FROM orders GROUP BY note ORDER BY count(*) DESC, note LIMIT 2 -- ordered
SELECT note, count(*) FROM orders GROUP BY note ORDER BY note LIMIT 2 OFFSET 1 -- ordered
SELECT customer, note, count(*) FROM orders WHERE customer = 2 GROUP BY customer, note ORDER BY note -- ordered
SELECT amount, count(*) FROM orders GROUP BY amount ORDER BY amount DESC NULLS LAST -- ordered
SELECT DISTINCT count(*) FROM orders GROUP BY customer ORDER BY 1 -- ordered
SELECT sum(n) FROM (SELECT count(*) AS n FROM orders GROUP BY note) x
SELECT country FROM customers GROUP BY country
SELECT 'x' AS x, count(*) FROM customers GROUP BY x
SELECT name FROM customers GROUP BY country
SELECT count(*) FROM customers GROUP BY 5
SELECT sum(count(*)) FROM customers GROUP BY country
SELECT * FROM customers GROUP BY id ORDER BY id -- ordered

# --- HAVING
SELECT customer, count(*) FROM orders GROUP BY customer HAVING count(*) > 2 ORDER BY customer -- ordered
SELECT note, count(*) FROM orders GROUP BY note HAVING count(*) > 3 ORDER BY note -- ordered
SELECT note, sum(amount) FROM orders GROUP BY note HAVING sum(amount) BETWEEN 100 AND 500 ORDER BY note -- ordered
SELECT country FROM customers GROUP BY country HAVING count(*) = 3 ORDER BY 1 -- ordered
SELECT country FROM customers GROUP BY country HAVING country > 'E' ORDER BY 1 -- ordered
SELECT country, count(*) FROM customers GROUP BY country HAVING bool_or(vip) ORDER BY 1 -- ordered
SELECT country, count(*) FROM customers GROUP BY country HAVING max(id) = 9223372036854775807
SELECT customer FROM orders GROUP BY customer HAVING customer = 3
SELECT note FROM orders GROUP BY note HAVING min(customer) = 1 ORDER BY note -- ordered
SELECT note FROM orders GROUP BY note HAVING count(DISTINCT customer) > 5 ORDER BY 1 -- ordered

# --- grouping sets
SELECT country, vip, count(*) FROM customers GROUP BY ROLLUP (country, vip) ORDER BY country, vip, 3 -- ordered
SELECT country, vip, count(*), grouping(country, vip) FROM customers GROUP BY CUBE (country, vip) ORDER BY 4, 1, 2 -- ordered
SELECT note, id, sum(amount) FROM orders GROUP BY GROUPING SETS ((note), (id), ()) ORDER BY 1, 2, 3 -- ordered
SELECT customer, sum(amount) FROM orders GROUP BY ROLLUP (customer) ORDER BY customer -- ordered
SELECT customer, count(*) FROM orders WHERE customer = 3 GROUP BY ROLLUP (customer) ORDER BY 1 -- ordered
SELECT count(*) FROM orders WHERE customer = 1000 GROUP BY ()
SELECT count(*) FROM orders GROUP BY ()
SELECT country, count(*) FROM customers GROUP BY GROUPING SETS (country, country) ORDER BY 1, 2 -- ordered
SELECT country, vip FROM customers GROUP BY ALL DISTINCT country, vip

# --- GROUP BY of a primary key
= SELECT c.id, c.name, count(*) FROM customers c JOIN orders o ON o.id = c.id GROUP BY c.id ORDER BY c.id
= SELECT c.id, c.name, c.born, count(o.note) FROM customers c LEFT JOIN orders o ON o.id = c.id GROUP BY c.id HAVING c.country IS NOT NULL ORDER BY c.name, c.id
= SELECT id, name, (SELECT count(*) FROM orders o WHERE o.id = customers.id) FROM customers GROUP BY id ORDER BY country, id
= SELECT c.*, sum(o.amount) FROM orders o JOIN customers c ON c.id = o.id GROUP BY 1, c.id ORDER BY 1
= SELECT c.id, upper(c.name), rank() OVER (ORDER BY c.born, c.id) FROM customers c GROUP BY c.id ORDER BY 1
SELECT c.id, c.name FROM customers c JOIN orders o ON o.id = c.id GROUP BY c.country
SELECT c, count(*) FROM customers c JOIN orders o ON o.id = c.id GROUP BY c.id
