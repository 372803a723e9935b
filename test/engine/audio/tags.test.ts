import { describe, expect, it } from 'vitest';
import { songMetadataSchema } from '../../../shared/api/songs.ts';
import { titleFromName, toTags } from '../../../src-main/engine/audio/tags.ts';

const name = Buffer.from('03 - So What.mp3');

describe('what is kept of the tags', () => {
  it('takes what the archive knows, under its names', () => {
    const tags = toTags(
      {
        title: ' So What ',
        artist: 'Miles Davis',
        album: 'Kind of Blue',
        albumartist: 'Miles Davis Sextet',
        composer: ['Miles Davis', 'Bill Evans'],
        genre: ['Jazz', 'Modal'],
        year: 1959,
        track: { no: 1 },
        disk: { no: null },
      },
      name,
    );
    expect(tags).toEqual({
      title: 'So What',
      artist: 'Miles Davis',
      album: 'Kind of Blue',
      album_artist: 'Miles Davis Sextet',
      composer: 'Miles Davis, Bill Evans',
      genre: 'Jazz, Modal',
      year: 1959,
      track_number: 1,
    });
  });

  it('leaves out what is not there, and is named after the file', () => {
    expect(toTags({}, name)).toEqual({ title: 'So What' });
    expect(toTags({ title: ' \0 ', artist: '', artists: ['One', 'Other'] }, name)).toEqual({
      title: 'So What',
      artist: 'One, Other',
    });
  });

  it('always fits what the archive takes', () => {
    const tags = toTags(
      {
        title: 'x'.repeat(5000),
        artist: `${'y'.repeat(999)}\u{1f3b5}`,
        album: 'two\r\nlines\u0007',
        albumartist: 'half \ud83c character',
        year: 70_000,
        track: { no: -1 },
        disk: { no: 1.5 },
        genre: [],
      },
      name,
    );
    expect(songMetadataSchema.parse(tags)).toEqual(tags);
    expect(tags).toEqual({
      title: 'x'.repeat(1000),
      artist: 'y'.repeat(999),
      album: 'two lines',
      album_artist: 'half \ufffd character',
    });
  });

  it('does not trust the parser to keep its types', () => {
    const wrong = { title: 7, artist: ['a'], year: '1959', track: { no: '1' } } as unknown as Parameters<
      typeof toTags
    >[0];
    expect(toTags(wrong, name)).toEqual({ title: 'So What' });
  });
});

describe('a title from the name of the file', () => {
  it.each([
    ['01 So What.mp3', 'So What'],
    ['01. So What.flac', 'So What'],
    ['12 - So What.mp3', 'So What'],
    ['1-03 So What.mp3', 'So What'],
    ['01_So What.mp3', 'So What'],
    ['99 Problems.mp3', '99 Problems'],
    ['1979.mp3', '1979'],
    ['07.mp3', '07'],
    ['No number', 'No number'],
    ['.mp3', '.mp3'],
    ['   .mp3', 'Untitled'],
  ])('%s', (file, title) => {
    expect(titleFromName(Buffer.from(file))).toBe(title);
  });

  it('is readable also where the name is not', () => {
    expect(titleFromName(Buffer.from('01 caf\xe9\n.mp3', 'latin1'))).toBe('caf\\xe9\\u{a}');
  });
});
