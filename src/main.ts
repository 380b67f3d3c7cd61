#!/usr/bin/env -S node --v8-pool-size=1
import { runCommand } from './cli/run-command.ts';
import { listenForShutdown } from './cli/shutdown.ts';

// rtc-node keeps the process alive once its native library has started, so the end is said aloud.
process.exit(await runCommand(process.argv.slice(2), process.env, listenForShutdown(process)));
