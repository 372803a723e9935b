import { writeFileSync } from 'node:fs';

/** A JPEG of 16 by 16 dots. */
const COVER_JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgoKC8oLzc3Nzc3N0E8QUNDQ0FBQUFDQ0NISEhVVVVISEhDQ0hIUFBVVVxfXFdXVVdfX2RkZHh4c3OMjJGsrM//xABLAAEBAAAAAAAAAAAAAAAAAAAABAEBAAAAAAAAAAAAAAAAAAAABhABAAAAAAAAAAAAAAAAAAAAABEBAAAAAAAAAAAAAAAAAAAAAP/AABEIABAAEAMBIgACEQADEQD/2gAMAwEAAhEDEQA/AJQCMdf/2Q==',
  'base64',
);

/** Puts beside the tracks of some albums what lies in real libraries and is no audio. Returns how many files. */
export const writeNeighbours = (folder: string, album: number): number => {
  const files = [
    ...(album % 2 === 0 ? [{ name: 'cover.jpg', content: COVER_JPEG }] : []),
    ...(album % 5 === 0 ? [{ name: 'notes.txt', content: `Recorded in one take. Album ${album}.\n` }] : []),
    ...(album % 7 === 0 ? [{ name: '.DS_Store', content: Buffer.alloc(6148) }] : []),
    ...(album % 11 === 0 ? [{ name: 'album.m3u', content: '#EXTM3U\n' }] : []),
  ];
  for (const { name, content } of files) writeFileSync(`${folder}/${name}`, content);
  return files.length;
};
