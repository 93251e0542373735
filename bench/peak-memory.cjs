/** Loaded before a command: says at its end how much memory it had at most, in kilobytes, as the last line on stderr. */
process.on('exit', () => process.stderr.write(`\n${process.resourceUsage().maxRSS}`))
