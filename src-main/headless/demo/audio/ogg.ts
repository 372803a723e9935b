import { ascii, u16le, u32le } from './bytes.ts';
import { crc32Ogg } from './crc.ts';
import type { AudioTags, Sound } from './tags.ts';
import { pictureBlock, vorbisComment } from './vorbis-comment.ts';

/** Opus always counts at 48 kHz, whatever the sound was. */
const GRANULES_PER_SECOND = 48_000;
const PACKET_GRANULES = 960;
const PRE_SKIP = 312;
/** One second in a page, as encoders do. */
const PACKETS_PER_PAGE = 50;
/** Padded to this, 50 packets a second are 128 kbit/s. */
const PACKET_BYTES = 320;

const FIRST_PAGE = 2;
const LAST_PAGE = 4;

/**
 * An Ogg Opus file (RFC 7845): silence at a constant bit rate. The seed becomes the stream's serial number, which
 * is all in which two silences differ.
 */
export const oggFile = (tags: AudioTags, sound: Sound): Buffer => {
  const packets = Math.max(1, Math.ceil((sound.seconds * GRANULES_PER_SECOND + PRE_SKIP) / PACKET_GRANULES));
  const end = Math.round(sound.seconds * GRANULES_PER_SECOND) + PRE_SKIP;
  const serial = sound.seed >>> 0;
  const pages = [page([opusHead()], { serial, number: 0, flags: FIRST_PAGE, granule: 0 })];
  pages.push(...commentPages(opusTags(tags), serial));
  for (let first = 0; first < packets; first += PACKETS_PER_PAGE) {
    const count = Math.min(PACKETS_PER_PAGE, packets - first);
    const isLast = first + count === packets;
    pages.push(
      page(
        Array.from({ length: count }, () => SILENCE),
        {
          serial,
          number: pages.length,
          flags: isLast ? LAST_PAGE : 0,
          granule: isLast ? end : (first + count) * PACKET_GRANULES,
        },
      ),
    );
  }
  return Buffer.concat(pages);
};

const opusHead = (): Buffer =>
  Buffer.concat([ascii('OpusHead'), Buffer.of(1, 1), u16le(PRE_SKIP), u32le(44_100), u16le(0), Buffer.of(0)]);

const opusTags = (tags: AudioTags): Buffer => {
  const picture =
    tags.cover === undefined ? [] : [`METADATA_BLOCK_PICTURE=${pictureBlock(tags.cover).toString('base64')}`];
  return Buffer.concat([ascii('OpusTags'), vorbisComment(tags, picture)]);
};

/** A CELT frame of 20 ms of silence in a packet of code 3, which may be padded with zeros (RFC 6716, 3.2.5). */
const SILENCE: Buffer = (() => {
  const packet = Buffer.alloc(PACKET_BYTES);
  const oneFramePadded = 0x41;
  const head = 6; // two bytes of this, two of the padding's length, two of the frame
  const padding = PACKET_BYTES - head;
  Buffer.of(0xfb, oneFramePadded, 255, padding - 254, 0xff, 0xfe).copy(packet);
  return packet;
})();

interface PageHead {
  readonly serial: number;
  readonly number: number;
  readonly flags: number;
  /** The position that the page's last finished packet reaches; -1 where none ends in it. */
  readonly granule: number;
}

/** Packets are cut into segments of 255 bytes; a shorter one, of 0 bytes if need be, ends the packet. */
const page = (packets: readonly Buffer[], head: PageHead): Buffer =>
  rawPage(
    packets.flatMap((packet) => [...laces(packet.length)]),
    packets,
    head,
  );

function* laces(length: number): Generator<number> {
  for (let left = length; ; left -= 255) {
    if (left < 255) {
      yield left;
      return;
    }
    yield 255;
  }
}

/** The comment packet may be longer than a page can hold (a cover!), and then goes on in the next ones. */
const commentPages = (packet: Buffer, serial: number): Buffer[] => {
  const continued = 1;
  const all = [...laces(packet.length)];
  const pages: Buffer[] = [];
  for (let first = 0; first < all.length; first += 255) {
    const part = all.slice(first, first + 255);
    const isLast = first + 255 >= all.length;
    pages.push(
      rawPage(part, [packet.subarray(first * 255, (first + part.length) * 255)], {
        serial,
        number: 1 + pages.length,
        flags: first === 0 ? 0 : continued,
        granule: isLast ? 0 : -1,
      }),
    );
  }
  return pages;
};

const rawPage = (lacing: readonly number[], body: readonly Buffer[], head: PageHead): Buffer => {
  const granule = Buffer.alloc(8);
  granule.writeBigInt64LE(BigInt(head.granule));
  const bytes = Buffer.concat([
    ascii('OggS'),
    Buffer.of(0, head.flags),
    granule,
    u32le(head.serial),
    u32le(head.number),
    u32le(0),
    Buffer.of(lacing.length, ...lacing),
    ...body,
  ]);
  bytes.writeUInt32LE(crc32Ogg(bytes), 22);
  return bytes;
};
