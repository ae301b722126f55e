# Makes the table of compare.sh from its measurements, one a line:
#   protocol clients target round tps p50-ms p99-ms cpu-us-per-transaction resident-kilobytes
# A cell is the median over the rounds; a ratio is the median of the ratios of each round, whose runs were neighbours in time.

function median(list,    values, n, i, j, swap) {
  n = split(list, values, " ")
  if (n == 0) return "-"
  for (i = 2; i <= n; i++)
    for (j = i; j > 1 && values[j - 1] + 0 > values[j] + 0; j--) {
      swap = values[j]; values[j] = values[j - 1]; values[j - 1] = swap
    }
  return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}

function number(format, value) {
  return value == "-" ? "-" : sprintf(format, value)
}

# 12345 -> 12,345
function thousands(value,    text, length_left) {
  if (value == "-") return "-"
  text = sprintf("%.0f", value)
  for (length_left = length(text) - 3; length_left > 0; length_left -= 3)
    text = substr(text, 1, length_left) "," substr(text, length_left + 1)
  return text
}

function ratio(cell, base,    round, list) {
  for (round = 1; round <= rounds; round++)
    if ((cell, round) in tps && (base, round) in tps)
      list = list " " tps[cell, round] / tps[base, round]
  return number("%.2f", median(list))
}

function add(cell, column, value) {
  if (value != "-") lists[cell, column] = lists[cell, column] " " value
}

{
  cell = $1 SUBSEP $2 SUBSEP $3
  tps[cell, $4] = $5
  if ($4 > rounds) rounds = $4
  add(cell, "tps", $5)
  add(cell, "p50", $6)
  add(cell, "p99", $7)
  add(cell, "cpu", $8)
  add(cell, "memory", $9)
}

END {
  row = "| %-9s | %7s | %-9s | %9s | %8s | %8s | %10s | %9s | %8s | %11s |\n"
  # Written out, for awk may count the bytes of a letter.
  print "| protocol  | clients | target    |       tps |   p50 ms |   p99 ms |  CPU µs/tx | memory MB | × direct | × PgBouncer |"
  print "|-----------|--------:|-----------|----------:|---------:|---------:|-----------:|----------:|---------:|------------:|"
  protocol_count = split(protocols, protocol, " ")
  client_count = split(clients, client, " ")
  target_count = split(targets, target, " ")
  for (p = 1; p <= protocol_count; p++)
    for (c = 1; c <= client_count; c++)
      for (t = 1; t <= target_count; t++) {
        group = protocol[p] SUBSEP client[c] SUBSEP
        cell = group target[t]
        kilobytes = median(lists[cell, "memory"])
        printf row, protocol[p], client[c], target[t], thousands(median(lists[cell, "tps"])), \
          number("%.2f", median(lists[cell, "p50"])), number("%.2f", median(lists[cell, "p99"])), \
          number("%.1f", median(lists[cell, "cpu"])), kilobytes == "-" ? "-" : sprintf("%.0f", kilobytes / 1024), \
          ratio(cell, group "direct"), ratio(cell, group "pgbouncer")
      }
}
