# COPY.

# --- out
= COPY customers TO STDOUT
= COPY customers (id, name) TO STDOUT
= COPY customers (id, name) TO STDOUT (FORMAT csv, HEADER)
= COPY customers TO STDOUT WITH CSV
= COPY orders TO STDOUT (FORMAT text, NULL 'nothing', DELIMITER '|')
= COPY countries TO STDOUT
= COPY settings TO STDOUT
= COPY (SELECT id, name FROM customers ORDER BY id) TO STDOUT -- ordered
= COPY (SELECT id, name FROM customers WHERE id = 1) TO STDOUT
= COPY (SELECT count(*) FROM orders) TO STDOUT
= COPY (SELECT note, sum(amount) FROM orders GROUP BY note ORDER BY note) TO STDOUT (FORMAT csv) -- ordered
= COPY (SELECT * FROM customers JOIN orders ON customer = customers.id ORDER BY customer, orders.id) TO STDOUT -- ordered
= COPY (DELETE FROM orders WHERE customer = 1 RETURNING id) TO STDOUT
= COPY nothing TO STDOUT
= COPY customers (nothing) TO STDOUT
= COPY customers TO STDOUT (FORMAT nothing)
= COPY customers TO STDOUT (HEADER)
= COPY (SELECT * FROM customers ORDER BY id) TO STDOUT (FORMAT binary) -- ordered
= COPY BINARY customers (nothing) TO STDOUT
= COPY orders TO STDOUT CSV HEADER QUOTE '|' FORCE QUOTE *
= COPY orders TO STDOUT (FORMAT csv, FORCE_QUOTE (note), NULL 'null')
= COPY orders (customer, id) TO STDOUT (DELIMITER 'ab')
COPY orders TO STDOUT WHERE id = 1
= COPY (SELECT id, name FROM customers WHERE id IN (1, 2, 3) ORDER BY id) TO STDOUT -- ordered
= COPY (SELECT id, name FROM customers WHERE id = 1 OR id = 5 ORDER BY id) TO STDOUT (FORMAT csv, HEADER) -- ordered
= COPY (SELECT customer, count(*) FROM orders GROUP BY customer HAVING count(*) > 3 ORDER BY customer) TO STDOUT (FORMAT binary) -- ordered
= COPY (TABLE countries ORDER BY code) TO STDOUT -- ordered
= COPY (VALUES (1, 'a'), (2, NULL)) TO STDOUT -- ordered
COPY (DELETE FROM orders WHERE customer IN (1, 2) RETURNING id) TO STDOUT
COPY (DELETE FROM orders RETURNING id) TO STDOUT
COPY kv_view TO STDOUT

