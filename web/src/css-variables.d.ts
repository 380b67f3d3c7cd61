import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Colour of a portrait, in degrees. */
    readonly '--hue'?: number;
  }
}
