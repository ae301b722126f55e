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
