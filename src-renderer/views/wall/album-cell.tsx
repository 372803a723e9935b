import { memo, type ReactNode } from 'react';
import type { AlbumRow } from '../../../shared/bridge/albums.ts';
import { formats } from '../../clock.ts';
import { Sleeve } from '../../controls/sleeve.tsx';
import { albumShare, albumWords, attentionWords, lookOf } from '../../words/wall.ts';

interface Props {
  readonly album: AlbumRow;
  readonly isFocusable: boolean;
}

/** One album: grey until something of it is archived, in colour when it is whole. */
export const AlbumCell = memo(({ album, isFocusable }: Props): ReactNode => {
  const { id, title, artist, cover, failed } = album;
  const look = lookOf(album);
  return (
    <a
      className={`album album-${look}`}
      href={`#tracks/${id}`}
      tabIndex={isFocusable ? 0 : -1}
      draggable={false}
    >
      <span className="album-cover" aria-hidden="true">
        <Sleeve cover={cover} title={title} isGrey={look !== 'whole'} />
        {look === 'under_way' ? <Ring share={albumShare(album)} /> : null}
        {failed === 0 ? null : (
          <span className="album-mark" title={attentionWords(failed, formats)}>
            !
          </span>
        )}
      </span>
      <bdi className="album-title">{title}</bdi>
      <bdi className="album-artist">{artist}</bdi>
      <span className="visually-hidden">, {albumWords(album, formats)}</span>
    </a>
  );
});

const RADIUS = 6;
const ROUND = 2 * Math.PI * RADIUS;

const Ring = ({ share }: { readonly share: number }): ReactNode => (
  <svg className="album-ring" viewBox="0 0 20 20" aria-hidden="true">
    <circle className="ring-paper" cx="10" cy="10" r="9" />
    <circle className="ring-rest" cx="10" cy="10" r={RADIUS} />
    <circle
      className="ring-done"
      cx="10"
      cy="10"
      r={RADIUS}
      strokeDasharray={`${share * ROUND} ${ROUND}`}
      transform="rotate(-90 10 10)"
    />
  </svg>
);
