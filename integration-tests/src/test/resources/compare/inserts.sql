# INSERT.

# --- one row
INSERT INTO customers VALUES (100, 'New')
INSERT INTO customers (id, name) VALUES (100, 'New') RETURNING *
INSERT INTO customers (name, id) VALUES ('New', 100) RETURNING id, vip, upper(name) AS u
INSERT INTO customers (id, name, country) VALUES ($1, $2, $3) -- parameters 100:int8 | New:text | DE:text
INSERT INTO customers (id, name, country) VALUES ($1, $2, $3) -- parameters 100 | New | NULL
INSERT INTO customers (id, name) VALUES ($1, $2) RETURNING id -- parameters 100:int4 | New:text
INSERT INTO customers (id, name) VALUES ($1, $2) RETURNING id -- parameters NULL:int8 | New:text
INSERT INTO customers (id, name) VALUES (-100, 'New') RETURNING id
INSERT INTO customers (id, name) VALUES ('100', 'New') RETURNING id
INSERT INTO customers (id, name) VALUES (100.4, 'New') RETURNING id
INSERT INTO customers (id, name) VALUES (100.5, 'New') RETURNING id
INSERT INTO customers (id, name) VALUES (50 + 50, 'New') RETURNING id
INSERT INTO customers (id, name) VALUES ((SELECT 100), 'New') RETURNING id
INSERT INTO customers (id, name) VALUES ((SELECT max(id) FROM customers WHERE id < 100) + 1, 'New') RETURNING id
INSERT INTO customers (id, name) VALUES (abs(-100), 'New') RETURNING id
INSERT INTO customers (id, name) VALUES (NULL, 'New')
INSERT INTO customers (name) VALUES ('New')
INSERT INTO customers (id) VALUES (100)
INSERT INTO customers DEFAULT VALUES
INSERT INTO customers (id, name) VALUES (1, 'Twice')
INSERT INTO customers (id, name) VALUES ('x', 'New')
INSERT INTO customers (id, name) VALUES (9223372036854775808, 'New')
INSERT INTO customers (id, name, vip) VALUES (100, 'New', DEFAULT) RETURNING vip
INSERT INTO customers (id, name, born) VALUES (100, 'New', '2026-02-30')
INSERT INTO customers (id, name, born) VALUES (100, 'New', '2024-02-29') RETURNING born
INSERT INTO customers (id, name, nothing) VALUES (100, 'New', 1)
INSERT INTO customers (id, name) VALUES (100)
INSERT INTO customers (id, name) VALUES (100, 'New', 'more')
INSERT INTO orders VALUES (100, 1, 12.345, 'x', '2026-01-01') RETURNING amount, placed
INSERT INTO orders (customer, id) VALUES (100, 1) RETURNING *
INSERT INTO orders (id, customer, note) VALUES (1, 100, NULL) RETURNING note
INSERT INTO orders (customer, id, amount) VALUES (100, 1, 99999999999)
INSERT INTO orders (customer, id, amount) VALUES (100, 1, -1000000)
INSERT INTO orders (customer, id, amount) VALUES (1, 1, 1)
INSERT INTO orders (customer, id) VALUES (100, NULL)
INSERT INTO orders (customer, id) VALUES (100, 2147483648)
INSERT INTO orders AS o (customer, id) VALUES (100, 1) RETURNING o.customer + o.id
INSERT INTO countries VALUES ('ES', 'Spain') RETURNING *
INSERT INTO countries VALUES ('ES', 'Spain'), ('PT', 'Portugal')
INSERT INTO countries VALUES ('DE', 'Twice')
INSERT INTO countries VALUES ('ES', 'Spain'), ('DE', 'Twice') ON CONFLICT DO NOTHING
INSERT INTO countries VALUES ('DE', 'Deutschland') ON CONFLICT (code) DO UPDATE SET name = excluded.name RETURNING *
INSERT INTO countries SELECT 'X' || n, 'Country ' || n FROM generate_series(1, 3) AS n
INSERT INTO countries SELECT 'X' || id, name FROM customers
INSERT INTO countries VALUES ('ES', (SELECT max(name) FROM customers))
INSERT INTO countries VALUES (NULL, 'x')
= INSERT INTO settings VALUES ('a', 'b', 1), ('c', 'd', 2) RETURNING name
= INSERT INTO settings (name) SELECT code || '!' FROM countries
INSERT INTO settings SELECT name || id, country, 1 FROM customers
INSERT INTO settings SELECT name, country, 1 FROM customers WHERE id = 1
INSERT INTO settings VALUES ('a', (SELECT name FROM customers WHERE id = 1), (SELECT count(*) FROM orders))

