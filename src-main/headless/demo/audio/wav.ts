import { ascii, riffChunk, u16le, u32le, utf8 } from './bytes.ts';
import { id3v24 } from './id3.ts';
import type { AudioTags, Sound } from './tags.ts';
import { littleEndian, SAMPLE_RATE, tone } from './tone.ts';

const PCM = 1;

/**
 * A WAV file: PCM, a LIST INFO chunk, and the same tags as ID3, as taggers write both: INFO has neither album
 * artist nor cover, and its character set is anybody's guess.
 */
export const wavFile = (tags: AudioTags, sound: Sound): Buffer =>
  riffChunk(
    'RIFF',
    Buffer.concat([
      ascii('WAVE'),
      riffChunk('fmt ', format()),
      riffChunk('LIST', info(tags)),
      riffChunk('data', littleEndian(tone(sound))),
      riffChunk('id3 ', id3v24(tags)),
    ]),
  );

const format = (): Buffer =>
  Buffer.concat([u16le(PCM), u16le(1), u32le(SAMPLE_RATE), u32le(SAMPLE_RATE * 2), u16le(2), u16le(16)]);

const info = (tags: AudioTags): Buffer =>
  Buffer.concat([
    ascii('INFO'),
    infoText('INAM', tags.title),
    infoText('IART', tags.artist),
    infoText('IPRD', tags.album),
    infoText('ITRK', String(tags.track)),
    infoText('ICRD', String(tags.year)),
    infoText('IGNR', tags.genre),
  ]);

const infoText = (id: string, text: string): Buffer => riffChunk(id, utf8(`${text}\0`));
