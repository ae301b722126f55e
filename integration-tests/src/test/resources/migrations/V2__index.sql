CREATE INDEX measurements_at ON measurements (at);
