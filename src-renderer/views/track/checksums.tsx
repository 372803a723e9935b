import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '../../controls/button.tsx';
import { Fact, Facts } from './facts.tsx';

interface Props {
  readonly sha256: string | null;
  readonly md5: string | null;
}

export const Checksums = ({ sha256, md5 }: Props): ReactNode => (
  <Facts title="Checksums" empty="The file was not read yet.">
    {sha256 === null ? null : <Checksum name="SHA-256" value={sha256} />}
    {md5 === null ? null : <Checksum name="MD5" value={md5} />}
  </Facts>
);

const SAID_MS = 3_000;

const Checksum = ({ name, value }: { readonly name: string; readonly value: string }): ReactNode => {
  const [said, setSaid] = useState<'Copied' | 'Not copied' | null>(null);
  useEffect(() => {
    if (said === null) return undefined;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setSaid('Copied');
    } catch {
      // A browser may forbid it; the digits stand there to be marked and copied.
      setSaid('Not copied');
    }
  };
  return (
    <Fact name={name}>
      <code className="path">{value}</code>
      <Button look="quiet" aria-label={`Copy ${name}`} onPress={() => void copy()}>
        <span aria-live="polite">{said ?? 'Copy'}</span>
      </Button>
    </Fact>
  );
};
