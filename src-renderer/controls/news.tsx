import type { ReactNode } from 'react';
import { Button } from './button.tsx';

/** Says that a list would be another one now, which nobody is shown unasked. */
export const News = ({
  words,
  onShow,
}: {
  readonly words: string | undefined;
  readonly onShow: () => void;
}): ReactNode => (
  <div role="status" className="news">
    {words === undefined ? null : <Button onPress={onShow}>{words}: show</Button>}
  </div>
);
