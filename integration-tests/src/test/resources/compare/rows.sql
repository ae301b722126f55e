INSERT INTO customers SELECT n, (ARRAY['Ann', 'Bob', 'Cecil', 'Dora', 'Emil'])[n % 5 + 1] || CASE n % 3 WHEN 0 THEN ' B.' ELSE '' END, (ARRAY['DE', 'IT', 'FR', NULL, 'XX'])[n % 5 + 1], n % 4 = 0, CASE WHEN n % 6 > 0 THEN date '1970-01-31' + n * 400 END FROM generate_series(1, 14) AS n;
INSERT INTO customers VALUES (-1, 'Minus', 'DE', false, '2000-02-29'), (0, 'Zero', 'IT', true, NULL), (9223372036854775807, 'Most', 'FR', false, '1999-12-31');
INSERT INTO orders SELECT c, n, CASE WHEN (c + n) % 5 > 0 THEN (c * 37 + n * 11) % 90 + 0.25 * n END, (ARRAY['red', 'green', 'Blue', NULL, 'öre', ''])[(c * n) % 6 + 1], CASE WHEN n % 3 > 0 THEN timestamptz '2026-01-01 00:00+00' + interval '7 hours' * (c * n) END FROM generate_series(1, 10) AS c, generate_series(1, 4) AS n WHERE c <> 4;
INSERT INTO orders VALUES (-1, 1, -12.50, 'returned', '2025-12-31 23:59:59.999999+00'), (20, 1, 99.99, 'of nobody', NULL), (9223372036854775807, 2147483647, 0.00, 'limits', '2026-03-29 01:30:00+00');
INSERT INTO countries VALUES ('DE', 'Germany'), ('IT', 'Italy'), ('FR', 'France'), ('AT', 'Austria');
INSERT INTO settings VALUES ('colour', 'red', 1), ('size', NULL, 2), ('limit', '10', NULL), ('DE', 'german', 3);
