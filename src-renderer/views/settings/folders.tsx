import { useState, type ReactNode } from 'react';
import type { PageLibrary } from '../../../shared/bridge/state.ts';
import { Button } from '../../controls/button.tsx';
import { AddFolders } from '../add-folders.tsx';
import { ChosenFolders } from '../chosen-folders.tsx';
import { Part } from './part.tsx';

export const Folders = ({ libraries }: { readonly libraries: readonly PageLibrary[] }): ReactNode => {
  const [isAdding, setAdding] = useState(false);
  return (
    <Part
      title="Folders"
      words="Taking one out forgets what is known of it here; the files and what is archived of them stay as they are."
    >
      <ChosenFolders libraries={libraries} asksBefore />
      {isAdding ? (
        <>
          <AddFolders onAdded={() => setAdding(false)} />
          <Button onPress={() => setAdding(false)}>Cancel</Button>
        </>
      ) : (
        <Button onPress={() => setAdding(true)}>Add a folder</Button>
      )}
    </Part>
  );
};
