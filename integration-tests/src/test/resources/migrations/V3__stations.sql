INSERT INTO stations VALUES (1, 'Oslo'), (2, 'Rome'), (3, 'Berlin');
