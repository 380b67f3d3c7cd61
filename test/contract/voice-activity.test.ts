import { describe } from 'vitest';
import { crashingSilero } from '../support/crashing-silero.ts';
import { voiceActivityContract } from './voice-activity.ts';

describe('Silero', () => voiceActivityContract(crashingSilero));
