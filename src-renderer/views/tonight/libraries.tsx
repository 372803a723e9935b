import type { ReactNode } from 'react';
import type { PageLibrary } from '../../../shared/bridge/state.ts';
import { formats } from '../../clock.ts';
import { Bar } from '../../controls/bar.tsx';
import { libraryWords } from '../../words/progress.ts';
import { wanted } from '../../words/sentence.ts';

export const Libraries = ({ libraries }: { readonly libraries: readonly PageLibrary[] }): ReactNode => (
  <section className="card" aria-labelledby="libraries">
    <div className="card-head">
      <h2 id="libraries">{libraries.length === 1 ? 'Your folder' : 'Your folders'}</h2>
    </div>
    <ul className="libraries">
      {libraries.map((library) => (
        <li key={library.id}>
          <bdi className="path">{library.path}</bdi>
          <span className="soft">{libraryWords(library.standing, formats)}</span>
          <Bar
            label={library.path}
            part={library.standing.archived}
            whole={wanted(library.standing)}
            words={libraryWords(library.standing, formats)}
          />
          {library.trouble === null ? null : <p className="problem">{library.trouble}</p>}
        </li>
      ))}
    </ul>
  </section>
);