# --- several rows
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b'), (102, 'c'), (103, 'd')
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b'), (102, 'c'), (103, 'd') RETURNING id, name -- ordered
INSERT INTO customers (name, id) VALUES ('a', 100), ('b', 101), ('c', 102) RETURNING * -- ordered
INSERT INTO customers (id, name) VALUES ($1, $2), ($3, $4), ($5, $6) RETURNING id -- parameters 100:int8 | a:text | 101:int8 | b:text | 102:int8 | c:text -- ordered
INSERT INTO customers (id, name) VALUES ($1, $2), (101, $2), ($3, upper($2)) RETURNING id, name -- parameters 100:int8 | a:text | 102:int8 -- ordered
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b'), (1, 'twice'), (102, 'c')
INSERT INTO customers (id, name) VALUES (100, 'a'), (100, 'b')
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, NULL), (102, 'c')
INSERT INTO customers (id, name) VALUES (100, 'a'), (NULL, 'b'), (102, 'c')
INSERT INTO customers (id, name) VALUES (100, 'a'), ('x', 'b'), (102, 'c')
INSERT INTO customers (id, name) VALUES (100, 'a'), (DEFAULT, 'b')
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b', 'c')
INSERT INTO customers (id, name, vip) VALUES (100, 'a', true), (101, 'b', DEFAULT), (102, 'c', NULL)
INSERT INTO customers (id, name, vip) VALUES (100, 'a', true), (101, 'b', DEFAULT), (102, 'c', false) RETURNING vip -- ordered
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b'), (1, 'twice') ON CONFLICT DO NOTHING
INSERT INTO customers (id, name) VALUES (100, 'a'), (1, 'twice'), (102, 'c') ON CONFLICT (id) DO NOTHING RETURNING id -- ordered
INSERT INTO customers (id, name) VALUES (1, 'x'), (2, 'y'), (100, 'z') ON CONFLICT (id) DO UPDATE SET name = excluded.name || customers.name RETURNING id, name -- ordered
INSERT INTO customers (id, name) VALUES (1, 'x'), (2, 'y'), (3, 'z') ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE customers.vip
INSERT INTO customers (id, name) VALUES (100, 'x'), (100, 'y') ON CONFLICT (id) DO UPDATE SET name = excluded.name
INSERT INTO customers (id, name) VALUES (100, 'x'), (100, 'y') ON CONFLICT (id) DO NOTHING
INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT customers_pkey DO UPDATE SET name = 'y' RETURNING name
INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT (name) DO NOTHING
INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET id = 200
INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = (SELECT max(name) FROM customers)
INSERT INTO orders (customer, id, amount) VALUES (1, 10, 1), (2, 10, 2), (3, 10, 3), (1, 11, 4) RETURNING customer, id -- ordered
INSERT INTO orders (customer, id, amount) VALUES (1, 1, 1), (2, 10, 2) ON CONFLICT (customer, id) DO UPDATE SET amount = orders.amount + excluded.amount RETURNING * -- ordered
INSERT INTO orders (customer, id) VALUES (5, 10), (5, 11), (5, 12) RETURNING id -- ordered
INSERT INTO orders (customer, id) VALUES (5, 10), (5, 11), (5, 1)
INSERT INTO kv VALUES ('a', '1'), ('b', '2'), ('c', '3'), ('d', '4'), ('e', '5') RETURNING * -- ordered
INSERT INTO kv VALUES ('a', '1'), ('b', '2') ON CONFLICT (key) DO UPDATE SET value = excluded.value
INSERT INTO kv VALUES (1, 1), (2, 2)
INSERT INTO kv VALUES ('a', 1), (2, 2)

# --- INSERT ... SELECT
INSERT INTO customers SELECT id + 100, name, country, vip, born FROM customers WHERE id < 100
INSERT INTO customers SELECT id, name FROM customers WHERE id = 1
INSERT INTO customers (id, name) SELECT 100, 'New'
INSERT INTO customers (id, name) SELECT n, 'n' || n FROM generate_series(100, 110) AS n
INSERT INTO customers (id, name) SELECT n, 'n' || n FROM generate_series(100, 110) AS n RETURNING id
INSERT INTO customers (id, name) SELECT n + 100, name FROM settings WHERE n IS NOT NULL
INSERT INTO orders SELECT customer, id + 100, amount, note, placed FROM orders
INSERT INTO orders SELECT customer, id + 100, amount, note, placed FROM orders WHERE customer = 3
INSERT INTO orders SELECT customer, id + 100, amount, note, placed FROM orders WHERE customer = 3 RETURNING customer, id
INSERT INTO orders (customer, id, amount) SELECT id, 100, (SELECT sum(amount) FROM orders o WHERE o.customer = customers.id) FROM customers
INSERT INTO orders (customer, id) SELECT id, 100 FROM customers WHERE country = 'IT' RETURNING *
INSERT INTO orders (customer, id) SELECT id, customer FROM orders WHERE customer < 100
INSERT INTO orders SELECT * FROM orders
INSERT INTO orders SELECT * FROM orders ON CONFLICT DO NOTHING
INSERT INTO customers (id, name) TABLE settings
INSERT INTO customers (id, name) SELECT 100, name FROM customers WHERE id = 1
INSERT INTO customers (id, name) SELECT 100, name FROM customers WHERE id = 2
INSERT INTO customers (id, name) SELECT $1, name FROM customers WHERE id = $1 - 100 -- parameters 101:int8
WITH n AS (SELECT 100 AS id, 'New' AS name) INSERT INTO customers (id, name) SELECT id, name FROM n
WITH n AS (INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b') RETURNING id) INSERT INTO orders (customer, id) SELECT id, 1 FROM n
WITH n AS (INSERT INTO customers (id, name) VALUES (100, 'a') RETURNING id) SELECT * FROM n
