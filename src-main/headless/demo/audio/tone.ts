import { seededRandom } from './random.ts';
import type { Sound } from './tags.ts';

/** Everything here is mono, 16 bits, at this rate (Hz). */
export const SAMPLE_RATE = 44_100;

/** Half-tone steps of a pentatonic scale over two octaves: whatever is drawn from it sounds friendly. */
const SCALE = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21] as const;
const LOWEST_HERTZ = 220;
const NOTE_SAMPLES = SAMPLE_RATE / 4;
const LOUDNESS = 6_000;

const SINE_STEPS = 4096;
const SINE = Int16Array.from({ length: SINE_STEPS }, (_, step) =>
  Math.round(LOUDNESS * Math.sin((2 * Math.PI * step) / SINE_STEPS)),
);

/**
 * A little seeded melody. A faint seeded hiss on top makes sure that two seeds give different bytes even where
 * their melodies agree.
 */
export const tone = (sound: Sound): Int16Array => {
  const samples = new Int16Array(Math.max(1, Math.round(sound.seconds * SAMPLE_RATE)));
  const random = seededRandom(sound.seed);
  let phase = 0;
  let step = 0;
  let hiss = 0;
  for (let at = 0; at < samples.length; at += 1) {
    if (at % NOTE_SAMPLES === 0) step = phaseStep(random());
    if (at % 16 === 0) hiss = random();
    phase += step;
    if (phase >= SINE_STEPS) phase -= SINE_STEPS;
    samples[at] = (SINE[phase | 0] ?? 0) + ((hiss >>> (2 * (at % 16))) & 3);
  }
  return samples;
};

const phaseStep = (drawn: number): number => {
  const halfTones = SCALE[drawn % SCALE.length] ?? 0;
  return (LOWEST_HERTZ * 2 ** (halfTones / 12) * SINE_STEPS) / SAMPLE_RATE;
};

/** The samples as bytes, as WAV keeps them and as FLAC's MD5 is made from them. */
export const littleEndian = (samples: Int16Array): Buffer => {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? bytes : Buffer.from(bytes).swap16();
};

/** The samples as bytes, as AIFF and FLAC's verbatim subframes keep them. */
export const bigEndian = (samples: Int16Array): Buffer => Buffer.from(littleEndian(samples)).swap16();