# --- in
= COPY customers FROM STDIN -- data 100⇥a⇥DE⇥t⇥2000-01-01⏎101⇥b⇥\N⇥f⇥\N⏎102⇥c⇥IT⇥f⇥\N⏎
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎101⇥b⏎102⇥c⏎103⇥d⏎
= COPY customers (name, id) FROM STDIN -- data a⇥100⏎b⇥101⏎c⇥102⏎
= COPY customers (id, name) FROM STDIN (FORMAT csv) -- data 100,"a, b"⏎101,"c ""d"""⏎102,"e⏎f"⏎
= COPY customers (id, name) FROM STDIN (FORMAT csv, HEADER) -- data id,name⏎100,a⏎101,b⏎
= COPY customers (id, name) FROM STDIN (DELIMITER ';') -- data 100;a⏎101;b⏎
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎1⇥twice⏎102⇥c⏎
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎\N⇥b⏎
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎x⇥b⏎
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎101⏎
= COPY customers (id, name) FROM STDIN -- data 100⇥a⇥more⏎
= COPY customers (id, name) FROM STDIN -- data  100 ⇥a⏎
= COPY customers (id, name) FROM STDIN -- data 100⇥a\tb\\c\x41⏎\.⏎
COPY customers (name) FROM STDIN -- data a⏎
= COPY customers (id, name) FROM STDIN
= COPY orders (customer, id, amount) FROM STDIN -- data 1⇥100⇥1.5⏎2⇥100⇥2.5⏎3⇥100⇥\N⏎
= COPY orders (customer, id) FROM STDIN WHERE id > 100 -- data 1⇥100⏎2⇥101⏎3⇥102⏎
= COPY kv FROM STDIN -- data a⇥1⏎b⇥2⏎c\\d⇥3⏎\\N⇥4⏎é⇥5⏎
= COPY kv FROM STDIN (FORMAT csv) -- data "",empty⏎
= COPY kv FROM STDIN (FORMAT csv, NULL 'null') -- data a,null⏎b,x⏎
= COPY countries FROM STDIN -- data ES⇥Spain⏎PT⇥Portugal⏎
= COPY countries FROM STDIN -- data DE⇥Twice⏎
= COPY settings FROM STDIN -- data a⇥b⇥1⏎c⇥\N⇥\N⏎
= COPY settings FROM STDIN -- data a⇥b⇥x⏎
= COPY customers (id, name) FROM STDIN (HEADER) -- data id⇥name⏎100⇥a⏎101⇥b⏎
= COPY customers (id, name) FROM STDIN (HEADER MATCH) -- data id⇥name⏎100⇥a⏎
= COPY customers (id, name) FROM STDIN (HEADER MATCH) -- data id⇥other⏎100⇥a⏎
= COPY customers (id, name) FROM STDIN CSV QUOTE '|' ESCAPE '/' NULL 'null' -- data 100,|a/||⏎101,null⏎102,|null|⏎
= COPY customers (id, name) FROM STDIN (FORMAT csv, FORCE_NULL (name), NULL 'x') -- data 100,y⏎101,"x"⏎
= COPY customers (id, name) FROM STDIN -- data 1⇥there⏎
= COPY customers (id, name) FROM STDIN -- data 9223372036854775808⇥a⏎
= COPY customers (id, name) FROM STDIN -- data 1.5⇥a⏎
= COPY customers (id, id, name) FROM STDIN -- data 1⇥1⇥a⏎
= COPY customers (id, nothing) FROM STDIN -- data 100⇥a⏎
= COPY customers (id, born) FROM STDIN -- data 100⇥2000-02-30⏎
= COPY nothing FROM STDIN -- data 100⇥a⏎
= COPY customers FROM STDIN (NOTHING) -- data 100⇥a⏎
= COPY customers (id, name) FROM STDIN WHERE name IS NOT NULL AND id <> 101 -- data 100⇥a⏎101⇥b⏎102⇥\N⏎103⇥d⏎
= COPY customers (id, name) FROM STDIN WHERE nothing -- data 100⇥a⏎
= COPY customers (id, name) FROM STDIN WHERE id IN (SELECT 1) -- data 100⇥a⏎
COPY customers (id, name) FROM STDIN WHERE name > random()::text -- data 100⇥a⏎
COPY customers (id, name) FROM STDIN (DEFAULT 'x') -- data 100⇥a⏎
COPY customers (id, name) FROM STDIN (ENCODING 'LATIN1') -- data 100⇥a⏎
= COPY kv FROM STDIN -- data \.⏎ignored⇥x⏎
= COPY kv FROM STDIN -- data x⇥1⏎y⇥2⏎\.⏎z⇥3⏎
= COPY kv (value, key) FROM STDIN (FORMAT csv) -- data "1","x"⏎2,y⏎
= COPY kv FROM STDIN -- data x⇥no line end
= COPY countries (code, name) FROM STDIN WHERE code > 'M' -- data ES⇥Spain⏎PT⇥Portugal⏎BE⇥Belgium⏎
= COPY countries (name, code) FROM STDIN (FORMAT csv, HEADER) -- data name,code⏎Spain,ES⏎
= COPY countries FROM STDIN -- data ES⇥Spain⇥more⏎
= COPY countries FROM STDIN
COPY countries FROM STDIN WHERE random() < 2 -- data ES⇥Spain⏎

# === in a transaction
= BEGIN
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎101⇥b⏎102⇥c⏎
= SELECT count(*) FROM customers
= ROLLBACK
= SELECT count(*) FROM customers

= BEGIN
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎101⇥b⏎1⇥twice⏎
= SELECT 1
= COMMIT
= SELECT count(*) FROM customers WHERE id = 100

= BEGIN
= INSERT INTO customers (id, name) VALUES (100, 'before')
= SAVEPOINT s
= COPY customers (id, name) FROM STDIN -- data 101⇥a⏎102⇥b⏎100⇥twice⏎
= ROLLBACK TO s
= COPY customers (id, name) FROM STDIN -- data 101⇥a⏎102⇥b⏎103⇥c⏎
= COPY countries FROM STDIN -- data ES⇥Spain⏎
= SELECT id, name FROM customers WHERE id >= 100 AND id < 200 ORDER BY id
= COPY customers (id) TO STDOUT
= COMMIT
= SELECT id, name FROM customers WHERE id >= 100 AND id < 200 ORDER BY id

= BEGIN
= COPY customers (id, name) FROM STDIN
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎
= ROLLBACK
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎
= SELECT name FROM customers WHERE id = 100

= BEGIN
= COPY customers (id, name) FROM STDIN -- data 100⇥a⏎101⇥b⏎
= UPDATE customers SET name = 'c' WHERE id = 100
= UPDATE customers SET name = 'd' WHERE id = 101
= COMMIT
= SELECT id, name FROM customers WHERE id IN (100, 101) ORDER BY id

COPY customers TO STDOUT; SELECT 1
SELECT 1
