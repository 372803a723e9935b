import { Component, type ReactNode } from 'react';
import { Button } from './controls/button.tsx';

interface Props {
  readonly children: ReactNode;
}

/** What stands there instead when the page itself breaks. */
export class Mishap extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <main className="alone">
        <h1 className="sentence">Something in this page broke.</h1>
        <p className="below">
          The archiving itself does not depend on the page. Load it again to see how things stand.
        </p>
        <Button look="strong" onPress={() => location.reload()}>
          Load the page again
        </Button>
      </main>
    );
  }
}
