import { watchVoiceOut } from './voice-out.ts';

// Preloaded into a worker whose voice is measured: each drop of a voice's queue is a line of its log.
watchVoiceOut((cleared) => {
  const time = new Date().toISOString();
  const line = { level: 'info', time, event: 'queue-cleared', message: 'silent', ...cleared };
  process.stdout.write(`${JSON.stringify(line)}\n`);
});
