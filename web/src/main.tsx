import { DataStreamError, DataStreamErrorReason } from 'livekit-client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style.css';
import './talk.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

// Words that break off with the talk, or with who sends them: what came of them stands, and the
// components leave their end to nobody.
addEventListener('error', (event) => {
  const error: unknown = event.error;
  if (!(error instanceof DataStreamError)) return;
  if (error.reason === DataStreamErrorReason.AbnormalEnd) event.preventDefault();
});

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
