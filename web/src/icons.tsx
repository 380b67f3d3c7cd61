import type { ReactNode } from 'react';

/** Small line drawings for buttons whose words say the same. */
function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      {children}
    </svg>
  );
}

export function Microphone() {
  return (
    <Icon>
      <rect x="9" y="3" width="6" height="11" rx="3" />
      <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
    </Icon>
  );
}

export function MicrophoneOff() {
  return (
    <Icon>
      <rect x="9" y="3" width="6" height="11" rx="3" />
      <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M4 4l16 16" />
    </Icon>
  );
}

export function Keyboard() {
  return (
    <Icon>
      <rect x="3" y="6" width="18" height="12" rx="2.5" />
      <path d="M7 10h.01M12 10h.01M17 10h.01M8 14h8" />
    </Icon>
  );
}

export function Send() {
  return (
    <Icon>
      <path d="M12 19V5m-6 6 6-6 6 6" />
    </Icon>
  );
}
