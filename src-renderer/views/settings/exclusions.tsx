import { useRef, useState, type ReactNode } from 'react';
import { useAsk } from '../../bridge/context.tsx';
import { formats } from '../../clock.ts';
import { Button } from '../../controls/button.tsx';
import { TextLines } from '../../controls/text-lines.tsx';
import { exclusionsWords, linesOf } from '../../words/settings.ts';
import { Part } from './part.tsx';

const ROWS = 4;

/** Not applied while it is being typed: half a line would leave out something else. */
export const Exclusions = ({ exclusions }: { readonly exclusions: readonly string[] }): ReactNode => {
  const { ask, busy, problem } = useAsk();
  const kept = exclusions.join('\n');
  /** null: nothing is being typed, so what another page or the command line sets is shown. */
  const [typed, setTyped] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  /** The buttons go; the focus stays with the lines. */
  const end = (): void => {
    area.current?.focus();
    setTyped(null);
  };
  const wished = typed === null ? exclusions : linesOf(typed);
  const isChanged = wished.join('\n') !== kept;
  const apply = async (): Promise<void> => {
    if ((await ask('changeSettings', { exclusions: [...wished] })) === null) end();
  };
  return (
    <Part title="Left out" words={exclusionsWords(exclusions.length, formats)}>
      <TextLines
        label="One line each, as in a .gitignore file"
        hint="“Podcasts/” leaves out every folder of that name, “*.m4a” every file that ends so, “!keep.m4a” takes one back in."
        rows={ROWS}
        value={typed ?? kept}
        onChange={setTyped}
        areaRef={area}
        error={problem}
      />
      {isChanged ? (
        <div className="step-foot">
          <Button look="strong" isPending={busy} onPress={() => void apply()}>
            Apply
          </Button>
          <Button onPress={end}>Cancel</Button>
        </div>
      ) : null}
    </Part>
  );
};
