import { Children, useId, type ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** What stands there where there are none. */
  readonly empty: string;
  readonly children: ReactNode;
}

/** A card of things that are so. */
export const Facts = ({ title, empty, children }: Props): ReactNode => {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
      </div>
      {Children.toArray(children).length === 0 ? (
        <p className="quiet">{empty}</p>
      ) : (
        <dl className="facts">{children}</dl>
      )}
    </section>
  );
};

export const Fact = ({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode => (
  <div className="fact">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
