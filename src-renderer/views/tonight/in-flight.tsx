import { useState, type ReactNode } from 'react';
import type { PageState, PageWork } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { Bar } from '../../controls/bar.tsx';
import { Sleeve } from '../../controls/sleeve.tsx';
import { flightWords, keepPlaces } from '../../words/file-name.ts';
import { partWords } from '../../words/progress.ts';
import { uploadsAtOnceWords } from '../../words/settings.ts';
import { idleWords } from '../../words/waiting.ts';

/** More would push what else the view says out of sight. */
const MOST_SHOWN = 7;

type Flight = PageWork['inFlight'][number];

export const InFlight = ({ state }: { readonly state: PageState }): ReactNode => {
  const inFlight = state.work?.inFlight ?? [];
  const places = usePlaces(inFlight.map(({ path }) => path));
  const more = inFlight.length - places.filter((path) => path !== null).length;
  const byPath = new Map(inFlight.map((flight) => [flight.path, flight]));
  return (
    <section className="card" aria-labelledby="flight">
      <div className="card-head">
        <h2 id="flight">On their way</h2>
        <span>{uploadsAtOnceWords(state.settings.concurrency)}</span>
      </div>
      {places.length === 0 ? (
        <p className="quiet">{idleWords(state)}</p>
      ) : (
        <ul className="flights">
          {places.map((path, place) => {
            const flight = path === null ? undefined : byPath.get(path);
            // A place in the list stays where it is, whoever stands in it.
            return (
              <li key={place}>{flight === undefined ? null : <One key={flight.path} flight={flight} />}</li>
            );
          })}
        </ul>
      )}
      {more > 0 ? <p className="quiet">and {formats.count(more)} more</p> : null}
    </section>
  );
};

const One = ({ flight }: { readonly flight: Flight }): ReactNode => {
  const { path, bytes, sent, cover } = flight;
  const { title, below } = flightWords(flight);
  const words = partWords(sent, bytes, formats);
  return (
    <>
      <Sleeve cover={cover} title={flight.album === '' ? title : flight.album} />
      <span className="flight-name" title={path}>
        <bdi>{title}</bdi> <bdi className="soft">{below}</bdi>
      </span>
      <Bar label={title} part={sent} whole={bytes} words={words} />
      <span className="flight-words">{words}</span>
    </>
  );
};

/** Keeps each in its place for as long as it is under way. */
const usePlaces = (paths: readonly string[]): readonly (string | null)[] => {
  const [places, setPlaces] = useState<readonly (string | null)[]>([]);
  const next = keepPlaces(places, paths, MOST_SHOWN);
  const isSame = next.length === places.length && next.every((path, place) => path === places[place]);
  if (!isSame) setPlaces(next);
  return next;
};
