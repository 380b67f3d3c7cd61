// Import this before rtc-node: its own log writes debug lines to stdout otherwise.
process.env['NODE_ENV'] ??= 'production';
